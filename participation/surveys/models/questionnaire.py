"""The questionnaire itself: one engine for polls, surveys and the standing satisfaction survey."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participation.surveys.kinds import Access, Cut, Kind, Phase, State
from portal.bilingual import both_languages

SCHEDULED = models.Q(state=State.SCHEDULED)


class QuestionnaireQuerySet(models.QuerySet["Questionnaire"]):
    def scheduled(self) -> QuestionnaireQuerySet:
        """Not drafts, not withdrawn: the public knows them, or will."""
        return self.filter(state=State.SCHEDULED)

    def announced(self, at: datetime | None = None) -> QuestionnaireQuerySet:
        """What public lists show: open to anyone, scheduled, whatever their phase."""
        return self.scheduled().filter(access=Access.ANYONE)

    def open(self, at: datetime | None = None) -> QuestionnaireQuerySet:
        """Answers are taken now. Closing time itself is closed."""
        now = at or timezone.now()
        return (
            self.scheduled()
            .filter(opens_at__lte=now, counted_at=None)
            .filter(models.Q(closes_at=None) | models.Q(closes_at__gt=now))
        )

    def to_count(self, at: datetime | None = None) -> QuestionnaireQuerySet:
        """Closed and not counted yet."""
        return self.scheduled().filter(closes_at__lte=at or timezone.now(), counted_at=None)

    def of_units(self, unit_ids: list[int]) -> QuestionnaireQuerySet:
        """Built by these units."""
        return self.filter(unit__in=unit_ids)


class Questionnaire(models.Model):
    """A poll (one question), a survey (pages of questions) or the satisfaction survey that is always open.

    What is asked freezes with the first ballot. `version` counts edits: a form filled in on an older version is
    refused, and the second of two editors is told.
    """

    title_ar: str
    title_en: str
    introduction_ar: str
    introduction_en: str
    thanks_ar: str
    thanks_en: str
    consent_ar: str
    consent_en: str
    findings_ar: str
    findings_en: str

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    slug = models.SlugField(_("address"), max_length=80, unique=True, allow_unicode=False)
    title = models.CharField(_("title"), max_length=200)
    introduction = models.TextField(_("introduction"), blank=True)
    thanks = models.TextField(_("words of thanks"), blank=True)
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="+", verbose_name=_("unit"))
    on_behalf_of = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("on behalf of"),
        help_text=_("Only staff of this organisation then read single answers, and they are handed over to it."),
    )  # fmt: skip
    consent = models.TextField(
        _("consent text"), blank=True, help_text=_("What people agree to by answering; needed on behalf of others.")
    )
    access = models.CharField(_("who may answer"), max_length=8, choices=Access.choices, default=Access.ANYONE)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    asks_gender = models.BooleanField(_("asks for gender"), default=False)
    asks_age_group = models.BooleanField(_("asks for age group"), default=False)
    asks_governorate = models.BooleanField(_("asks for governorate"), default=False)
    crossing_first = models.CharField(_("crossed cut"), max_length=12, choices=Cut.choices, blank=True)
    crossing_second = models.CharField(_("with"), max_length=12, choices=Cut.choices, blank=True)
    threshold = models.PositiveSmallIntegerField(
        _("smallest group shown"), default=5, help_text=_("Figures about fewer people are withheld.")
    )
    keep_raw_days = models.PositiveSmallIntegerField(
        _("days single answers are kept"), default=180, help_text=_("Counted from closing; the totals remain.")
    )
    legal_hold = models.CharField(
        _("legal hold"), max_length=200, blank=True, help_text=_("While this gives a reason, nothing is destroyed.")
    )
    findings = models.TextField(_("findings"), blank=True)
    findings_published_at = models.DateTimeField(_("findings published"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    frozen_at = models.DateTimeField(_("first answer"), null=True, blank=True, editable=False)
    counted_at = models.DateTimeField(_("counted"), null=True, blank=True, editable=False)
    respondents = models.PositiveIntegerField(_("respondents"), null=True, blank=True, editable=False)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    raw_destroyed_at = models.DateTimeField(_("single answers destroyed"), null=True, blank=True, editable=False)

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        ordering = ["-opens_at", "-id"]
        permissions = [
            ("schedule_questionnaire", _("Can schedule and withdraw questionnaires")),
            ("look_early", _("Can look at results before closing, with a reason")),
            ("read_answers", _("Can read single answers")),
        ]
        constraints = [
            both_languages("title", model="questionnaire", when=~models.Q(state=State.DRAFT)),
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="questionnaire_kind_known"),
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="questionnaire_state_known"),
            models.CheckConstraint(condition=models.Q(access__in=Access.values), name="questionnaire_access_known"),
            models.CheckConstraint(
                condition=~SCHEDULED
                | models.Q(opens_at__isnull=False, closes_at__gt=models.F("opens_at"), closes_at__isnull=False)
                | models.Q(kind=Kind.SATISFACTION, opens_at__isnull=False, closes_at=None),
                name="questionnaire_has_times",
            ),
            models.CheckConstraint(
                condition=models.Q(on_behalf_of=None)
                | models.Q(state=State.DRAFT)
                | (~models.Q(consent_ar="") & ~models.Q(consent_en=""))
                & models.Q(consent_ar__isnull=False, consent_en__isnull=False),
                name="questionnaire_on_behalf_has_consent",
            ),
            models.CheckConstraint(
                condition=models.Q(crossing_first="", crossing_second="")
                | (
                    ~models.Q(crossing_first="")
                    & ~models.Q(crossing_second="")
                    & ~models.Q(crossing_first=models.F("crossing_second"))
                ),
                name="questionnaire_crosses_two_cuts",
            ),
            models.CheckConstraint(condition=models.Q(threshold__gte=3), name="questionnaire_threshold_protects"),
            models.CheckConstraint(
                condition=models.Q(counted_at=None) | models.Q(closes_at__isnull=False, respondents__isnull=False),
                name="questionnaire_counted_after_closing",
            ),
            models.UniqueConstraint(
                fields=["kind"],
                condition=models.Q(kind=Kind.SATISFACTION, state=State.SCHEDULED, closes_at=None),
                name="questionnaire_one_satisfaction",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.slug

    def phase(self, at: datetime | None = None) -> Phase:
        """Where it stands; closing time itself is closed."""
        now = at or timezone.now()
        if self.state != State.SCHEDULED or self.opens_at is None:
            return Phase(self.state) if self.state != State.SCHEDULED else Phase.DRAFT
        if now < self.opens_at:
            return Phase.UPCOMING
        if self.counted_at is not None:
            return Phase.PUBLISHED
        return Phase.COUNTING if self.closes_at is not None and now >= self.closes_at else Phase.OPEN

    @property
    def path(self) -> str:
        """Its address without the language prefix."""
        if self.kind == Kind.SATISFACTION:
            return "/satisfaction/"
        return f"/{'polls' if self.kind == Kind.POLL else 'surveys'}/{self.slug}/"

    @property
    def results_path(self) -> str:
        """Where its results are, without the language prefix."""
        return f"{self.path}{'findings' if self.kind == Kind.SURVEY else 'results'}/"

    @property
    def cuts(self) -> list[Cut]:
        """What it asks people about themselves."""
        return [cut for cut in Cut if getattr(self, f"asks_{cut.value}")]

    @property
    def crossing(self) -> tuple[Cut, Cut] | None:
        """The two cuts that are crossed, where both are asked for."""
        pair = (self.crossing_first, self.crossing_second)
        return (Cut(pair[0]), Cut(pair[1])) if all(cut in self.cuts for cut in pair) else None

    @property
    def is_frozen(self) -> bool:
        """Whether somebody has answered: then wording, options and multiplicity stay as they are."""
        return self.frozen_at is not None

    @property
    def has_findings(self) -> bool:
        """Whether words about the results are published."""
        return self.findings_published_at is not None

    @property
    def reader_organisation_id(self) -> Any:
        """The organisation whose staff alone may read single answers."""
        return self.on_behalf_of_id or self.unit.organisation_id
