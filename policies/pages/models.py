"""Policies and their versions: written, reviewed by a second person, in force from a moment on, never changed then."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from policies.pages.months import months_after
from policies.pages.rules import CONTENT, policy_rules, version_rules
from policies.pages.states import CHIPS, Group, Stage, State
from portal.bilingual import LANGUAGE_CODES, bare_path
from portal.organisations.access import unit_ids


def _who(label: Any) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label
    )


class PolicyQuerySet(models.QuerySet["Policy"]):
    def visible_to(self, user: Any) -> PolicyQuerySet:
        """Policies of the user's units; every one for an administrator, who gives them their unit."""
        return self.all() if user.is_superuser else self.filter(unit__in=unit_ids(user))


class Policy(models.Model):
    """One policy under its lasting address. What it says stands in its versions."""

    slug = models.SlugField(pgettext_lazy("policy", "address"), max_length=60, unique=True)
    group = models.CharField(_("group"), max_length=20, choices=Group.choices, default=Group.SERVICE)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    unit = models.ForeignKey(
        "organisations.Unit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible unit"),
        help_text=_("Its staff write the versions, and its leads are told when a review is due."),
    )
    review_months = models.PositiveSmallIntegerField(_("reviewed every so many months"), default=12)
    confirmed_at = models.DateTimeField(_("found still right"), null=True, blank=True, editable=False)
    confirmed_by = _who(_("by"))

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        ordering = ["position", "slug"]
        constraints = policy_rules()

    def __str__(self) -> str:
        return self.slug

    @property
    def path(self) -> str:
        """Its address without the language prefix, by which others refer to it."""
        return bare_path(reverse("pages:policy", args=[self.slug]))


class PolicyVersionQuerySet(models.QuerySet["PolicyVersion"]):
    def visible_to(self, user: Any) -> PolicyVersionQuerySet:
        """Versions of the policies of the user's units; all for an administrator."""
        return self.all() if user.is_superuser else self.filter(policy__unit__in=unit_ids(user))

    def published(self, at: datetime | None = None) -> PolicyVersionQuerySet:
        """What the public has or had to read: approved, and its time has come."""
        return self.filter(stage=Stage.APPROVED, publish_at__lte=at or timezone.now())

    def current(self, at: datetime | None = None) -> PolicyVersionQuerySet:
        """What is in force at a moment: of each policy the latest published version."""
        later = PolicyVersion.objects.published(at).filter(policy=OuterRef("policy"), number__gt=OuterRef("number"))
        return self.published(at).exclude(Exists(later))

    def superseded(self, at: datetime | None = None) -> PolicyVersionQuerySet:
        """What was in force before."""
        later = PolicyVersion.objects.published(at).filter(policy=OuterRef("policy"), number__gt=OuterRef("number"))
        return self.published(at).filter(Exists(later))

    def scheduled(self, at: datetime | None = None) -> PolicyVersionQuerySet:
        """Approved for a moment that has not come."""
        return self.filter(stage=Stage.APPROVED, publish_at__gt=at or timezone.now())

    def unfinished(self) -> PolicyVersionQuerySet:
        """Drafts, and what waits for its review."""
        return self.exclude(stage=Stage.APPROVED)

    def untold(self, at: datetime | None = None) -> PolicyVersionQuerySet:
        """In force, and search and history were not told yet."""
        return self.published(at).filter(announced_at__isnull=True)

    def knowing_successors(self, at: datetime | None = None) -> PolicyVersionQuerySet:
        """Each with `was_superseded`, so that a list of them asks for no successor."""
        later = PolicyVersion.objects.published(at).filter(policy=OuterRef("policy"), number__gt=OuterRef("number"))
        return self.annotate(was_superseded=Exists(later))

    def in_page_order(self) -> PolicyVersionQuerySet:
        """As the list of policies has them."""
        return self.order_by("policy__position", "policy__slug")

    def without_texts(self) -> PolicyVersionQuerySet:
        """For lists, which show no body."""
        return self.defer("body", "body_ar", "body_en", "frozen_ar", "frozen_en")


class PolicyVersion(models.Model):
    """One version. In force from `publish_at` until the next one is; from its approval on nothing of it changes.

    `frozen_*` is its text as it was read when it was superseded, with the figures of that day.
    """

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="versions", verbose_name=_("policy"))
    number = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=160, blank=True)
    summary = models.CharField(_("summary"), max_length=400, blank=True)
    body = models.TextField(_("text"), max_length=60_000, blank=True)
    changes = models.CharField(
        _("what has changed"),
        max_length=600,
        blank=True,
        help_text=_("Against the version before, in a sentence or two; everybody reads it in the history."),
    )
    stage = models.CharField(_("state"), max_length=10, choices=Stage.choices, default=Stage.DRAFT)

    author = _who(_("author"))
    editor = _who(_("last changed by"))
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)
    reviewer = _who(_("reviewed by"))
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, blank=True)
    remark = models.TextField(_("remark of the reviewer"), max_length=2000, blank=True)
    publish_at = models.DateTimeField(_("in force from"), null=True, blank=True)
    announced_at = models.DateTimeField(null=True, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)
    frozen_ar = models.TextField(blank=True)
    frozen_en = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)

    objects = PolicyVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a policy")
        verbose_name_plural = _("versions of policies")
        ordering = ["policy", "-number"]
        permissions = [("publish_policyversion", _("Can review, approve and schedule versions of policies"))]
        indexes = [
            models.Index(fields=["-publish_at", "-id"], condition=Q(stage="approved"), name="policy_version_latest"),
        ]
        constraints = version_rules()

    def __str__(self) -> str:
        written = (getattr(self, f"title_{code}") for code in LANGUAGE_CODES)
        return self.title or next(filter(None, written), self.policy.slug)

    def get_absolute_url(self) -> str:
        return reverse("pages:version", args=[self.policy.slug, self.number])

    @property
    def path(self) -> str:
        """Its lasting address without the language prefix."""
        return bare_path(self.get_absolute_url())

    @cached_property
    def successor(self) -> PolicyVersion | None:
        """The approved version that takes or took its place, come or to come."""
        later = PolicyVersion.objects.filter(policy=self.policy_id, stage=Stage.APPROVED, number__gt=self.number)
        return later.without_texts().order_by("number").first()

    def in_force_until(self, at: datetime) -> datetime | None:
        """When its successor took its place; None while it is in force. Asks for the successor."""
        after = self.successor
        return after.publish_at if after and after.publish_at and after.publish_at <= at else None

    def state_at(self, at: datetime) -> State:
        """What it is at a moment; the querysets ask the database the same."""
        if self.stage != Stage.APPROVED or self.publish_at is None:
            return State(self.stage)
        if self.publish_at > at:
            return State.SCHEDULED
        known = self.__dict__.get("was_superseded")
        is_over = known if known is not None else self.in_force_until(at) is not None
        return State.SUPERSEDED if is_over else State.PUBLISHED

    @property
    def state(self) -> State:
        """What it is now."""
        return self.state_at(timezone.now())

    @property
    def chip(self) -> str:
        """The kind of chip its state stands in."""
        return CHIPS[self.state]

    @property
    def is_draft(self) -> bool:
        return self.stage == Stage.DRAFT

    @property
    def last_reviewed(self) -> datetime | None:
        """When somebody last found the text right: at its approval, or later. Reads `policy`."""
        approved = self.reviewed_at or self.publish_at
        moments = [moment for moment in (approved, self.policy.confirmed_at) if moment]
        return max(moments, default=None)

    @property
    def review_due_on(self) -> date | None:
        """The day by which it is to be reviewed again. Reads `policy`."""
        if (last := self.last_reviewed) is None:
            return None
        return months_after(timezone.localdate(last), self.policy.review_months)

    def text_in(self, code: str) -> str:
        """Its text in a language, as written."""
        return getattr(self, f"body_{code}") or ""

    def missing(self) -> list[tuple[str, str]]:
        """What still has to be written before review, as pairs of field and language."""
        wanted = CONTENT if self.number == 1 else (*CONTENT, "changes")
        return [(field, code) for field in wanted for code in LANGUAGE_CODES if not getattr(self, f"{field}_{code}")]


class ReviewReminder(models.Model):
    """That the unit was told of a review that is due, once for each day it falls due."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="reminders", verbose_name=_("policy"))
    due_on = models.DateField(_("due"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    recipients = models.PositiveSmallIntegerField(_("people told"), default=0)

    class Meta:
        verbose_name = _("reminder of a review")
        verbose_name_plural = _("reminders of reviews")
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["policy", "due_on"], name="policy_review_reminded_once")]

    def __str__(self) -> str:
        return f"{self.policy} {self.due_on}"
