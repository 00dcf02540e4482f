"""The buttons of an account: for each verb its words, its form, and the action behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from participation.social import actions
from participation.social.access import possible, visible_account, waits_for_another
from participation.social.models import Account
from participation.social.staffside import forms

NOT_READY = {
    "expired": _("Its authorisation has ended: change the proposal, or note a new resolution."),
    "holder": _("Name the employee who runs it first: change the proposal."),
    "own": _("You wrote this proposal, or part of it: somebody else has to list it."),
}


@dataclass(frozen=True)
class Verb:
    """`done` is said after it changed something."""

    key: str
    label: Any
    hint: Any
    done: Any
    action: Callable[..., Account]
    form: type[forms.VerbForm] = forms.VerbForm
    is_grave: bool = False


ORDER = [
    Verb(
        "list",
        _("List as official"),
        _("Everybody then reads that this account is official, who runs it and by which resolution."),
        _("It is on the register, and everybody can check it."),
        actions.list_account,
    ),
    Verb(
        "posted",
        _("Note the last post"),
        _("An account without a post for long is shown as not currently active."),
        _("The day is noted."),
        actions.note_post,
        forms.PostedForm,
    ),
    Verb(
        "renew",
        _("Renew the authorisation"),
        _("Without a new resolution the account stops being official on the day after the authorisation ends."),
        _("The new authorisation is noted."),
        actions.renew_authorisation,
        forms.RenewForm,
    ),
    Verb(
        "delist",
        _("Take it off the register"),
        _(
            "Everybody then reads that it is official no more, since when and why. It cannot be put back; it would "
            "have to be proposed anew."
        ),
        _("It is off the register."),
        actions.delist_account,
        forms.DelistForm,
        is_grave=True,
    ),
]
VERBS = {verb.key: verb for verb in ORDER}


def buttons(user: Any, account: Account) -> list[Verb]:
    """The verbs the user can use on the account now."""
    allowed = possible(user, account)
    return [verb for verb in ORDER if verb.key in allowed]


def act(request: HttpRequest, site: AdminSite, pk: int, key: str) -> HttpResponse:
    """Ask, then act. What somebody else changed meanwhile is told, and nothing is overwritten."""
    account = visible_account(request.user, pk)
    verb = VERBS.get(key)
    if verb is None:
        raise Http404
    if key not in possible(request.user, account):
        return _not_now(request, verb, account)
    form = verb.form(account, request.POST or None)
    if not form.is_valid():
        return _ask(request, site, verb, form, 422 if form.is_bound else 200)
    try:
        verb.action(account=account, by=request.user, **form.cleaned_data)
    except actions.Conflict:
        return _again(request, site, verb, form)
    except actions.NotReady as error:
        form.add_error(None, NOT_READY[error.problem])
        return _ask(request, site, verb, form, 422)
    messages.success(request, verb.done)
    return _back(account)


def _not_now(request: HttpRequest, verb: Verb, account: Account) -> HttpResponse:
    is_own = verb.key == "list" and waits_for_another(request.user, account)
    so_already = _("Nothing was changed: it is so already, or its state no longer allows it.")
    messages.info(request, NOT_READY["own"] if is_own else so_already)
    return _back(account)


def _again(request: HttpRequest, site: AdminSite, verb: Verb, form: forms.VerbForm) -> HttpResponse:
    """Somebody else was quicker: the account as it is now, and what was typed, to be decided anew."""
    account = visible_account(request.user, form.account.pk)
    if verb.key not in possible(request.user, account):
        return _not_now(request, verb, account)
    form.decide_anew(account)
    return _ask(request, site, verb, form, 409)


def _back(account: Account) -> HttpResponse:
    return redirect("admin:social_account_change", account.pk)


def _ask(request: HttpRequest, site: AdminSite, verb: Verb, form: forms.VerbForm, status: int) -> HttpResponse:
    context = {
        **site.each_context(request),
        "title": verb.label,
        "opts": Account._meta,
        "account": form.account,
        "verb": verb,
        "form": form,
    }
    return render(request, "participation/social/desk/act.html", context, status=status)
