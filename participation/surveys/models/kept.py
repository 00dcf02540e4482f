"""What must be told or proven later: early looks, hand-overs, quotes, and the population to compare with."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participation.surveys.models.asked import Question
from participation.surveys.models.questionnaire import Questionnaire
from portal.bilingual import both_languages
from portal.organisations.models import Governorate


class EarlyLook(models.Model):
    """Somebody of the staff saw results while answers were still taken. The results page tells it.

    `results` is what was shown: one look is one view, and the next one tells nothing that less people than the
    threshold said in between.
    """

    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="early_looks")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)
    at = models.DateTimeField(_("when"), default=timezone.now)
    results = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("early look")
        verbose_name_plural = _("early looks")
        ordering = ["at"]
        constraints = [models.CheckConstraint(condition=~models.Q(reason=""), name="early_look_has_reason")]

    def __str__(self) -> str:
        return f"{self.questionnaire_id} {self.at:%Y-%m-%d}"


class HandOver(models.Model):
    """Single answers given to the organisation they were collected for, and its receipt."""

    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="hand_overs")
    organisation = models.ForeignKey("organisations.Organisation", models.PROTECT, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("handed over"), default=timezone.now)
    ballots = models.PositiveIntegerField(_("ballots"))
    sha256 = models.CharField(_("checksum"), max_length=64)
    received_by = models.CharField(_("received by"), max_length=200, blank=True)
    received_at = models.DateTimeField(_("received"), null=True, blank=True)

    class Meta:
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        ordering = ["made_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(received_at=None, received_by="")
                | (models.Q(received_at__isnull=False) & ~models.Q(received_by="")),
                name="hand_over_receipt_complete",
            )
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire_id} {self.made_at:%Y-%m-%d}"


class Quote(models.Model):
    """Words of a free answer that somebody read and found fit to publish: nothing in them tells who wrote them."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="quotes")
    text = models.TextField(_("text"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        ordering = ["approved_at"]
        constraints = [models.CheckConstraint(condition=~models.Q(text=""), name="quote_has_text")]

    def __str__(self) -> str:
        return self.text[:60]


class Population(models.Model):
    """People living in a governorate, beside which respondents are shown."""

    governorate = models.CharField(_("governorate"), max_length=24, choices=Governorate.choices, unique=True)
    people = models.PositiveIntegerField(_("people"))
    source = models.CharField(_("source"), max_length=200)
    as_of = models.DateField(_("as of"))

    class Meta:
        verbose_name = _("population")
        verbose_name_plural = _("populations")
        ordering = ["governorate"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(governorate__in=Governorate.values), name="population_governorate_known"
            ),
            both_languages("source", model="population"),
        ]

    def __str__(self) -> str:
        return f"{self.get_governorate_display()} {self.people}"
