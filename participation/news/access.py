"""Who of the staff may do what with which announcement. Editors write; publishing is for those who may publish."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from participation.news.models import Announcement
from participation.news.states import State
from portal.organisations.access import role_in

OUT = (State.VISIBLE, State.EXPIRED)


def visible_announcement(user: Any, pk: int | str) -> Announcement:
    """The announcement, if the user may see it; else the same 404 as for one that does not exist."""
    related = ("unit__organisation", "topic", "image", "author", "published_by", "hidden_by", "appealed_by",
               "appeal_decided_by")  # fmt: skip
    try:
        return Announcement.objects.visible_to(user).select_related(*related).get(pk=pk)
    except (Announcement.DoesNotExist, ValueError):
        raise Http404 from None


def belongs(user: Any, unit_id: int | None) -> bool:
    """Does the user work in the unit, or administer the portal?"""
    return user.is_superuser or role_in(user, unit_id) is not None


def may_publish(user: Any, announcement: Announcement) -> bool:
    """May the user publish for the announcement's unit, take down, and decide about it?"""
    return user.has_perm("news.publish_announcement") and belongs(user, announcement.unit_id)


def may_edit(user: Any, announcement: Announcement) -> bool:
    """May the user change the text? A draft: every editor of the unit. What is published: who may publish.

    What is locked or taken down changes for nobody.
    """
    if announcement.is_locked or announcement.hidden_at is not None:
        return False
    if announcement.publish_at is not None:
        return may_publish(user, announcement)
    return user.has_perm("news.change_announcement") and belongs(user, announcement.unit_id)


def granted(user: Any, announcement: Announcement) -> set[str]:
    """The verbs the user's permissions give them on this announcement, whatever its state."""
    verbs: set[str] = set()
    if may_publish(user, announcement):
        verbs |= {"publish", "unschedule", "pin", "unpin", "lock", "unlock", "hide", "unhide"}
        if user.pk not in (announcement.hidden_by_id, announcement.appealed_by_id):
            verbs.add("decide")
    is_editor = user.has_perm("news.change_announcement") and belongs(user, announcement.unit_id)
    if (is_editor or "hide" in verbs) and user.pk != announcement.hidden_by_id:
        verbs.add("appeal")
    return verbs


def possible(user: Any, announcement: Announcement) -> set[str]:
    """Those of the granted verbs that would change something now."""
    return {verb for verb in granted(user, announcement) if _fits(verb, announcement, announcement.state)}


def _fits(verb: str, announcement: Announcement, state: State) -> bool:
    is_out = state in OUT or state == State.SCHEDULED
    fits = {
        "publish": state in (State.DRAFT, State.SCHEDULED),
        "unschedule": state == State.SCHEDULED,
        "pin": state in (State.SCHEDULED, State.VISIBLE) and not announcement.is_pinned,
        "unpin": is_out and announcement.is_pinned,
        "lock": is_out and not announcement.is_locked,
        "unlock": is_out and announcement.is_locked,
        "hide": state in OUT,
        "unhide": state == State.HIDDEN,
        "appeal": state == State.HIDDEN and announcement.appealed_at is None,
        "decide": announcement.waits_for_decision,
    }
    return fits[verb]
