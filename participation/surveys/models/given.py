"""What was answered: ballots with their answers, answers half given, and who was invited."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participation.surveys.kinds import UNSAID, AgeGroup, Gender, Source
from participation.surveys.models.asked import Option, Question, Row
from participation.surveys.models.questionnaire import Questionnaire
from portal.encryption import EncryptedTextField
from portal.organisations.models import Governorate


class Ballot(models.Model):
    """One voter's answers. `voter_key` tells voters of one questionnaire apart and nothing else: it is a keyed hash
    over the questionnaire too, so that two ballots of one person cannot be told to be hers. The time is kept to
    the hour only."""

    # Each index costs every vote: those of the constraint and of the hour serve for the foreign key too.
    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="ballots", db_index=False)
    voter_key = models.CharField(max_length=64)
    source = models.CharField(_("came by"), max_length=10, choices=Source.choices, default=Source.WEB)
    cast_hour = models.DateTimeField(_("hour"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    gender = models.CharField(_("gender"), max_length=6, choices=Gender.choices, blank=True)
    age_group = models.CharField(_("age group"), max_length=8, choices=AgeGroup.choices, blank=True)
    governorate = models.CharField(_("governorate"), max_length=24, blank=True)

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        indexes = [models.Index(fields=["questionnaire", "cast_hour"], name="ballot_hour")]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "voter_key"], name="ballot_one_per_voter"),
            models.CheckConstraint(condition=~models.Q(voter_key=""), name="ballot_has_voter"),
            models.CheckConstraint(condition=models.Q(gender__in=["", *Gender.values]), name="ballot_gender_known"),
            models.CheckConstraint(condition=models.Q(age_group__in=["", *AgeGroup.values]), name="ballot_age_known"),
            models.CheckConstraint(
                condition=models.Q(governorate__in=["", UNSAID, *Governorate.values]), name="ballot_governorate_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire_id} {self.pk}"


class Answer(models.Model):
    """One thing said on a ballot: a chosen option, a point or number, a date, a text, a rank. Empty ones are no rows.

    single, multiple: `option`, with `text` where it takes words. matrix: `row` and `option`. ranking: `option` and
    `number` (1 is first). scale, number: `number`. date: `date`. short, long: `text`.
    """

    ballot = models.ForeignKey(Ballot, models.CASCADE, related_name="answers", db_index=False)
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    row = models.ForeignKey(Row, models.PROTECT, null=True, blank=True, related_name="+")
    option = models.ForeignKey(Option, models.PROTECT, null=True, blank=True, related_name="+")
    number = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    date = models.DateField(null=True, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(
                fields=["ballot", "question", "row", "option"], name="answer_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=models.Q(option__isnull=False)
                | models.Q(number__isnull=False)
                | models.Q(date__isnull=False)
                | ~models.Q(text=""),
                name="answer_says_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ballot_id} {self.question_id}"


class Draft(models.Model):
    """Answers half given, kept until they are sent; whoever has the link goes on. Discarded when idle for 30 days."""

    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="drafts")
    answers = EncryptedTextField(_("answers"), blank=True)
    """JSON of what the forms hold, by field name."""
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    grant = models.CharField(max_length=400, blank=True)
    """The invitation or mailed token it was begun with."""
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("saved answers")
        verbose_name_plural = _("saved answers")

    def __str__(self) -> str:
        return f"{self.questionnaire_id} {self.pk}"


class Invitation(models.Model):
    """One invited person. That the link was used is kept to the day; which ballot came of it is not."""

    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="invitations")
    email = EncryptedTextField(_("e-mail"))
    email_index = models.CharField(max_length=64)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="ar")
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    used_on = models.DateField(_("answered on"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "email_index"], name="invitation_once"),
            models.CheckConstraint(condition=~models.Q(email_index=""), name="invitation_has_address"),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire_id} {self.pk}"
