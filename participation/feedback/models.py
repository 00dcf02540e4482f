"""Cases: what citizens wrote, where it is, and what was said about it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from participation.feedback.emptied import case_rules, referral_rules
from participation.feedback.labels import SUSPICIONS
from participation.feedback.performance.models import MonthlyFigures
from participation.feedback.states import (
    FINISHED,
    TOLD,
    UNFINISHED,
    Channel,
    Ground,
    Kind,
    Priority,
    ReferralState,
    State,
    Told,
)
from portal.bilingual import both_languages
from portal.encryption import EncryptedTextField
from portal.organisations.access import is_triager, unit_ids
from portal.organisations.models import Governorate

__all__ = [
    "CLAIM_TIME", "Case", "CaseAttachment", "CaseQuerySet", "Message", "MonthlyFigures", "Rating", "Referral",
    "ReplyTemplate", "RoutingRule",
]  # fmt: skip

CLAIM_TIME = timedelta(hours=4)
"""A claim nobody acts on frees itself after this time, so that no case hides behind an absent officer."""


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: Any) -> CaseQuerySet:
        """Cases of the user's units; for the call centre also those no unit has. Nobody sees everything."""
        visible = models.Q(unit__in=unit_ids(user))
        if is_triager(user):
            visible |= models.Q(unit__isnull=True)
        return self.filter(visible)

    def waiting_for_router(self) -> CaseQuerySet:
        """Received and not yet looked at by the routing rules."""
        return self.filter(state=State.RECEIVED)

    def unrouted(self) -> CaseQuerySet:
        return self.filter(state=State.UNROUTED)

    def suspected(self) -> CaseQuerySet:
        return self.filter(state=State.SUSPECTED)

    def in_queue(self) -> CaseQuerySet:
        """Cases a unit has to work on now."""
        return self.filter(state=State.OPEN)

    def unfinished(self) -> CaseQuerySet:
        return self.filter(state__in=UNFINISHED)

    def assigned_to(self, user: Any, at: datetime | None = None) -> CaseQuerySet:
        """Cases given to the user, or claimed by them a short while ago."""
        still = models.Q(assigned_until__isnull=True) | models.Q(assigned_until__gt=at or timezone.now())
        return self.filter(still, assignee=user)

    def disposable(self, before: datetime) -> CaseQuerySet:
        """Finished before a moment, and not disposed of yet."""
        return self.filter(state__in=FINISHED, finished_at__lt=before, disposed_at__isnull=True)

    def escalated(self) -> CaseQuerySet:
        """Unfinished cases whose clock has climbed past the officer's own warning."""
        return self.filter(state__in=UNFINISHED, escalation_level__gte=2)

    def queue_order(self) -> CaseQuerySet:
        """Production problems, confirmed public safety, priority, then due time; corrections first in, first out."""
        return self.order_by("queue_rank", models.F("queue_at").asc(nulls_last=True), "id")


class Case(models.Model):
    """One message of a citizen, through any channel, and what became of it."""

    reference = models.CharField(_("reference"), max_length=20, unique=True)
    secret_hash = models.CharField(max_length=64)
    form_token = models.CharField(max_length=64, unique=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    topic = models.ForeignKey("organisations.Topic", models.PROTECT, related_name="+", verbose_name=_("topic"))
    governorate = models.CharField(_("governorate"), max_length=24, choices=Governorate.choices, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    text = models.TextField(_("message"))
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, default=Channel.WEB)
    name = EncryptedTextField(_("name"), blank=True)
    email = EncryptedTextField(_("e-mail"), blank=True)
    phone = EncryptedTextField(_("telephone"), blank=True)
    email_index = models.CharField(max_length=64, blank=True, db_index=True)
    phone_index = models.CharField(max_length=64, blank=True, db_index=True)
    page = models.CharField(_("sent from the page"), max_length=200, blank=True)
    """Path of a page of the portal without its language prefix, where the link to the form named one."""
    suspicion = models.CharField(_("why it was held"), max_length=60, blank=True)

    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.RECEIVED)
    priority = models.CharField(_("priority"), max_length=8, choices=Priority.choices, default=Priority.NORMAL)
    safety_requested = models.BooleanField(_("public safety asked for"), default=False)
    safety_reason = models.CharField(_("why public safety"), max_length=500, blank=True)
    safety_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    unit = models.ForeignKey(
        "organisations.Unit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("with")
    )
    assigned_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    ground = models.CharField(_("ground"), max_length=20, choices=Ground.choices, blank=True)
    cycle = models.PositiveSmallIntegerField(_("cycle"), default=1)
    version = models.PositiveIntegerField(default=1)

    received_at = models.DateTimeField(_("received"), default=timezone.now)
    routed_at = models.DateTimeField(_("routed"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    reopened_at = models.DateTimeField(_("reopened"), null=True, blank=True)
    disposed_at = models.DateTimeField(_("text and contact removed"), null=True, blank=True, editable=False)

    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    escalation_level = models.PositiveSmallIntegerField(_("escalation"), default=0)
    queue_rank = models.PositiveSmallIntegerField(default=9)
    queue_at = models.DateTimeField(null=True, blank=True)
    jumped_queue = models.BooleanField(_("answered out of turn"), default=False)
    search = SearchVectorField(null=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["queue_rank", "queue_at", "id"]
        permissions = [
            ("export_case", _("Can export cases")),
            ("register_case", _("Can register a message for somebody")),
        ]
        indexes = [
            models.Index(
                fields=["unit", "queue_rank", "queue_at", "id"], condition=models.Q(state="open"), name="case_queue"
            ),
            models.Index(fields=["state", "received_at"], name="case_state"),
            models.Index(fields=["unit", "state"], name="case_unit_state"),
            models.Index(fields=["assignee"], condition=models.Q(assignee__isnull=False), name="case_assignee"),
            models.Index(
                fields=["unit", "escalation_level"],
                condition=models.Q(escalation_level__gte=2, state__in=UNFINISHED),
                name="case_escalated",
            ),
            models.Index(
                fields=["fingerprint", "received_at"], condition=~models.Q(fingerprint=""), name="case_fingerprint"
            ),
            GinIndex(fields=["search"], name="case_search"),
            models.Index(fields=["finished_at"], condition=models.Q(disposed_at__isnull=True), name="case_to_dispose"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="case_kind_known"),
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="case_state_known"),
            models.CheckConstraint(condition=models.Q(priority__in=Priority.values), name="case_priority_known"),
            models.CheckConstraint(
                condition=models.Q(governorate__in=["", *Governorate.values]), name="case_governorate_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["open", "waiting"]) | models.Q(unit__isnull=False),
                name="case_open_has_unit",
            ),
            models.CheckConstraint(
                condition=models.Q(state="removed", ground__in=Ground.values)
                | (~models.Q(state="removed") & models.Q(ground="")),
                name="case_removed_has_ground",
            ),
            *case_rules(),
            models.CheckConstraint(
                condition=models.Q(assigned_until__isnull=True) | models.Q(assignee__isnull=False),
                name="case_claim_has_owner",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED

    @property
    def has_contact(self) -> bool:
        return bool(self.email or self.phone)

    @property
    def holder(self) -> Any:
        """The person who has the case now; None once a claim ran out."""
        return None if self.is_claim_over else self.assignee

    @property
    def is_claim_over(self) -> bool:
        """Whether the case was claimed by somebody too long ago."""
        return self.assigned_until is not None and self.assigned_until <= timezone.now()

    # Django's own way of wording a choice hashes every choice of the field anew, a tenth of the desk's time.
    def get_kind_display(self) -> str:  # type: ignore[no-redef]
        return str(Kind(self.kind).label)

    def get_state_display(self) -> str:  # type: ignore[no-redef]
        return str(State(self.state).label)

    def get_priority_display(self) -> str:  # type: ignore[no-redef]
        return str(Priority(self.priority).label)

    @property
    def state_told(self) -> Told:
        """The state in words for its sender."""
        return TOLD[State(self.state)]

    @property
    def suspicion_told(self) -> str:
        """Why it was held, in words."""
        signs = self.suspicion.split(",") if self.suspicion else []
        return gettext(", ").join(str(SUSPICIONS.get(sign, sign)) for sign in signs)

    def rank(self) -> int:
        """Its place among the kinds of work; smaller comes first."""
        if self.kind == Kind.PORTAL_PROBLEM:
            return 0
        return {Priority.SAFETY: 1, Priority.HIGH: 2, Priority.NORMAL: 3, Priority.LOW: 4}[Priority(self.priority)]


class Message(models.Model):
    """One entry of a case's thread. Internal ones are for staff only."""

    class Author(models.TextChoices):
        CITIZEN = "citizen", _("Citizen")
        STAFF = "staff", _("Staff")

    case = models.ForeignKey(Case, models.CASCADE, related_name="messages")
    author = models.CharField(max_length=8, choices=Author.choices)
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    is_internal = models.BooleanField(_("internal note"), default=False)
    text = models.TextField(_("text"))
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)
    token = models.CharField(max_length=64, unique=True, null=True, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["sent_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="message_has_text"),
            models.CheckConstraint(
                condition=models.Q(author="staff", staff__isnull=False)
                | models.Q(author="citizen", staff__isnull=True, is_internal=False),
                name="message_author_named",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.sent_at:%Y-%m-%d}"


class CaseAttachment(models.Model):
    """A checked upload that belongs to a case, with the message it came with (none: the first one)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="attachments")
    message = models.ForeignKey(Message, models.CASCADE, null=True, blank=True, related_name="attachments")
    attachment = models.OneToOneField("attachments.Attachment", models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.attachment)


class Rating(models.Model):
    """How satisfied the citizen was with an answer; one a cycle."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="ratings")
    cycle = models.PositiveSmallIntegerField()
    score = models.PositiveSmallIntegerField(_("score"))
    comment = models.TextField(_("comment"), blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = [
            models.UniqueConstraint(fields=["case", "cycle"], name="rating_once"),
            models.CheckConstraint(condition=models.Q(score__gte=1, score__lte=5), name="rating_range"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.score}"


class Referral(models.Model):
    """A case handed to another authority, with what was written to it."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="referrals")
    authority = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="+", verbose_name=_("authority")
    )
    text = models.TextField(_("text"))
    state = models.CharField(_("state"), max_length=10, choices=ReferralState.choices, default=ReferralState.SENT)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    disposed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        ordering = ["sent_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(state__in=["sent", "accepted"]), name="referral_open_once"
            ),
            *referral_rules(),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.authority_id}"


class RoutingRule(models.Model):
    """Where a case goes. Rules are read by position; the first whose every condition holds wins."""

    position = models.PositiveIntegerField(_("position"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, blank=True)
    topic = models.ForeignKey(
        "organisations.Topic", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("topic")
    )
    governorate = models.CharField(_("governorate"), max_length=24, choices=Governorate.choices, blank=True)
    words = models.CharField(
        _("words"),
        max_length=300,
        blank=True,
        help_text=_("Separated by commas; one of them must occur, however it is spelt."),
    )
    unit = models.ForeignKey("organisations.Unit", models.CASCADE, related_name="+", verbose_name=_("unit"))
    priority = models.CharField(
        _("priority"),
        max_length=8,
        choices=[choice for choice in Priority.choices if choice[0] != "safety"],
        default=Priority.NORMAL,
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("routing rule")
        verbose_name_plural = _("routing rules")
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.position}. {self.name}"


class ReplyTemplate(models.Model):
    """A reply written once in both languages; {name} and the like are filled in, everything else is plain text."""

    name = models.CharField(_("name"), max_length=120)
    body = models.TextField(_("text"))
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("reply template")
        verbose_name_plural = _("reply templates")
        ordering = ["id"]
        constraints = [both_languages("name", "body", model="reply_template")]

    def __str__(self) -> str:
        return self.name or str(self.pk)
