"""The buttons of a release: for each verb its words, its form, and the action behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from opendata.catalogue.actions import deciding, reviewing
from opendata.catalogue.models import Release
from opendata.catalogue.staffside import verb_forms as forms
from opendata.catalogue.staffside.choices_form import ChoicesForm

Perform = Callable[[Release, Any, Any], bool]


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
    """Call an action with the release, who acts, and these fields of the form."""

    def perform(release: Release, by: Any, form: Any) -> bool:
        return action(release=release, by=by, **{name: form.cleaned_data[name] for name in names})

    return perform


def _read_again(release: Release, by: Any, form: Any) -> bool:
    revision = form.cleaned_data["revision"]
    return reviewing.read_again(release=release, by=by, revision=revision, choices=form.choices())


ORDER = [
    Verb(
        "submit",
        _("Send for approval"),
        _("It waits for the approval of a second person."),
        _act(reviewing.submit_release, "revision"),
        hint=_("Somebody else of your unit looks at it before it is published."),
        is_main=True,
    ),
    Verb(
        "approve",
        _("Approve and publish"),
        _("It is approved. The files are being made; the version appears in a moment."),
        _act(deciding.approve_release, "revision"),
        hint=_("You answer for it as the second person. A published version never changes: a mistake is mended by a "
               "new version, or it is withdrawn in public."),
        is_main=True,
    ),
    Verb(
        "return",
        _("Return it"),
        _("It is back in review, with your reason."),
        _act(deciding.return_release, "because"),
        forms.ReasonForm,
    ),
    Verb(
        "take_back",
        _("Take back from approval"),
        _("It is back in review."),
        _act(reviewing.take_back),
        hint=_("It can be changed again, and must be sent for approval anew."),
    ),
    Verb(
        "accept",
        _("Accept problems"),
        _("What you accepted is noted."),
        _act(reviewing.accept_problems, "revision", "codes"),
        forms.AcceptForm,
    ),
    Verb(
        "original",
        _("Publish the original file or not"),
        _("It is noted whether the original file is published."),
        _act(reviewing.decide_original, "revision", "leave_out", "because_ar", "because_en"),
        forms.OriginalForm,
        hint=_("A file may hold more than its table: other sheets, comments, names of authors. The second person sees "
               "what you decide."),
    ),
    Verb(
        "clear",
        _("Clear personal data"),
        _("It is noted that you answer for it."),
        _act(reviewing.clear_personal, "revision", "because"),
        forms.ClearForm,
        hint=_("You answer for it that what was found is no personal data, or may be published all the same."),
    ),
    Verb(
        "note",
        _("Say what has changed"),
        _("It is noted."),
        _act(reviewing.note_change, "revision", "kind", "change_note_ar", "change_note_en"),
        forms.NoteForm,
    ),
    Verb(
        "read_again",
        _("Read again with other choices"),
        _("The file is read again."),
        _read_again,
        ChoicesForm,
        hint=_("What was accepted and cleared has to be looked at again afterwards. The data dictionary stays."),
    ),
    Verb(
        "try_again",
        _("Try again"),
        _("It is tried again."),
        _act(deciding.try_again),
        is_main=True,
    ),
    Verb(
        "give_up",
        _("Give up this release"),
        _("It was given up. The public never saw it."),
        _act(deciding.give_up),
        hint=_("Nothing of it is published. The file and what was decided about it are deleted after a while."),
        is_grave=True,
    ),
]  # fmt: skip
VERBS = {verb.key: verb for verb in ORDER}
