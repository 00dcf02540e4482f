"""Cases as a table for spreadsheets: what was said and what became of it, never who said it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from participation.feedback.models import Case, CaseQuerySet
from portal.audit.actions import record
from portal.figures.export import csv_response, xlsx_response

COLUMNS = [
    _("Reference"), pgettext_lazy("column", "Received"), _("Channel"), _("Language"), _("Kind"), _("Topic"),
    _("Governorate"), _("Message"), _("State"), _("Priority"), _("Unit"), _("With"), _("Due"),
    pgettext_lazy("column", "Answered"), _("Finished"), pgettext_lazy("column", "Escalation"), _("Ground"),
    _("Answered out of turn"),
]  # fmt: skip
HIDDEN = ("search", "name", "email", "phone", "safety_reason")


def export_cases(cases: CaseQuerySet, *, kind: str, by: Any, filters: dict[str, str]) -> HttpResponseBase:
    """The cases as `kind` ("csv" or "xlsx"), noted in the audit trail with their number and the filters used."""
    record(verb="case.exported", subject=by, by=by, data={"count": cases.count(), "format": kind, "filters": filters})
    name = f"cases-{timezone.localdate():%Y-%m-%d}.{kind}"
    header = [str(title) for title in COLUMNS]
    rows = _rows(cases)
    if kind == "xlsx":
        return xlsx_response(name, header, rows, sheet_rtl=get_language() == "ar")
    return csv_response(name, header, rows)


def _rows(cases: CaseQuerySet) -> Iterator[list[Any]]:
    language = get_language() or "ar"
    rows = cases.defer(*HIDDEN).select_related("topic", "unit", "assignee")
    for case in rows.iterator(chunk_size=1000):
        yield _row(case, language)


def _row(case: Case, language: str) -> list[Any]:
    # The rows are drawn after the view is over: the names are fetched by column, not by the language of the moment.
    def named(thing: Any) -> str:
        return getattr(thing, f"name_{language}") if thing else ""

    return [
        case.reference, case.received_at, case.get_channel_display(), case.language, case.get_kind_display(),
        named(case.topic), case.get_governorate_display(), case.text, case.get_state_display(),
        case.get_priority_display(), named(case.unit), named(case.assignee) or getattr(case.assignee, "username", ""),
        case.due_at, case.answered_at, case.finished_at, case.escalation_level, case.get_ground_display(),
        case.jumped_queue,
    ]  # fmt: skip
