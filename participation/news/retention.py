"""How long the dispute about an announcement that was taken down is kept."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from participation.news.actions.hiding import NO_APPEAL
from participation.news.models import Announcement
from portal.retention.registry import Rule, Subject, before, days, register, register_subjects
from portal.retention.subjects import by_column

APPEAL_DAYS = days("news.appeal", 3 * 365)


def appeals_due(at: datetime) -> QuerySet[Announcement]:
    """Appeals decided long enough ago."""
    return Announcement.objects.filter(appeal_decided_at__lt=before(at, APPEAL_DAYS))


def forget(announcements: QuerySet[Announcement]) -> int:
    """Forget what was written for and against; that it was taken down, and on which ground, stays."""
    return announcements.update(**NO_APPEAL, hidden_reason="")


APPEAL = Rule(
    "news.appeal", "news.announcement", ("hidden_reason", "appeal_text", "appeal_answer"),
    title=_("What staff wrote for and against taking down an announcement"),
    purpose=_("To let somebody else look at the decision again."),
    basis=_("Whoever is refused must be able to have it reviewed."),
    days=APPEAL_DAYS, counted_from=_("the day the appeal was decided"), due=appeals_due, dispose=forget,
)  # fmt: skip


def register_all() -> None:
    """Tell the registry."""
    register(APPEAL)
    named = by_column("news.announcement", "slug")
    register_subjects(Subject("news.announcement", _("Announcement"), _("the last part of its address"), **named))
