"""The staff pages of retention: asking, deciding, and the list of periods."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise

from portal.retention import registry
from portal.retention.actions import Refused
from portal.retention.disposal import obeyed
from portal.retention.words import kept

ASK = "retention/staff/ask.html"
CONFIRM = "retention/staff/confirm.html"
PERIODS = "retention/staff/periods.html"


@dataclass(frozen=True)
class Verb:
    """A button with what is said before and after."""

    label: str | Promise
    hint: str | Promise
    done: str | Promise
    is_grave: bool = False


def back_to(row: models.Model) -> HttpResponse:
    """To the page of a row."""
    return redirect(f"admin:retention_{row._meta.model_name}_change", row.pk)


def ask(
    request: HttpRequest, site: AdminSite, model: type[models.Model], form: Any, verb: Verb, do: Callable[[], Any]
) -> HttpResponse:
    """A form that makes a new row of `model` with do()."""
    if form.is_bound and form.is_valid():
        try:
            row = do()
        except Refused as refused:
            form.add_error(None, str(refused.message))
        else:
            messages.success(request, str(verb.done))
            return back_to(row)
    context = {
        **site.each_context(request), "title": verb.label, "opts": model._meta, "form": form, "verb": verb,
        "list_url": reverse(f"admin:retention_{model._meta.model_name}_changelist"),
    }  # fmt: skip
    return render(request, ASK, context, status=422 if form.is_bound else 200)


def confirm(request: HttpRequest, site: AdminSite, row: Any, verb: Verb, do: Callable[[], bool]) -> HttpResponse:
    """Ask before doing what a button says, then do it."""
    if request.method == "POST":
        try:
            done = do()
        except Refused as refused:
            messages.error(request, str(refused.message))
        else:
            messages.success(request, str(verb.done)) if done else None
        return back_to(row)
    context = {
        **site.each_context(request), "title": verb.label, "opts": row._meta, "row": row, "verb": verb,
        "list_url": reverse(f"admin:retention_{row._meta.model_name}_changelist"),
        "row_url": reverse(f"admin:retention_{row._meta.model_name}_change", args=[row.pk]),
    }  # fmt: skip
    return render(request, CONFIRM, context)


def periods(request: HttpRequest, site: AdminSite, opts: Any, title: Any) -> HttpResponse:
    """Every rule, as the privacy policy tells it, with the name by which an operator sets its period."""
    nightly = {rule.key for rule in obeyed()}
    adjustable = registry.adjustable()
    rows = [
        {"rule": rule, "kept": kept(rule), "is_nightly": rule.key in nightly, "is_adjustable": rule.key in adjustable}
        for rule in registry.rules()
    ]
    return render(request, PERIODS, {**site.each_context(request), "title": title, "opts": opts, "rows": rows})
