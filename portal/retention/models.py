"""Legal holds, disposals before their time, and what each disposal did. Nothing here names or quotes a person."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.retention import registry

SOME_SUBJECT = ~Q(subject_kind="") & ~Q(subject_id="")


def _together(*columns: str) -> Q:
    """All of these are NULL, or none of them."""
    return Q(**{f"{name}__isnull": True for name in columns}) | Q(**{f"{name}__isnull": False for name in columns})


def _staff(label: Any, **options: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=label, **options)


class OfSubject(models.Model):
    """A row that speaks of something by its label and key."""

    subject_kind = models.CharField(_("kind"), max_length=80, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)

    class Meta:
        abstract = True

    _told = ""

    @property
    def subject_told(self) -> str:
        """What it is about, in words for staff."""
        if not self._told:
            tell([self])
        return self._told


def tell(rows: Collection[OfSubject]) -> None:
    """Work out what these rows are about, in one query for each kind."""
    for kind in {row.subject_kind for row in rows}:
        same = [row for row in rows if row.subject_kind == kind]
        subject = registry.subject(kind)
        words = subject.describe({row.subject_id for row in same}) if subject else {}
        for row in same:
            name = words.get(row.subject_id, row.subject_id)
            row._told = f"{subject.name}: {name}" if subject else name or str(_("Everything in the portal"))


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def active(self, at: datetime | None = None) -> LegalHoldQuerySet:
        """Neither lifted nor past their last moment."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=at or timezone.now()), lifted_at__isnull=True)


class LegalHold(OfSubject):
    """While it stands, nothing of its subject is disposed of: a message, a unit, an organisation, or everything."""

    reason = models.CharField(
        _("reason"), max_length=300, help_text=_("A file number or an order. Do not name or describe a citizen here.")
    )
    placed_by = _staff(_("placed by"))
    placed_at = models.DateTimeField(_("placed"), default=timezone.now)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    lifted_by = _staff(_("lifted by"), null=True, blank=True)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        ordering = ["-placed_at", "-id"]
        default_permissions = ("view", "add", "change")
        indexes = [models.Index(fields=["subject_kind"], condition=Q(lifted_at__isnull=True), name="legal_hold_active")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="legal_hold_has_reason"),
            models.CheckConstraint(
                condition=SOME_SUBJECT | Q(subject_kind="", subject_id=""), name="legal_hold_subject_whole"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("placed_at")), name="legal_hold_in_order"
            ),
            models.CheckConstraint(condition=_together("lifted_by", "lifted_at"), name="legal_hold_lifted_by_somebody"),
        ]

    def __str__(self) -> str:
        return self.subject_told

    @property
    def is_active(self) -> bool:
        return self.lifted_at is None and (self.until is None or self.until > timezone.now())


class Ground(models.TextChoices):
    """Why something goes before its time. No free text: it would speak of the person again."""

    PERSON = "person", _("Request of the person concerned")
    ORDER = "order", _("Order of a court or an authority")
    MISTAKE = "mistake", _("Should never have been sent or kept")


class Decision(models.TextChoices):
    APPROVED = "approved", pgettext_lazy("early disposal", "Approved")
    REFUSED = "refused", pgettext_lazy("early disposal", "Refused")


class EarlyDisposalQuerySet(models.QuerySet["EarlyDisposal"]):
    def undecided(self) -> EarlyDisposalQuerySet:
        return self.filter(decision="")

    def to_do(self) -> EarlyDisposalQuerySet:
        """Approved and not carried out: waiting for a worker, or for the end of a hold."""
        return self.filter(decision=Decision.APPROVED, done_at__isnull=True)


class EarlyDisposal(OfSubject):
    """One person asks that something go before its time, another decides it."""

    ground = models.CharField(pgettext_lazy("early disposal", "ground"), max_length=10, choices=Ground.choices)
    requested_by = _staff(_("requested by"))
    requested_at = models.DateTimeField(_("requested"), default=timezone.now)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices, blank=True)
    decided_by = _staff(_("decided by"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    done_at = models.DateTimeField(_("carried out"), null=True, blank=True)

    objects = EarlyDisposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("early disposal")
        verbose_name_plural = _("early disposals")
        ordering = ["-requested_at", "-id"]
        default_permissions = ("view", "add")
        permissions = [("decide_earlydisposal", _("Can decide early disposals others asked for"))]
        constraints = [
            models.CheckConstraint(condition=SOME_SUBJECT, name="early_disposal_has_subject"),
            models.CheckConstraint(condition=Q(ground__in=Ground.values), name="early_disposal_ground_known"),
            models.CheckConstraint(
                condition=Q(decision="", decided_by__isnull=True, decided_at__isnull=True)
                | Q(decision__in=Decision.values, decided_by__isnull=False, decided_at__isnull=False),
                name="early_disposal_decision_whole",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                name="early_disposal_two_people",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(decision=Decision.APPROVED),
                name="early_disposal_done_if_approved",
            ),
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"],
                condition=Q(done_at__isnull=True) & ~Q(decision=Decision.REFUSED),
                name="early_disposal_once",
            ),
        ]

    def __str__(self) -> str:
        return self.subject_told


class DisposalRun(models.Model):
    """What one rule disposed of in one go: how many rows, and how many a hold kept. Each batch counts itself in its own
    transaction, so that a run that was killed tells the truth too."""

    rule = models.CharField(_("rule"), max_length=80)
    early = models.ForeignKey(
        EarlyDisposal, models.PROTECT, null=True, blank=True, related_name="runs", verbose_name=_("early disposal")
    )
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    rows = models.PositiveIntegerField(_("disposed of"), default=0)
    held = models.PositiveIntegerField(_("kept by a hold"), default=0)
    failure = models.CharField(_("failure"), max_length=80, blank=True)
    """The kind of an error, without its words: they may quote the row."""

    class Meta:
        verbose_name = _("disposal")
        verbose_name_plural = _("disposals")
        ordering = ["-started_at", "-id"]
        default_permissions = ("view",)
        indexes = [models.Index(fields=["rule", "started_at"], name="disposal_run_rule")]
        constraints = [
            models.CheckConstraint(condition=~Q(rule=""), name="disposal_run_has_rule"),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("started_at")),
                name="disposal_run_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.started_at:%Y-%m-%d}"
