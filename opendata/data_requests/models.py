"""What the public asks for, who supports it, what was answered, and its public history."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from opendata.data_requests.choices import (
    FINISHED,
    HELD_SIGNS,
    UNFINISHED,
    UNSETTLED,
    Format,
    Ground,
    Happened,
    Outcome,
    Refusal,
    State,
    told,
)
from opendata.data_requests.rules import answer_rules, event_rules, request_rules
from portal.bilingual import LANGUAGE_CODES, bare_path
from portal.encryption import EncryptedTextField
from portal.organisations.access import is_triager, unit_ids
from portal.search.folding import to_tsquery_string

CLAIM_TIME = timedelta(hours=4)
"""A claim nobody acts on frees itself after this time."""
RECONSIDER_TIME = timedelta(days=30)
"""So long after an answer its reconsideration may be asked for."""


def _person(label: Any = "", **kwargs: Any) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label, **kwargs
    )


class DataRequestQuerySet(models.QuerySet["DataRequest"]):
    def visible_to(self, user: Any) -> DataRequestQuerySet:
        """Requests of the user's units; for the call centre also those no unit has. Nobody sees everything."""
        visible = Q(unit__in=unit_ids(user))
        if is_triager(user):
            visible |= Q(unit__isnull=True)
        return self.filter(visible)

    def shown(self) -> DataRequestQuerySet:
        """Those whose wording everybody may read."""
        return self.filter(listed_at__isnull=False).exclude(state=State.REMOVED)

    def listed(self) -> DataRequestQuerySet:
        """Those lists offer: shown, and not merged into another."""
        return self.shown().exclude(state=State.MERGED)

    def matching(self, words: str) -> DataRequestQuerySet:
        """Those whose public wording has these words in some form; none where there is no word."""
        query = to_tsquery_string(words)
        return self.filter(search=SearchQuery(query, search_type="raw", config="simple")) if query else self.none()

    def unfinished(self) -> DataRequestQuerySet:
        return self.filter(state__in=UNFINISHED)

    def assigned_to(self, user: Any, at: datetime | None = None) -> DataRequestQuerySet:
        """Requests given to the user, or claimed by them a short while ago."""
        still = Q(assigned_until__isnull=True) | Q(assigned_until__gt=at or timezone.now())
        return self.filter(still, assignee=user)

    def now_published(self) -> DataRequestQuerySet:
        """Without a release for an answer, although data of the asset they are about was published since."""
        waits = Q(state__in=UNFINISHED) | Q(state=State.ANSWERED, outcome=Outcome.PLANNED)
        return self.filter(waits, asset__dataset__latest__published_at__gt=F("received_at"))

    def plan_over(self, on: date | None = None) -> DataRequestQuerySet:
        """Promised a release for a day that is over."""
        planned = self.filter(state=State.ANSWERED, outcome=Outcome.PLANNED)
        return planned.exclude(answers__planned_on__gte=on or timezone.localdate())

    def disposable(self, before: datetime) -> DataRequestQuerySet:
        """Finished before a moment, and not disposed of yet."""
        return self.filter(state__in=FINISHED, finished_at__lt=before, disposed_at__isnull=True)


class DataRequest(models.Model):
    """One request for data. What its sender wrote stays private; the public reads how staff worded it."""

    reference = models.CharField(_("reference"), max_length=20, unique=True)
    secret_hash = models.CharField(max_length=64)
    form_token = models.CharField(max_length=64, unique=True)
    asset = models.ForeignKey(
        "inventory.Asset", models.PROTECT, null=True, blank=True, related_name="requests", verbose_name=_("data asset")
    )
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("organisation"),
    )  # fmt: skip
    """Who is asked; without one the call centre finds out."""
    title = models.CharField(_("data asked for"), max_length=200)
    text = models.TextField(_("what exactly"))
    why = models.TextField(_("what for"), blank=True)
    format = models.CharField(_("format wished"), max_length=10, choices=Format.choices, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    name = EncryptedTextField(_("name"), blank=True)
    email = EncryptedTextField(_("e-mail"), blank=True)
    phone = EncryptedTextField(_("telephone"), blank=True)
    email_index = models.CharField(max_length=64, blank=True, db_index=True)
    phone_index = models.CharField(max_length=64, blank=True, db_index=True)
    suspicion = models.CharField(_("why it was held"), max_length=60, blank=True)

    public_title = models.CharField(_("public title"), max_length=200, blank=True)
    public_summary = models.TextField(_("public summary"), max_length=3000, blank=True)
    listed_at = models.DateTimeField(_("public since"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.RECEIVED)
    outcome = models.CharField(_("answer"), max_length=10, choices=Outcome.choices, blank=True)
    """Of the newest answer."""
    unit = models.ForeignKey(
        "organisations.Unit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )
    assignee = _person(_("with"))
    assigned_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    ground = models.CharField(_("ground"), max_length=20, choices=Ground.choices, blank=True)
    cycle = models.PositiveSmallIntegerField(default=1)
    reconsider_at = models.DateTimeField(_("reconsideration asked for"), null=True, blank=True)
    reconsider_reason = models.TextField(_("why it should be reconsidered"), blank=True)
    support_count = models.PositiveIntegerField(_("supported"), default=0)
    version = models.PositiveIntegerField(default=1)

    received_at = models.DateTimeField(_("received"), default=timezone.now)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    disposed_at = models.DateTimeField(null=True, blank=True, editable=False)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    escalation_level = models.PositiveSmallIntegerField(_("escalation"), default=0)
    search = SearchVectorField(null=True)
    """The public wording in both languages, and the reference."""

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for data")
        verbose_name_plural = _("requests for data")
        ordering = ["-received_at"]
        indexes = [
            models.Index(fields=["unit", "state", "due_at"], name="datarequest_queue"),
            models.Index(fields=["-listed_at", "id"], name="datarequest_listed"),
            models.Index(fields=["-support_count", "id"], name="datarequest_support"),
            models.Index(fields=["assignee"], condition=Q(assignee__isnull=False), name="datarequest_assignee"),
            models.Index(fields=["finished_at"], condition=Q(disposed_at__isnull=True), name="datarequest_to_dispose"),
            GinIndex(fields=["search"], name="datarequest_search"),
        ]
        constraints = request_rules()

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("data_requests:request", args=[self.reference])

    @property
    def path(self) -> str:
        """Its address without the language prefix."""
        return bare_path(self.get_absolute_url())

    @property
    def shown_title(self) -> str:
        """Its public title in the language of the page; the reference while it has none."""
        written = (getattr(self, f"public_title_{code}") for code in LANGUAGE_CODES)
        return self.public_title or next(filter(None, written), self.reference)

    @property
    def is_shown(self) -> bool:
        return self.listed_at is not None and self.state != State.REMOVED

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED

    @property
    def state_words(self) -> Any:
        """Its state, or once answered what was answered, for everybody."""
        return told(self.state, self.outcome)[0]

    @property
    def chip(self) -> str:
        """The kind of chip its state stands in."""
        return told(self.state, self.outcome)[1]

    @property
    def has_contact(self) -> bool:
        return bool(self.email or self.phone)

    @property
    def holder(self) -> Any:
        """The person who has it now; None once a claim ran out."""
        over = self.assigned_until is not None and self.assigned_until <= timezone.now()
        return None if over else self.assignee

    @property
    def suspicion_told(self) -> str:
        """Why it was held, in words."""
        signs = self.suspicion.split(",") if self.suspicion else []
        return gettext(", ").join(str(HELD_SIGNS.get(sign, sign)) for sign in signs)

    @property
    def may_follow_up(self) -> bool:
        """Whether a release may still follow its answer."""
        return self.state == State.ANSWERED and self.outcome in UNSETTLED

    @property
    def reconsider_until(self) -> datetime | None:
        """Until when its reconsideration may be asked for; None where it may not be, or no more."""
        if self.state != State.ANSWERED or self.reconsider_at is not None or self.answered_at is None:
            return None
        until = self.answered_at + RECONSIDER_TIME
        return until if until > timezone.now() else None


class Answer(models.Model):
    """What was answered. A trigger of the database refuses changing it, and who answered from reconsidering it."""

    asked = models.ForeignKey(DataRequest, models.PROTECT, related_name="answers", verbose_name=_("request for data"))
    sequence = models.PositiveSmallIntegerField()
    cycle = models.PositiveSmallIntegerField()
    is_follow_up = models.BooleanField(default=False)
    kind = models.CharField(pgettext_lazy("answer", "kind"), max_length=10, choices=Outcome.choices)
    text = models.TextField(_("answer"), max_length=5000)
    version = models.ForeignKey(
        "catalogue.Version", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("version")
    )
    planned_on = models.DateField(_("planned release"), null=True, blank=True)
    holder = models.CharField(_("who holds it"), max_length=300, blank=True)
    reason = models.CharField(_("reason"), max_length=12, choices=Refusal.choices, blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("answer to a request for data")
        verbose_name_plural = _("answers to requests for data")
        ordering = ["asked", "sequence"]
        constraints = answer_rules()

    def __str__(self) -> str:
        return f"{self.asked_id} {self.sequence}"


class Event(models.Model):
    """One entry of a request's public history. A trigger of the database refuses changing or deleting any."""

    asked = models.ForeignKey(DataRequest, models.PROTECT, related_name="events", verbose_name=_("request for data"))
    kind = models.CharField(_("what happened"), max_length=14, choices=Happened.choices)
    text = models.CharField(_("text"), max_length=500)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("event of a request for data")
        verbose_name_plural = _("events of requests for data")
        ordering = ["at", "id"]
        constraints = event_rules()

    def __str__(self) -> str:
        return f"{self.asked_id} {self.kind}"


class Support(models.Model):
    """A browser supports a request. Its key tells nothing of anybody and links nothing beyond this request."""

    asked = models.ForeignKey(DataRequest, models.CASCADE, related_name="supports")
    key = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("support of a request for data")
        verbose_name_plural = _("supports of requests for data")
        constraints = [models.UniqueConstraint(fields=["asked", "key"], name="datarequest_support_once")]

    def __str__(self) -> str:
        return str(self.asked_id)
