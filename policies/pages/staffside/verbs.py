"""The buttons of a version: for each verb its words, its form, and the action behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from policies.pages.actions import reviewing
from policies.pages.models import PolicyVersion
from policies.pages.staffside import verb_forms as forms

Perform = Callable[[PolicyVersion, Any, dict[str, Any]], bool]


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
    shows_changes: bool = False


def _act(action: Callable[..., bool], *names: str) -> Perform:
    """Call an action with the version, who acts, and these fields of the form."""

    def perform(version: PolicyVersion, by: Any, data: dict[str, Any]) -> bool:
        return action(version=version, by=by, **{name: data[name] for name in names})

    return perform


ORDER = [
    Verb(
        "submit",
        _("Send to review"),
        _("It waits for its review by a second person."),
        _act(reviewing.submit_version, "revision"),
        hint=_("Read both previews first. While it is in review nobody changes it."),
        is_main=True,
        shows_changes=True,
    ),
    Verb(
        "approve",
        _("Approve"),
        _("It is approved, and in force from the moment you chose."),
        _act(reviewing.approve_version, "revision", "at"),
        forms.ApproveForm,
        hint=_("You answer for it as the second person. Once it is in force, nobody can change it any more: a mistake "
               "is mended by a new version."),
        is_main=True,
        shows_changes=True,
    ),
    Verb(
        "return",
        _("Send back"),
        _("It is a draft again, with your remark."),
        _act(reviewing.return_version, "remark"),
        forms.ReturnForm,
        shows_changes=True,
    ),
    Verb(
        "take_back",
        _("Take back from review"),
        _("The version is a draft again."),
        _act(reviewing.take_back_version),
        hint=_("It can be changed again, and must be sent to review anew."),
    ),
    Verb(
        "unschedule",
        _("Make it a draft again"),
        _("The version is a draft again."),
        _act(reviewing.unschedule_version),
        hint=_("The public has not seen it yet. It needs a new review before it can come into force."),
    ),
]  # fmt: skip
VERBS = {verb.key: verb for verb in ORDER}
