"""The page of a release: what was read, what is in the way, what differs, and the buttons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from opendata.catalogue import dictionaries
from opendata.catalogue.access import may_approve, may_upload, possible, visible_release
from opendata.catalogue.actions.changing import Reason, note
from opendata.catalogue.actions.deciding import own_release
from opendata.catalogue.choices import Stage
from opendata.catalogue.models import Release
from opendata.catalogue.staffside.acting import frame
from opendata.catalogue.staffside.verbs import ORDER
from opendata.catalogue.standing import comparison_of, deciders, obstacles, report_of
from opendata.catalogue.storage import store
from opendata.catalogue.words.failures import failure_words, progress_words, refusal_words
from opendata.catalogue.words.problems import PERSONAL, SEVERITIES, TYPES, problem_words
from opendata.reading.report import Report
from portal.audit.models import AuditEvent

REFRESH = 4
"""Seconds after which the page asks again while a worker has the release."""
BACKGROUND = (Stage.UPLOADED, Stage.READING, Stage.APPROVED, Stage.BUILDING)
LINES = 20


@dataclass(frozen=True)
class Group:
    """The problems of one code: a sentence, how many there are, and where the first ones are."""

    code: str
    severity: str
    words: str
    count: int
    places: list[dict[str, Any]]
    is_accepted: bool


def show(request: HttpRequest, site: AdminSite, pk: int | str) -> HttpResponse:
    """The page. While a worker has the release it renews itself, unless ?still is in its address."""
    release = visible_release(request.user, pk)
    is_working = release.stage in BACKGROUND
    context = {
        **frame(request, site, release),
        "title": str(release.dataset),
        "is_working": is_working,
        "progress": progress_words(release.progress),
        "failure": failure_words(release.failure) if release.failure else "",
        "still": "still" in request.GET,
        "verbs": [verb for verb in ORDER if verb.key in possible(request.user, release)],
        "may_describe": "describe" in possible(request.user, release),
        "version": getattr(release, "version", None),
        "events": list(AuditEvent.objects.about(release).select_related("actor")),
        **_found(release, request.user),
    }
    response = render(request, "opendata/catalogue/staff/release.html", context)
    if is_working and "still" not in request.GET:
        response.headers["Refresh"] = str(REFRESH)
    return response


def _found(release: Release, user: Any) -> dict[str, Any]:
    report = report_of(release)
    if report is None:
        return {}
    reasons = obstacles(release) if release.stage == Stage.REVIEW else []
    is_own = release.stage == Stage.APPROVAL and may_approve(user, release.dataset) and user.pk in deciders(release)
    return {
        "report": report,
        "obstacles": [_words(reason) for reason in reasons],
        "groups": groups(report, release.accepted),
        "personal": _personal(report),
        "difference": comparison_of(release) if release.dataset.latest else None,
        "samples": _samples(release),
        "dictionary": _dictionary(release),
        "undescribed": len(dictionaries.undescribed(release.dictionary)),
        "key": _(", ").join(release.key),
        "waits_for_clearing": bool(report.personal) and not release.cleared_by_id,
        "own": _words(own_release(release)) if is_own else "",
        "editors": list(get_user_model().objects.filter(pk__in=release.edited_by).order_by("pk")),
    }


def _words(reason: Reason) -> str:
    return refusal_words(reason.code, reason.params)


def _dictionary(release: Release) -> list[dict[str, Any]]:
    return [{**entry, "kind": TYPES.get(entry["type"], entry["type"])} for entry in release.dictionary]


def groups(report: Report, accepted: list[str]) -> list[Group]:
    """The problems by code, the gravest first, each with the places of the first twenty."""
    by_code: dict[str, list[Any]] = {}
    for problem in report.problems:
        by_code.setdefault(problem.code, []).append(problem)
    order = list(SEVERITIES)
    found = [
        Group(
            code,
            problems[0].severity,
            problem_words(code, problems[0].params),
            report.problem_counts.get(code, len(problems)),
            [_place(report, problem) for problem in problems[:LINES] if problem.line or problem.column is not None],
            code in accepted,
        )
        for code, problems in by_code.items()
    ]
    return sorted(found, key=lambda group: order.index(group.severity))


def _place(report: Report, problem: Any) -> dict[str, Any]:
    return {"line": problem.line, "column": _title(report, problem.column), "value": problem.value}


def _title(report: Report, index: int | None) -> str:
    if index is None or not 0 <= index < len(report.columns):
        return ""
    return report.columns[index].title or report.columns[index].name


def _personal(report: Report) -> list[dict[str, Any]]:
    return [
        {
            "column": _title(report, found.column) or found.where,
            "kind": PERSONAL.get(found.kind, found.kind),
            "count": found.count,
            "lines": found.lines,
            "examples": found.masked_examples,
        }
        for found in report.personal
    ]  # fmt: skip


def _samples(release: Release) -> list[dict[str, Any]]:
    """The first rows that differ, each as words and pairs of column and value."""
    difference = comparison_of(release)
    if difference is None or release.dataset.latest is None:
        return []
    rows: list[dict[str, Any]] = []
    for words, found in ((_("added"), difference.sample_added), (_("removed"), difference.sample_removed)):
        rows += [{"words": words, "values": list(row.items())} for row in found[:10]]
    for row in difference.sample_changed[:10]:
        changed = [(name, f"{old} → {new}") for name, (old, new) in row["values"].items()]
        rows.append({"words": _("changed"), "values": [*row["key"].items(), *changed]})
    return rows


def problems_csv(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The reader's whole list of problems; it may hold values of the data, so it is noted who took it."""
    release = visible_release(request.user, pk)
    if not (may_upload(request.user, release.dataset) or may_approve(request.user, release.dataset)):
        raise PermissionDenied
    if not release.problems_sha256:
        raise Http404
    note(release, "problems_downloaded", by=request.user)
    file = store().path(release.problems_sha256).open("rb")
    response = FileResponse(file, as_attachment=True, filename=f"problems-{release.pk}.csv", content_type="text/csv")
    response.headers["Cache-Control"] = "no-store"
    return response
