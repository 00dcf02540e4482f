"""Promises kept by the clock: policies, running clocks, pauses, escalations.

A subject is anything an app registers (portal/clocks/registry.py); it is named by kind and id, because this
app knows nothing of the apps above it.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.bilingual import both_languages


class Metric(models.TextChoices):
    ACKNOWLEDGE = "acknowledge", _("Acknowledgement")
    FIRST_REPLY = "first_reply", _("First reply")
    RESOLUTION = "resolution", _("Resolution")


class LevelQuerySet(models.QuerySet["Policy"]):
    def matching(self, subject_kind: str, kind: str, priority: str) -> dict[str, Policy]:
        """The policy of each metric for a subject: the most specific row wins, kind before priority."""
        rows = self.filter(subject_kind=subject_kind, kind__in=["", kind], priority__in=["", priority], is_active=True)
        ranked = sorted(rows, key=lambda policy: (bool(policy.kind), bool(policy.priority)))
        return {policy.metric: policy for policy in ranked}


class Policy(models.Model):
    """How many working minutes may pass until something must have happened."""

    subject_kind = models.CharField(_("applies to"), max_length=80)
    kind = models.CharField(_("kind"), max_length=40, blank=True, help_text=_("Empty: every kind."))
    priority = models.CharField(_("priority"), max_length=20, blank=True, help_text=_("Empty: every priority."))
    metric = models.CharField(_("promise"), max_length=20, choices=Metric.choices)
    minutes = models.PositiveIntegerField(_("working minutes"), validators=[MinValueValidator(1)])
    warn_minutes = models.PositiveIntegerField(_("warn this many working minutes before"), default=60)
    is_active = models.BooleanField(_("in use"), default=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects = LevelQuerySet.as_manager()

    class Meta:
        verbose_name = _("service level")
        verbose_name_plural = _("service levels")
        ordering = ["subject_kind", "kind", "priority", "metric"]
        constraints = [
            models.UniqueConstraint(fields=["subject_kind", "kind", "priority", "metric"], name="policy_once"),
            models.CheckConstraint(condition=models.Q(minutes__gt=0), name="policy_has_time"),
            models.CheckConstraint(condition=models.Q(metric__in=Metric.values), name="policy_metric_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind or '*'} {self.priority or '*'} {self.get_metric_display()}"


class StepRole(models.TextChoices):
    ASSIGNEE = "assignee", _("Officer")
    LEAD = "lead", _("Team lead")
    HEAD = "head", _("Head of unit")
    AUTHORITY = "authority", _("Authority")


class EscalationStep(models.Model):
    """Who is told, and when, while a promise is about to be or has been missed. Levels climb."""

    level = models.PositiveSmallIntegerField(_("level"), unique=True, validators=[MinValueValidator(1)])
    role = models.CharField(_("who is told"), max_length=10, choices=StepRole.choices)
    is_warning = models.BooleanField(
        _("warning"), default=False, help_text=_("Sent before the due time, by as much as the service level says.")
    )
    minutes_after_due = models.PositiveIntegerField(_("working minutes after the due time"), default=0)
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("Only for the step to an authority."))
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("escalation step")
        verbose_name_plural = _("escalation steps")
        ordering = ["level"]
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=StepRole.values), name="step_role_known"),
            models.CheckConstraint(condition=~models.Q(role="authority", email=""), name="step_authority_has_email"),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.get_role_display()}"


class ClockState(models.TextChoices):
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    STOPPED = "stopped", _("Stopped")
    CANCELLED = "cancelled", _("Cancelled")


OPEN_STATES = [ClockState.RUNNING, ClockState.PAUSED]


class ClockQuerySet(models.QuerySet["Clock"]):
    def open(self) -> ClockQuerySet:
        return self.filter(state__in=OPEN_STATES)

    def about(self, subject_kind: str, *ids: int) -> ClockQuerySet:
        return self.filter(subject_kind=subject_kind, subject_id__in=ids)

    def to_act_on(self, at: datetime) -> ClockQuerySet:
        """Running clocks that want a warning, a breach noted or an escalation by now."""
        return self.filter(state=ClockState.RUNNING, next_action_at__lt=at)

    def out_of_date(self) -> ClockQuerySet:
        """Open clocks reckoned with an older version of their calendar."""
        return self.open().exclude(calendar_version=models.F("calendar__version"))


class Clock(models.Model):
    """One promise to one subject. `due_at` is stored; it is null while a pause hides it."""

    subject_kind = models.CharField(max_length=80)
    subject_id = models.BigIntegerField()
    metric = models.CharField(_("promise"), max_length=20, choices=Metric.choices)
    cycle = models.PositiveSmallIntegerField(_("cycle"), default=1)
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="+", verbose_name=_("service level"))
    policy_version = models.PositiveIntegerField()
    minutes = models.PositiveIntegerField(_("working minutes"))
    warn_minutes = models.PositiveIntegerField()
    calendar = models.ForeignKey("working_days.Calendar", models.PROTECT, related_name="+", verbose_name=_("calendar"))
    calendar_version = models.PositiveIntegerField()
    state = models.CharField(_("state"), max_length=10, choices=ClockState.choices, default=ClockState.RUNNING)
    started_at = models.DateTimeField(_("started"))
    due_at = models.DateTimeField(_("due"), null=True)
    next_action_at = models.DateTimeField(null=True)
    level = models.PositiveSmallIntegerField(_("escalation level reached"), default=0)
    stopped_at = models.DateTimeField(_("stopped"), null=True)
    worked_minutes = models.PositiveIntegerField(_("working minutes used"), null=True)
    breached_at = models.DateTimeField(_("missed"), null=True)
    excused_at = models.DateTimeField(_("excused"), null=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        ordering = ["started_at", "id"]
        indexes = [
            models.Index(fields=["next_action_at"], condition=models.Q(state="running"), name="clock_due"),
            models.Index(
                fields=["calendar", "calendar_version"],
                condition=models.Q(state__in=OPEN_STATES),
                name="clock_calendar",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["subject_kind", "subject_id", "metric", "cycle"], name="clock_once"),
            models.CheckConstraint(condition=models.Q(state__in=ClockState.values), name="clock_state_known"),
            models.CheckConstraint(
                condition=models.Q(state__in=OPEN_STATES, stopped_at__isnull=True)
                | (~models.Q(state__in=OPEN_STATES) & models.Q(stopped_at__isnull=False)),
                name="clock_stopped_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state="running") | models.Q(next_action_at__isnull=True),
                name="clock_only_running_acts",
            ),
            models.CheckConstraint(
                condition=models.Q(excused_at__isnull=True) | models.Q(breached_at__isnull=False),
                name="clock_excuse_has_breach",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_metric_display()} {self.subject_kind} {self.subject_id}"

    def get_metric_display(self) -> str:  # type: ignore[no-redef]
        # Django's own way hashes every choice anew, which shows in letters about many clocks.
        return str(Metric(self.metric).label)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_late(self) -> bool:
        """Missed, and no closure announced since has excused it."""
        return self.breached_at is not None and self.excused_at is None


class Escalation(models.Model):
    """A level reached by a clock: written once, with the letters it caused, in one transaction."""

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="escalations")
    level = models.PositiveSmallIntegerField(_("level"))
    role = models.CharField(_("who was told"), max_length=10, choices=StepRole.choices)
    recipients = models.PositiveSmallIntegerField(_("people told"))
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ["at", "level"]
        constraints = [models.UniqueConstraint(fields=["clock", "level"], name="escalation_once")]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.level}"


class ClockMove(models.Model):
    """A due time that changed after it was promised, and why."""

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="moves")
    old_due_at = models.DateTimeField(_("due before"), null=True)
    new_due_at = models.DateTimeField(_("due now"), null=True)
    reason = models.CharField(_("reason"), max_length=20)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("moved due time")
        verbose_name_plural = _("moved due times")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.reason}"


class Incident(models.Model):
    """A problem with the production system that needs everyone; it suspends what each subject says it does."""

    title = models.CharField(_("title"), max_length=200)
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("opened by")
    )

    class Meta:
        verbose_name = _("production incident")
        verbose_name_plural = _("production incidents")
        ordering = ["-opened_at"]
        constraints = [
            both_languages("title", model="incident"),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True) | models.Q(closed_at__gte=models.F("opened_at")),
                name="incident_order",
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.pk)


class PauseReason(models.TextChoices):
    CITIZEN = "citizen", _("waiting for the citizen")
    REFERRAL = "referral", _("with another authority")
    INCIDENT = "incident", _("production incident")


class PauseQuerySet(models.QuerySet["Pause"]):
    def open(self) -> PauseQuerySet:
        return self.filter(ended_at__isnull=True)

    def about(self, subject_kind: str, *ids: int) -> PauseQuerySet:
        return self.filter(subject_kind=subject_kind, subject_id__in=ids)


class Pause(models.Model):
    """A span in which a subject's clocks stand still. Overlapping pauses count once."""

    subject_kind = models.CharField(max_length=80)
    subject_id = models.BigIntegerField()
    reason = models.CharField(_("reason"), max_length=10, choices=PauseReason.choices)
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, blank=True, related_name="pauses")
    started_at = models.DateTimeField(_("from"), default=timezone.now)
    ended_at = models.DateTimeField(_("to"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = PauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        ordering = ["started_at", "id"]
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="pause_subject")]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "reason"],
                condition=models.Q(ended_at__isnull=True, incident__isnull=True),
                name="pause_open_once",
            ),
            models.UniqueConstraint(fields=["subject_kind", "subject_id", "incident"], name="pause_once_per_incident"),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True) | models.Q(ended_at__gte=models.F("started_at")),
                name="pause_order",
            ),
            models.CheckConstraint(
                condition=models.Q(reason="incident", incident__isnull=False)
                | (~models.Q(reason="incident") & models.Q(incident__isnull=True)),
                name="pause_incident_named",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} {self.subject_id}"


class Heartbeat(models.Model):
    """When a periodic job last came to its end; an old one shows that the job stands still."""

    name = models.CharField(primary_key=True, max_length=40)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
