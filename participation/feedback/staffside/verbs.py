"""The buttons of a case: for each verb its words, its form, and the action behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from participation.feedback.actions import intake, routing, work
from participation.feedback.models import Case, Referral
from participation.feedback.staffside import forms
from participation.feedback.states import ReferralState

Perform = Callable[[Case, Any, dict[str, Any]], Any]


@dataclass(frozen=True)
class Verb:
    """`is_letter`: its text goes to the citizen, so it is shown once more before it is sent."""

    key: str
    label: str | Promise
    done: str | Promise
    form: type[forms.VerbForm]
    perform: Perform
    is_letter: bool = False
    is_grave: bool = False
    hint: str | Promise = ""


def open_referral(case: Case) -> Referral | None:
    """The referral that is under way."""
    states = [ReferralState.SENT, ReferralState.ACCEPTED]
    return case.referrals.select_related("authority").filter(state__in=states).first()


def _referral(case: Case) -> Referral:
    referral = open_referral(case)
    if referral is None:
        raise work.Conflict
    referral.case = case
    return referral


def _act(action: Callable[..., Any], *names: str) -> Perform:
    """Call an action with the case, who acts, what they saw, and these fields of the form."""

    def perform(case: Case, by: Any, data: dict[str, Any]) -> Any:
        return action(case=case, by=by, version=data["version"], **{name: data[name] for name in names})

    return perform


def _give_back(case: Case, by: Any, data: dict[str, Any]) -> Any:
    return work.assign_case(case=case, to=None, by=by, version=data["version"])


def _reply(case: Case, by: Any, data: dict[str, Any]) -> Any:
    return work.reply_to_case(
        case=case,
        text=data["text"],
        by=by,
        version=data["version"],
        is_final=data["is_final"] == forms.ReplyForm.FINAL,
        out_of_turn_reason=data.get("reason", ""),
    )


def _note(case: Case, by: Any, data: dict[str, Any]) -> Any:
    return work.add_note(case=case, text=data["text"], by=by)


def _accept_referral(case: Case, by: Any, data: dict[str, Any]) -> Any:
    return work.accept_referral(referral=_referral(case), by=by)


def _end_referral(case: Case, by: Any, data: dict[str, Any]) -> Any:
    return work.end_referral(referral=_referral(case), text=data["text"], by=by, version=data["version"])


def _take_back(case: Case, by: Any, data: dict[str, Any]) -> Any:
    return work.take_back(referral=_referral(case), by=by, version=data["version"])


ORDER = [
    Verb("claim", _("Take this case"), _("The case is yours now."), forms.PlainForm, _act(work.claim_case)),
    Verb("give_back", _("Give it back to the queue"), _("The case is back in the queue."), forms.PlainForm, _give_back),
    Verb(
        "release",
        _("It is genuine: release it"),
        _("The message was released and goes the usual way."),
        forms.PlainForm,
        _act(intake.release_case),
    ),
    Verb("reply", _("Reply"), _("The reply was sent."), forms.ReplyForm, _reply, is_letter=True),
    Verb(
        "ask",
        _("Ask the citizen"),
        _("The question was sent; the clocks stand still until the answer comes."),
        forms.LetterForm,
        _act(work.ask_citizen, "text"),
        is_letter=True,
        hint=_("The clocks stand still until the citizen answers."),
    ),
    Verb("note", _("Add a note"), _("The note was added."), forms.NoteForm, _note),
    Verb("assign", _("Assign"), _("The case was assigned."), forms.AssignForm, _act(work.assign_case, "to")),
    Verb(
        "route",
        _("Send to a unit"),
        _("The case was sent to the unit."),
        forms.RouteForm,
        _act(routing.route_case, "unit"),
    ),
    Verb(
        "refer",
        _("Refer to another authority"),
        _("The case was referred."),
        forms.ReferForm,
        _act(work.refer_case, "authority", "text"),
        is_letter=True,
    ),
    Verb(
        "accept_referral",
        _("The authority accepted it"),
        _("Noted: the authority has the case."),
        forms.PlainForm,
        _accept_referral,
    ),
    Verb(
        "end_referral",
        _("Pass on the authority's answer"),
        _("The authority's answer was passed on."),
        forms.LetterForm,
        _end_referral,
        is_letter=True,
    ),
    Verb(
        "take_back",
        _("The authority sent it back"),
        _("The case is with the unit again."),
        forms.PlainForm,
        _take_back,
    ),
    Verb(
        "priority",
        _("Change the priority"),
        _("The priority was changed."),
        forms.PriorityForm,
        _act(work.set_priority, "priority"),
    ),
    Verb(
        "safety",
        _("Confirm public safety"),
        _("Public safety was confirmed."),
        forms.SafetyForm,
        _act(work.confirm_safety, "reason"),
        hint=_("The correction then goes ahead of the others. Your name and reason are kept."),
    ),
    Verb(
        "close",
        _("Close"),
        _("The case was closed."),
        forms.LetterForm,
        _act(work.close_case, "text"),
        is_letter=True,
        is_grave=True,
    ),
    Verb(
        "rule_out",
        _("Out of scope"),
        _("The case was marked as out of scope."),
        forms.LetterForm,
        _act(work.rule_out, "text"),
        is_letter=True,
        is_grave=True,
        hint=_("Not about the portal's services, facilities or policies, and nobody to refer it to."),
    ),
    Verb(
        "remove",
        _("Take out of view"),
        _("The message was taken out of view."),
        forms.RemoveForm,
        _act(work.remove_case, "ground", "text"),
        is_letter=True,
        is_grave=True,
        hint=_("Only on one of the published grounds; the author is told which."),
    ),
]
VERBS = {verb.key: verb for verb in ORDER}

QUICK = ("claim", "give_back", "release", "accept_referral", "take_back")
"""Verbs that are one button without a form."""
