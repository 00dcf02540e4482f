"""The yearly assessment of e-transformation: what is asked, what each organisation answers, what became of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from policies.assessment.states import CHIPS, FILLED_IN, Area, Kind, Notice, State
from portal.bilingual import LANGUAGE_CODES, bare_path, both_languages
from portal.organisations.access import unit_ids
from portal.organisations.models import Unit

SOON = timedelta(days=14)
"""So long before the deadline an organisation that has not submitted is reminded."""


def _who(label: Any = None) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label
    )


class IndicatorSetQuerySet(models.QuerySet["IndicatorSet"]):
    def opened(self) -> IndicatorSetQuerySet:
        """Those the organisations were asked to fill in, newest first."""
        return self.filter(opened_at__isnull=False).order_by("-year")


class IndicatorSet(models.Model):
    """What is asked in a year. Once opened its year and indicators stay; a trigger in the database sees to it."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    closes_on = models.DateField(_("deadline"), help_text=_("The last day on which organisations submit."))
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True, editable=False)
    opened_by = _who(_("opened by"))

    objects = IndicatorSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator set")
        verbose_name_plural = _("indicator sets")
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(condition=Q(year__gte=2000, year__lte=2100), name="indicatorset_year"),
        ]

    def __str__(self) -> str:
        return str(self.year)

    @property
    def is_open(self) -> bool:
        return self.opened_at is not None

    def is_over(self, today: date | None = None) -> bool:
        """Whether the deadline has passed; the day itself is still in time."""
        return self.closes_on < (today or timezone.localdate())

    @property
    def path(self) -> str:
        """Address of its report without the language prefix."""
        return bare_path(reverse("assessment:year", args=[self.year]))


class Indicator(models.Model):
    """One question. `full_at`: the number that earns the whole weight, where the answer is a number."""

    indicator_set = models.ForeignKey(
        IndicatorSet, models.PROTECT, related_name="indicators", verbose_name=_("indicator set")
    )
    area = models.CharField(_("area"), max_length=12, choices=Area.choices)
    code = models.CharField(_("code"), max_length=12)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    question = models.CharField(pgettext_lazy("indicator", "question"), max_length=300)
    help = models.CharField(_("explanation"), max_length=600, blank=True)
    kind = models.CharField(_("kind of answer"), max_length=8, choices=Kind.choices)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1, help_text=_("0 for evidence in words."))
    full_at = models.DecimalField(
        _("number that earns the whole weight"), max_digits=12, decimal_places=2, null=True, blank=True,
        help_text=_("Only where the answer is a number."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["indicator_set", "position", "code"]
        constraints = [
            both_languages("question", model="indicator"),
            models.UniqueConstraint(fields=["indicator_set", "code"], name="indicator_code_once_a_year"),
            models.CheckConstraint(condition=Q(area__in=Area.values), name="indicator_area_known"),
            models.CheckConstraint(condition=Q(code__regex=r"^[A-Z0-9][A-Z0-9.-]*$"), name="indicator_code_plain"),
            models.CheckConstraint(
                condition=Q(kind=Kind.TEXT, weight=0) | (Q(kind__in=Kind.values, weight__gt=0) & ~Q(kind=Kind.TEXT)),
                name="indicator_weight_fits",
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.NUMBER, full_at__isnull=False, full_at__gt=0)
                | (~Q(kind=Kind.NUMBER) & Q(full_at__isnull=True)),
                name="indicator_number_has_a_top",
            ),
        ]

    def __str__(self) -> str:
        texts = (getattr(self, f"question_{code}") for code in LANGUAGE_CODES)
        return f"{self.code} {self.question or next(filter(None, texts), '')}"


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def visible_to(self, user: Any) -> AssessmentQuerySet:
        """Those of the organisations the user works in; the authority also sees what was submitted to it."""
        if user.is_superuser:
            return self.all()
        mine = Q(organisation__in=Unit.objects.filter(pk__in=unit_ids(user)).values("organisation"))
        if user.has_perm("assessment.review_assessment"):
            mine |= ~Q(state=State.DRAFT)
        return self.filter(mine)

    def accepted(self) -> AssessmentQuerySet:
        """Those whose figures are public."""
        return self.filter(state=State.ACCEPTED)

    def not_submitted(self) -> AssessmentQuerySet:
        return self.filter(state__in=FILLED_IN)

    def to_review(self) -> AssessmentQuerySet:
        return self.filter(state=State.SUBMITTED)

    def not_told(self, notice: Notice, today: date) -> AssessmentQuerySet:
        """Those to be told of this and not told yet, for the deadline there is now."""
        told = Reminder.objects.filter(
            assessment=models.OuterRef("pk"), closes_on=models.OuterRef("indicator_set__closes_on"), kind=notice
        )
        if notice == Notice.OVERDUE:
            rows = self.filter(indicator_set__closes_on__lt=today)
        else:
            rows = self.filter(indicator_set__closes_on__range=(today, today + SOON))
        return rows.not_submitted().filter(~models.Exists(told))


class Assessment(models.Model):
    """What one organisation answers in one year. `reason`: why the authority last returned it."""

    indicator_set = models.ForeignKey(IndicatorSet, models.PROTECT, related_name="assessments", verbose_name=_("year"))
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    submitted_at = models.DateTimeField(pgettext_lazy("assessment", "submitted"), null=True, blank=True)
    submitted_by = _who(_("submitted by"))
    decided_at = models.DateTimeField(pgettext_lazy("assessment", "decided"), null=True, blank=True)
    decided_by = _who(_("decided by"))
    reason = models.TextField(_("reason for returning it"), max_length=2000, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["-indicator_set__year", "organisation__code"]
        permissions = [("review_assessment", _("Can accept assessments and return them"))]
        constraints = [
            models.UniqueConstraint(fields=["indicator_set", "organisation"], name="assessment_once_a_year"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="assessment_state_known"),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT, submitted_at__isnull=True, submitted_by__isnull=True)
                | (~Q(state=State.DRAFT) & Q(submitted_at__isnull=False, submitted_by__isnull=False)),
                name="assessment_submitted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[State.DRAFT, State.SUBMITTED], decided_at__isnull=True, decided_by__isnull=True)
                | Q(state__in=[State.RETURNED, State.ACCEPTED], decided_at__isnull=False, decided_by__isnull=False),
                name="assessment_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("submitted_by")),
                name="assessment_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.RETURNED) | ~Q(reason=""), name="assessment_returned_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.indicator_set.year}"

    @property
    def chip(self) -> str:
        """The kind of chip its state stands in."""
        return CHIPS[self.state]

    @property
    def is_filled_in(self) -> bool:
        """Whether the organisation may still change its answers."""
        return self.state in FILLED_IN


class Sheet(models.Model):
    """One area of an assessment, as it is filled in: two people on different areas are not in each other's way."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="sheets", verbose_name=_("assessment"))
    area = models.CharField(_("area"), max_length=12, choices=Area.choices)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(_("saved"), null=True, blank=True)
    saved_by = _who(_("saved by"))

    class Meta:
        verbose_name = _("sheet of an assessment")
        verbose_name_plural = _("sheets of assessments")
        ordering = ["assessment", "area"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "area"], name="assessment_sheet_once_an_area"),
            models.CheckConstraint(condition=Q(area__in=Area.values), name="assessment_sheet_area_known"),
        ]

    def __str__(self) -> str:
        return f"{self.assessment}: {self.get_area_display()}"


class Answer(models.Model):
    """One answer. `value`: 1 or 0 for yes or no, the number, the share, the level; none for evidence in words.

    Evidence is read by the authority and never published. A trigger refuses any change while the assessment is
    submitted or accepted, and a value that does not fit its indicator.
    """

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="answers", verbose_name=_("assessment"))
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+", verbose_name=_("indicator"))
    value = models.DecimalField(_("answer"), max_digits=14, decimal_places=2, null=True, blank=True)
    evidence = models.TextField(_("evidence"), max_length=2000, blank=True)
    link = models.URLField(_("link to evidence"), max_length=400, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("assessment", "answer")
        verbose_name_plural = pgettext_lazy("assessment", "answers")
        ordering = ["assessment", "indicator"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "indicator"], name="assessment_answer_once"),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gte=0), name="assessment_answer_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(link="") | Q(link__startswith="https://"), name="assessment_answer_link_is_safe"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment}: {self.indicator.code}"


class Reminder(models.Model):
    """That an organisation was told of the deadline, once for each kind. A deadline that moved is told of anew."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="reminders", verbose_name=_("assessment"))
    kind = models.CharField(_("kind"), max_length=8, choices=Notice.choices)
    closes_on = models.DateField(_("deadline"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    recipients = models.PositiveSmallIntegerField(_("people told"), default=0)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "kind", "closes_on"], name="assessment_reminder_once"),
            models.CheckConstraint(condition=Q(kind__in=Notice.values), name="assessment_reminder_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.assessment}: {self.get_kind_display()}"
