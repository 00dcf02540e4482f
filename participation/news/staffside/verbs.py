"""The buttons of an announcement: for each verb its words, its form, and the action behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from participation.news.actions import hiding, publishing
from participation.news.models import Announcement
from participation.news.staffside import verb_forms as forms

Perform = Callable[[Announcement, Any, dict[str, Any]], bool]


@dataclass(frozen=True)
class Verb:
    """`done` is said after it changed something. What is so already is left as it is, and that is said instead."""

    key: str
    label: str | Promise
    done: str | Promise
    perform: Perform
    form: type[forms.VerbForm] = forms.VerbForm
    hint: str | Promise = ""
    is_main: bool = False
    is_grave: bool = False


def _act(action: Callable[..., bool], *names: str) -> Perform:
    """Call an action with the announcement, who acts, and these fields of the form."""

    def perform(announcement: Announcement, by: Any, data: dict[str, Any]) -> bool:
        return action(announcement=announcement, by=by, **{name: data[name] for name in names})

    return perform


ORDER = [
    Verb(
        "publish",
        _("Publish or schedule"),
        _("It is published, or will be at the time you chose."),
        _act(publishing.publish_announcement, "at", "version"),
        forms.PublishForm,
        hint=_("Read the preview in both languages first. Once the public has seen it, its address stays for ever."),
        is_main=True,
    ),
    Verb(
        "unschedule",
        _("Make it a draft again"),
        _("It is a draft again."),
        _act(publishing.unschedule_announcement),
        hint=_("The public has not seen it yet, and will not see it at the scheduled time."),
    ),
    Verb(
        "pin",
        _("Pin to the top"),
        _("It is on top of the list."),
        _act(publishing.pin_announcement),
        hint=_("It stays above newer announcements until it is unpinned or no longer current."),
    ),
    Verb(
        "unpin",
        _("Unpin"),
        _("It takes its place by date."),
        _act(publishing.unpin_announcement),
        hint=_("It takes its place by date."),
    ),
    Verb(
        "lock",
        _("Lock the text"),
        _("Nobody can change the text now."),
        _act(publishing.lock_announcement),
        hint=_("Nobody can change the text until it is unlocked."),
    ),
    Verb(
        "unlock",
        _("Unlock the text"),
        _("The text can be changed again."),
        _act(publishing.unlock_announcement),
        hint=_("Whoever may publish can then change the text; the page tells readers the date of the change."),
    ),
    Verb(
        "hide",
        _("Take it down"),
        _("It was taken down. Its author is told the ground."),
        _act(hiding.hide_announcement, "ground", "reason"),
        forms.HideForm,
        hint=_(
            "It leaves the page, the list, the feeds and the search at once. Whoever opens its address reads that it "
            "was taken down, and when. The text stays here for review."
        ),
        is_grave=True,
    ),
    Verb(
        "unhide",
        _("Show it again"),
        _("The public can read it again."),
        _act(hiding.unhide_announcement),
        hint=_("The public reads it again at the same address, with its old date."),
    ),
    Verb(
        "appeal",
        _("Appeal"),
        _("Somebody else than who took it down will decide."),
        _act(hiding.appeal, "text"),
        forms.AppealForm,
        hint=_("You can do this once. Somebody else than who took it down decides, and you are told the reasons."),
    ),
    Verb(
        "decide",
        _("Decide the appeal"),
        _("The decision is noted. Whoever appealed is told."),
        _act(hiding.decide_appeal, "outcome", "answer"),
        forms.DecideForm,
        is_main=True,
    ),
]
VERBS = {verb.key: verb for verb in ORDER}
