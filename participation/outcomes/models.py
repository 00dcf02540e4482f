"""You asked, we did: what people asked, what was decided, and how the promise was kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from participation.outcomes.states import CHIPS, OPEN, SETTLED, Decision, Notice, Status
from portal.bilingual import LANGUAGE_CODES, bare_path, both_languages
from portal.organisations.access import unit_ids

SOON = timedelta(days=7)
"""So long before its due date the responsible unit is reminded of a promise."""
IN_SIGHT = timedelta(days=14)
"""So long before its due date a promise is on the desk of its unit."""


def _both_or_neither(field: str, name: str) -> models.CheckConstraint:
    """Text nobody has to give, but then in both languages."""
    empty = [Q(**{f"{field}_{code}__isnull": True}) | Q(**{f"{field}_{code}": ""}) for code in LANGUAGE_CODES]
    given = [Q(**{f"{field}_{code}__isnull": False}) & ~Q(**{f"{field}_{code}": ""}) for code in LANGUAGE_CODES]
    return models.CheckConstraint(condition=(empty[0] & empty[1]) | (given[0] & given[1]), name=name)


def where_standing(standing: str, today: date) -> Q:
    """What a commitment must be to stand so: a value of STANDINGS."""
    if standing == Notice.OVERDUE:
        return Q(status__in=OPEN, due_on__lt=today)
    if standing in (Decision.DECLINED, Decision.IN_STUDY):
        return Q(decision=standing)
    return Q(status=standing) & ~Q(decision=Decision.IN_STUDY)


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def published(self) -> CommitmentQuerySet:
        return self.filter(published_at__isnull=False)

    def visible_to(self, user: Any) -> CommitmentQuerySet:
        """Commitments of the user's units; an administrator configures those of all."""
        return self if user.is_superuser else self.filter(unit__in=unit_ids(user))

    def open(self) -> CommitmentQuerySet:
        """Published, and something is still to be done."""
        return self.published().filter(status__in=OPEN)

    def overdue(self, today: date | None = None) -> CommitmentQuerySet:
        """Open ones whose due date is past; on the day itself nothing is overdue."""
        return self.open().filter(due_on__lt=today or timezone.localdate())

    def due_by(self, day: date) -> CommitmentQuerySet:
        """Open ones due up to and with this day, the overdue among them."""
        return self.open().filter(due_on__lte=day)

    def not_told(self, notice: Notice, today: date) -> CommitmentQuerySet:
        """Open ones whose unit is to be told of this and was not yet, for the due date they have now."""
        told = Reminder.objects.filter(commitment=models.OuterRef("pk"), due_on=models.OuterRef("due_on"), kind=notice)
        rows = self.overdue(today) if notice == Notice.OVERDUE else self.due_by(today + SOON).filter(due_on__gte=today)
        return rows.filter(~models.Exists(told))

    def standing(self, standing: str) -> CommitmentQuerySet:
        """Published ones that stand so: a value of STANDINGS."""
        return self.published().filter(where_standing(standing, timezone.localdate()))

    def about(self, paths: Any) -> CommitmentQuerySet:
        """Published ones linked to any of these addresses."""
        return self.published().filter(links__path__in=list(paths)).distinct()


class Commitment(models.Model):
    """What came of something people said. Once published only its history grows.

    `decision`, `status` and `due_on` are those of the latest row of the history; `version` is its number.
    """

    slug = models.SlugField(_("address"), max_length=80, unique=True, allow_unicode=False)
    title = models.CharField(_("title"), max_length=200)
    asked = models.TextField(_("what people asked"))
    decided = models.TextField(_("what was decided"), help_text=_("With the reason; a decline without one is none."))
    evidence = models.TextField(_("evidence"), blank=True, help_text=_("What shows it, with links."))
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, blank=True)
    due_on = models.DateField(_("due"), null=True, blank=True)
    unit = models.ForeignKey(
        "organisations.Unit", models.PROTECT, related_name="+", verbose_name=_("responsible unit")
    )  # fmt: skip
    topic = models.ForeignKey(
        "organisations.Topic", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("topic")
    )
    based_on = models.PositiveIntegerField(
        _("based on so many messages"),
        null=True,
        blank=True,
        help_text=_("How many people asked for it, where counted."),
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    changed_at = models.DateTimeField(_("last changed"), null=True, blank=True, editable=False)
    settled_on = models.DateField(_("settled"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["-changed_at", "-id"]
        permissions = [("publish_commitment", _("Can publish commitments and change their status"))]
        indexes = [
            models.Index(fields=["-changed_at", "-id"], condition=Q(published_at__isnull=False), name="outcome_latest"),
            models.Index(fields=["due_on"], condition=Q(status__in=OPEN), name="outcome_due"),
        ]
        constraints = [
            both_languages("title", "asked", "decided", model="commitment"),
            models.CheckConstraint(condition=~Q(slug=""), name="commitment_has_address"),
            models.CheckConstraint(condition=Q(decision__in=Decision.values), name="commitment_decision_known"),
            models.CheckConstraint(condition=Q(status__in=["", *Status.values]), name="commitment_status_known"),
            models.CheckConstraint(
                condition=(Q(decision="declined") & Q(status="") & Q(due_on__isnull=True))
                | (~Q(decision="declined") & ~Q(status="")),
                name="commitment_declined_promises_nothing",
            ),
            models.CheckConstraint(
                condition=~Q(decision="in_study") | Q(status__in=OPEN), name="commitment_study_is_open"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=OPEN) | Q(due_on__isnull=False), name="commitment_open_has_due_date"
            ),
            models.CheckConstraint(
                condition=(Q(published_at__isnull=True) & Q(changed_at__isnull=True) & Q(version=0))
                | (Q(published_at__isnull=False) & Q(changed_at__gte=models.F("published_at")) & Q(version__gte=1)),
                name="commitment_published_has_history",
            ),
            models.CheckConstraint(
                condition=Q(settled_on__isnull=True) | Q(status__in=SETTLED), name="commitment_settled_has_end"
            ),
            models.CheckConstraint(condition=Q(based_on__isnull=True) | Q(based_on__gte=1), name="commitment_counts"),
            _both_or_neither("evidence", "commitment_evidence_in_both"),
        ]

    def __str__(self) -> str:
        return self.title or self.slug

    @property
    def path(self) -> str:
        """Its address without the language prefix."""
        return bare_path(reverse("outcomes:outcome", args=[self.slug]))

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @cached_property
    def days_late(self) -> int:
        """Days since its due date while it is open, or until it was kept; 0 when in time or without a date."""
        end = timezone.localdate() if self.is_open else self.settled_on if self.status == Status.KEPT else None
        return max(0, (end - self.due_on).days) if end and self.due_on else 0

    @property
    def is_open(self) -> bool:
        return self.is_published and self.status in OPEN

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.days_late > 0

    @property
    def standing(self) -> str:
        """Where it stands, in a word or two: its status, or that it was declined or is being studied."""
        if self.decision in (Decision.DECLINED, Decision.IN_STUDY):
            return str(self.get_decision_display())
        return str(self.get_status_display())

    @property
    def chip(self) -> str:
        """The kind of chip its standing is shown in."""
        return CHIPS[Status(self.status)] if self.status else ""


class StatusChange(models.Model):
    """One dated entry of a commitment's history. Rows are only ever added; the first is its publication.

    A correction is a new row. A trigger in the database refuses to change or delete one.
    """

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="history", verbose_name=_("commitment"))
    number = models.PositiveIntegerField(_("number"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, blank=True)
    due_on = models.DateField(_("due"), null=True, blank=True)
    note = models.TextField(_("what happened"), blank=True)
    evidence = models.TextField(_("evidence"), blank=True)

    class Meta:
        verbose_name = _("change of status")
        verbose_name_plural = _("changes of status")
        ordering = ["commitment", "number"]
        indexes = [models.Index(fields=["-at", "-id"], name="outcome_changes")]
        constraints = [
            both_languages("note", model="statuschange", when=Q(number__gt=1)),
            _both_or_neither("evidence", "statuschange_evidence_in_both"),
            models.UniqueConstraint(fields=["commitment", "number"], name="statuschange_one_after_another"),
            models.CheckConstraint(condition=Q(number__gte=1), name="statuschange_counted_from_one"),
            models.CheckConstraint(condition=Q(decision__in=Decision.values), name="statuschange_decision_known"),
            models.CheckConstraint(condition=Q(status__in=["", *Status.values]), name="statuschange_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment}: {self.standing}"

    standing = Commitment.standing
    chip = Commitment.chip

    @property
    def is_publication(self) -> bool:
        return self.number == 1


class Link(models.Model):
    """A poll, survey, question or request a commitment answers, by its address without the language prefix."""

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="links", verbose_name=_("commitment"))
    path = models.CharField(_("address"), max_length=200, db_index=True)

    class Meta:
        verbose_name = _("page it answers")
        verbose_name_plural = _("pages it answers")
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "path"], name="outcome_link_once"),
            models.CheckConstraint(
                condition=Q(path__regex=r"^/[^?#\s]+/$") & ~Q(path__regex="^/(ar|en)/"), name="outcome_link_is_bare"
            ),
        ]

    def __str__(self) -> str:
        return self.path


class Reminder(models.Model):
    """That the unit was told of a due date, once for each kind. A date that moved is told of anew."""

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="reminders", verbose_name=_("commitment"))
    kind = models.CharField(_("kind"), max_length=8, choices=Notice.choices)
    due_on = models.DateField(_("due"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    recipients = models.PositiveSmallIntegerField(_("people told"), default=0)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["commitment", "kind", "due_on"], name="outcome_reminder_once"),
            models.CheckConstraint(condition=Q(kind__in=Notice.values), name="outcome_reminder_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment}: {self.get_kind_display()}"
