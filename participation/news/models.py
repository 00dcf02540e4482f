"""Announcements: what a unit tells the public, in both languages, from a moment on and perhaps until another."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from participation.news.rules import CONTENT, hiding_rules, publishing_rules
from participation.news.states import CHIPS, Ground, Outcome, State
from portal.attachments.models import State as FileState
from portal.bilingual import LANGUAGE_CODES, bare_path
from portal.organisations.access import unit_ids


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def visible_to(self, user: Any) -> AnnouncementQuerySet:
        """Announcements of the user's units; every one for an administrator, who steps in where a unit is too small."""
        return self.all() if user.is_superuser else self.filter(unit__in=unit_ids(user))

    def drafts(self) -> AnnouncementQuerySet:
        return self.filter(publish_at__isnull=True)

    def scheduled(self, at: datetime | None = None) -> AnnouncementQuerySet:
        """Published for a moment that has not come."""
        return self.filter(publish_at__gt=at or timezone.now())

    def readable(self, at: datetime | None = None) -> AnnouncementQuerySet:
        """What has a public page: published and not taken down, be it current or not."""
        return self.filter(publish_at__lte=at or timezone.now(), hidden_at__isnull=True)

    def visible(self, at: datetime | None = None) -> AnnouncementQuerySet:
        """What is readable and still current: the list, the feeds and the search show this and nothing else."""
        at = at or timezone.now()
        return self.readable(at).filter(Q(expires_at__isnull=True) | Q(expires_at__gt=at))

    def expired(self, at: datetime | None = None) -> AnnouncementQuerySet:
        """What is readable but no longer current: the archive."""
        at = at or timezone.now()
        return self.readable(at).filter(expires_at__lte=at)

    def hidden(self) -> AnnouncementQuerySet:
        return self.filter(hidden_at__isnull=False)

    def appealed(self) -> AnnouncementQuerySet:
        """Taken down, and somebody asked for another look that nobody has given yet."""
        return self.hidden().filter(appealed_at__isnull=False, appeal_decided_at__isnull=True)

    def newest_first(self) -> AnnouncementQuerySet:
        return self.order_by("-publish_at", "-id")

    def pinned_first(self) -> AnnouncementQuerySet:
        return self.order_by("-is_pinned", "-publish_at", "-id")


def _who(label: Any = "") -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label or None
    )


class Announcement(models.Model):
    """One announcement. The fields of hiding and appeal tell of the last time it was taken down."""

    slug = models.SlugField(pgettext_lazy("announcement", "address"), max_length=80, unique=True)
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="+", verbose_name=_("responsible unit"))
    topic = models.ForeignKey(
        "organisations.Topic", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("topic")
    )
    title = models.CharField(_("title"), max_length=160, blank=True)
    summary = models.CharField(_("summary"), max_length=400, blank=True)
    body = models.TextField(_("text"), max_length=20_000, blank=True)
    image = models.OneToOneField(
        "attachments.Attachment", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("image")
    )
    image_alt = models.CharField(_("what the image shows"), max_length=250, blank=True)
    image_width = models.PositiveSmallIntegerField(null=True, blank=True)
    image_height = models.PositiveSmallIntegerField(null=True, blank=True)

    publish_at = models.DateTimeField(pgettext_lazy("announcement", "published"), null=True, blank=True)
    published_by = _who(_("published by"))
    expires_at = models.DateTimeField(_("current until"), null=True, blank=True)
    is_pinned = models.BooleanField(pgettext_lazy("announcement", "pinned"), default=False)
    is_locked = models.BooleanField(pgettext_lazy("announcement", "locked"), default=False)

    hidden_at = models.DateTimeField(pgettext_lazy("announcement", "taken down"), null=True, blank=True)
    hidden_by = _who(_("taken down by"))
    hidden_ground = models.CharField(_("ground"), max_length=20, choices=Ground.choices, blank=True)
    hidden_reason = models.CharField(_("explanation"), max_length=1000, blank=True)
    appealed_at = models.DateTimeField(pgettext_lazy("announcement", "appealed"), null=True, blank=True)
    appealed_by = _who(_("appeal by"))
    appeal_text = models.TextField(_("appeal"), max_length=2000, blank=True)
    appeal_decided_at = models.DateTimeField(pgettext_lazy("announcement", "decided"), null=True, blank=True)
    appeal_decided_by = _who(_("decided by"))
    appeal_outcome = models.CharField(_("decision"), max_length=10, choices=Outcome.choices, blank=True)
    appeal_answer = models.TextField(_("reasons of the decision"), max_length=2000, blank=True)

    author = _who(_("author"))
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)
    revised_at = models.DateTimeField(_("changed after publication"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["-publish_at", "-id"]
        permissions = [("publish_announcement", _("Can publish announcements and take them down"))]
        indexes = [
            models.Index(
                fields=["-is_pinned", "-publish_at", "-id"],
                condition=Q(publish_at__isnull=False, hidden_at__isnull=True),
                name="announcement_list",
            ),
            models.Index(fields=["unit", "-id"], name="announcement_unit"),
        ]
        constraints = [*publishing_rules(), *hiding_rules()]

    def __str__(self) -> str:
        written = (getattr(self, f"title_{code}") for code in LANGUAGE_CODES)
        return self.title or next(filter(None, written), self.slug)

    def get_absolute_url(self) -> str:
        return reverse("news:announcement", args=[self.slug])

    @property
    def path(self) -> str:
        """Its address without the language prefix, by which others refer to it."""
        return bare_path(self.get_absolute_url())

    def state_at(self, at: datetime) -> State:
        """What it is at a moment; the querysets ask the database the same."""
        if self.hidden_at is not None:
            return State.HIDDEN
        if self.publish_at is None:
            return State.DRAFT
        if self.publish_at > at:
            return State.SCHEDULED
        return State.EXPIRED if self.expires_at is not None and self.expires_at <= at else State.VISIBLE

    @property
    def state(self) -> State:
        """What it is now."""
        return self.state_at(timezone.now())

    @property
    def chip(self) -> str:
        """The kind of chip its state stands in."""
        return CHIPS[self.state]

    @property
    def shows_image(self) -> bool:
        """Whether it has an image that the virus scan has passed. Reads `image`."""
        return self.image is not None and self.image.state == FileState.CLEAN

    @property
    def waits_for_decision(self) -> bool:
        """Whether an appeal against its taking down waits for somebody."""
        return self.hidden_at is not None and self.appealed_at is not None and self.appeal_decided_at is None

    def missing(self) -> list[tuple[str, str]]:
        """What still has to be written before it can be published, as pairs of field and language."""
        return [(field, code) for field in CONTENT for code in LANGUAGE_CODES if not getattr(self, f"{field}_{code}")]
