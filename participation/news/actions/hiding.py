"""Taking an announcement down, showing it again, and the appeal that somebody else decides."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from participation.news import letters
from participation.news.actions.changing import Conflict, change
from participation.news.models import Announcement
from participation.news.states import Ground, Outcome

NO_APPEAL: dict[str, Any] = {
    "appealed_at": None, "appealed_by": None, "appeal_text": "", "appeal_decided_at": None, "appeal_decided_by": None,
    "appeal_outcome": "", "appeal_answer": "",
}  # fmt: skip
WAITING = Q(hidden_at__isnull=False, appealed_at__isnull=False, appeal_decided_at__isnull=True)


@transaction.atomic
def hide_announcement(*, announcement: Announcement, ground: Ground | str, by: Any, reason: str = "") -> bool:
    """Take it out of page, list, feeds, image and search at once; its author is told the ground.

    False, with nobody told again, where it is down already or the public never had it.
    """
    now = timezone.now()
    shown = Q(publish_at__lte=now, hidden_at__isnull=True)
    done = change(announcement, "hidden", by=by, only=shown, data={"ground": str(ground)}, hidden_at=now, hidden_by=by,
                  hidden_ground=ground, hidden_reason=reason, **NO_APPEAL)  # fmt: skip
    if done:
        letters.hidden(announcement)
    return done


@transaction.atomic
def unhide_announcement(*, announcement: Announcement, by: Any) -> bool:
    """Show it again as it was; an appeal that waits is then without object. False where it is not down."""
    return change(announcement, "unhidden", by=by, only=Q(hidden_at__isnull=False), hidden_at=None)


@transaction.atomic
def appeal(*, announcement: Announcement, text: str, by: Any) -> bool:
    """Ask for another look at its taking down, once. False where there is nothing to appeal, or it was done."""
    down = Q(hidden_at__isnull=False, appealed_at__isnull=True) & ~Q(hidden_by=by)
    return change(announcement, "appealed", by=by, only=down, appealed_at=timezone.now(), appealed_by=by,
                  appeal_text=text)  # fmt: skip


@transaction.atomic
def decide_appeal(*, announcement: Announcement, outcome: Outcome | str, answer: str, by: Any) -> bool:
    """Decide an appeal; who took it down and who appealed may not. Restored means shown again at once.

    False where it was decided already the same way; Conflict where nobody waits for this decision of `by`.
    """
    announcement.refresh_from_db()
    if announcement.appeal_outcome == outcome:
        return False
    restored = {"hidden_at": None} if outcome == Outcome.RESTORED else {}
    another = WAITING & ~Q(hidden_by=by) & ~Q(appealed_by=by)
    if not change(announcement, "appeal_decided", by=by, only=another, data={"outcome": str(outcome)},
                  appeal_decided_at=timezone.now(), appeal_decided_by=by, appeal_outcome=outcome,
                  appeal_answer=answer, **restored):  # fmt: skip
        raise Conflict
    letters.appeal_decided(announcement)
    return True
