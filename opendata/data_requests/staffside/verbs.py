"""The buttons of a request: for each verb its words, its form, and the action behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opendata.data_requests.actions import answering, work
from opendata.data_requests.staffside import answer_forms
from opendata.data_requests.staffside import verb_forms as forms


@dataclass(frozen=True)
class Verb:
    """`hint` is said before, `done` after. What is public or goes to the requester is shown once more before."""

    key: str
    label: Any
    done: Any
    perform: Callable[..., Any]
    form: type[forms.VerbForm] = forms.VerbForm
    hint: Any = ""
    has_preview: bool = False
    is_grave: bool = False


def _answer(form: type[answer_forms.AnswerForm], label: Any, hint: Any, *, is_grave: bool = False) -> Verb:
    return Verb(f"answer_{form.kind}", label, _("The answer is public, and was sent to the requester."),
                answering.answer_request, form, hint, has_preview=True, is_grave=is_grave)  # fmt: skip


ORDER = [
    Verb("claim", _("Take this request"), _("The request is yours now."), work.claim_request),
    Verb("give_back", pgettext_lazy("request for data", "Give it back to the queue"),
         _("The request is back in the queue."), work.assign_request, forms.GiveBackForm),
    Verb("accept", _("Accept and word it"), _("The request is public, and its requester knows by when it is answered."),
         work.accept_request, forms.AcceptForm,
         _("Word what is asked for, for everybody. Leave out whatever tells who asks. The unit's clock begins."),
         has_preview=True),
    _answer(answer_forms.ReleasedForm, _("Answer: released"), _("The data is published as a dataset.")),
    _answer(answer_forms.PlannedForm, _("Answer: release planned"),
            _("The data will be published. Once it is, the desk reminds you to say so here.")),
    _answer(answer_forms.PartlyForm, _("Answer: partly released"),
            _("Part of the data is published. Say what is not, and why.")),
    _answer(answer_forms.NotHeldForm, _("Answer: not held here"), _("Say who holds the data, as far as you know.")),
    _answer(answer_forms.RefusedForm, _("Answer: refused"),
            _("The public reads reason and legal basis; the requester can have it reconsidered by somebody else."),
            is_grave=True),
    Verb("word", _("Change the public wording"), _("The public wording was changed."), work.word_request,
         forms.WordForm, has_preview=True),
    Verb("route", _("Pass to another unit"), _("The request was passed on. Its clock goes on."), work.route_request,
         forms.RouteForm, _("Its promise stays as it is; the time it took so far counts.")),
    Verb("merge", _("Merge into another request"), _("The request was merged."), work.merge_request, forms.MergeForm,
         _("For a request that asks for the same. Its supports count there, and its requester is told.")),
    Verb("assign", _("Assign"), _("The request was assigned."), work.assign_request, forms.AssignForm),
    Verb("remove", pgettext_lazy("request for data", "Take out of view"), _("The request was taken out of view."),
         work.remove_request, forms.RemoveForm,
         _("Only on one of the published grounds; the requester is told which."), is_grave=True),
]  # fmt: skip
VERBS = {verb.key: verb for verb in ORDER}
QUICK = ("claim", "give_back")
"""Verbs that are one button without a form."""
