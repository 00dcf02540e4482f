"""Public pages: the list of policies, one policy, its history, one version, what differs between two."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from policies.pages.comparing import comparison
from policies.pages.models import PolicyVersion
from policies.pages.reading import as_text, page_context
from policies.pages.states import Group, State
from portal.digits import fold_digits
from portal.http import public


@public
@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    """Every policy in force, by group."""
    rows = PolicyVersion.objects.current().select_related("policy__unit").without_texts()
    order = {group: number for number, group in enumerate(Group.values)}
    listed = sorted(rows.in_page_order(), key=lambda row: order[row.policy.group])
    groups = [(Group(name).label, list(found)) for name, found in groupby(listed, key=lambda row: row.policy.group)]
    return render(request, "policies/pages/list.html", {"groups": groups})


@public
@require_safe
def policy(request: HttpRequest, slug: str) -> HttpResponse:
    """What is in force now."""
    return _page(request, _current(slug))


@public
@require_safe
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One version under its lasting address, in force or superseded."""
    return _page(request, _version(slug, number), is_lasting=True)


@public
@require_safe
def policy_text(request: HttpRequest, slug: str) -> HttpResponse:
    """What is in force now, as plain text."""
    return _plain(as_text(_current(slug)))


@public
@require_safe
def version_text(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One version as plain text."""
    return _plain(as_text(_version(slug, number)))


@public
@require_safe
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """Every version there was, newest first, each with its days and what it changed."""
    rows = _versions(slug)
    ends = [None, *(row.publish_at for row in rows)]
    entries = [
        {"version": row, "until": end, "before": before.number if before else None}
        for row, end, before in zip(rows, ends, [*rows[1:], None], strict=False)
    ]
    context = {"entries": entries, "current": rows[0], "policy": rows[0].policy, "last_updated": rows[0].publish_at}
    return render(request, "policies/pages/history.html", context)


@public
@require_safe
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """What differs between two versions; without a choice, or with one there is not, between the last two."""
    rows = _versions(slug)
    by_number = {row.number: row for row in rows}
    new = _chosen(request, "to", by_number) or rows[0]
    old = _chosen(request, "from", by_number) or next((row for row in rows if row.number < new.number), None)
    context: dict[str, Any] = {"versions": rows, "policy": new.policy, "current": rows[0], "new": new, "old": old}
    if old is not None and old.number > new.number:
        old, new = new, old
    if old is not None and old != new:
        full = PolicyVersion.objects.select_related("policy").in_bulk([old.pk, new.pk])
        context |= comparison(full[old.pk], full[new.pk])
    return render(request, "policies/pages/compare.html", context)


def _chosen(request: HttpRequest, name: str, versions: dict[int, PolicyVersion]) -> PolicyVersion | None:
    typed = fold_digits(request.GET.get(name, "")).strip()
    return versions.get(int(typed)) if typed.isascii() and typed.isdecimal() and len(typed) < 9 else None


def _page(request: HttpRequest, found: PolicyVersion, *, is_lasting: bool = False) -> HttpResponse:
    context = page_context(found)
    response = render(request, "policies/pages/policy.html", {**context, "is_lasting": is_lasting})
    if context["state"] == State.SUPERSEDED:
        response.headers["X-Robots-Tag"] = "noindex"
    patch_cache_control(response, public=True, no_cache=True)
    return response


def _plain(text: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    patch_cache_control(response, public=True, no_cache=True)
    return response


def _current(slug: str) -> PolicyVersion:
    rows = PolicyVersion.objects.current().select_related("policy__unit__organisation")
    return _found(rows.filter(policy__slug=slug).first())


def _version(slug: str, number: int) -> PolicyVersion:
    """A version the public has or had; a draft or what is scheduled answers like nothing at all."""
    rows = PolicyVersion.objects.published().select_related("policy__unit__organisation")
    return _found(rows.filter(policy__slug=slug, number=number).first())


def _found(row: PolicyVersion | None) -> PolicyVersion:
    if row is None:
        raise Http404
    return row


def _versions(slug: str) -> list[PolicyVersion]:
    rows = PolicyVersion.objects.published(timezone.now()).filter(policy__slug=slug).select_related("policy")
    found = list(rows.without_texts().order_by("-number"))
    if not found:
        raise Http404
    return found
