"""How long the dispute about an announcement that was taken down is kept."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from participation.news.models import Announcement
from portal.audit.models import AuditEvent
from portal.retention.registry import Rule, Subject, before, days, register, register_subjects
from portal.retention.subjects import by_column

APPEAL_DAYS = days("news.appeal", 3 * 365)
FORGOTTEN = "—"
"""Stands where the words of an appeal and of its answer were: an appeal without words could be made a second time."""


def appeals_due(at: datetime) -> QuerySet[Announcement]:
    """Disputes over long enough: decided, never begun, or ended by showing the announcement again. An appeal that
    waits for its decision is never due."""
    limit = before(at, APPEAL_DAYS)
    decided = Q(appeal_decided_at__lt=limit)
    not_begun = Q(appealed_at__isnull=True, hidden_at__lt=limit)
    shown_again = Q(hidden_at__isnull=True, appeal_decided_at__isnull=True) & ~_shown_since(limit)
    said = ~Q(hidden_reason="") | ~Q(appeal_text__in=["", FORGOTTEN]) | ~Q(appeal_answer__in=["", FORGOTTEN])
    return Announcement.objects.filter(decided | not_begun | shown_again).filter(said)


def _shown_since(limit: datetime) -> Exists:
    """Whether it was shown again after a moment. Only the trail knows when."""
    own = AuditEvent.objects.filter(
        subject_kind="news.announcement", subject_id=Cast(OuterRef("pk"), TextField()), verb="announcement.unhidden"
    )
    return Exists(own.filter(at__gte=limit))


def forget(announcements: QuerySet[Announcement]) -> int:
    """Forget what was written for and against. That it was taken down, on which ground, and what was decided stays."""
    for words in ("appeal_text", "appeal_answer"):
        announcements.exclude(**{words: ""}).update(**{words: FORGOTTEN})
    return announcements.update(hidden_reason="")


APPEAL = Rule(
    "news.appeal", "news.announcement", ("hidden_reason", "appeal_text", "appeal_answer"),
    title=_("What staff wrote for and against taking down an announcement"),
    purpose=_("To let somebody else look at the decision again."),
    basis=_("Whoever is refused must be able to have it reviewed."),
    days=APPEAL_DAYS, due=appeals_due, dispose=forget,
    counted_from=_("the day the appeal was decided; where none was, the day of taking it down or showing it again"),
)  # fmt: skip


def register_all() -> None:
    """Tell the registry."""
    register(APPEAL)
    named = by_column("news.announcement", "slug")
    register_subjects(Subject("news.announcement", _("Announcement"), _("the last part of its address"), **named))
