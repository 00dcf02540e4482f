"""The progress of e-transformation as a table for anyone to publish or download."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from policies.assessment.models import Assessment, IndicatorSet
from policies.assessment.reading import Report, reports
from policies.assessment.states import Area
from portal.bilingual import in_language
from portal.figures.registry import Column, OpenTable


def _in(language: str, words: Any) -> str:
    with in_language(language):
        return str(words)


def _column(name: str, kind: str, title: Any) -> Column:
    return Column(name, kind, _in("ar", title), _in("en", title))


def columns() -> tuple[Column, ...]:
    """The columns with their titles in both languages."""
    return (
        _column("year", "integer", _("Year")),
        _column("organisation", "text", _("Organisation code")),
        _column("name_ar", "text", _("Organisation in Arabic")),
        _column("name_en", "text", _("Organisation in English")),
        _column("standing", "text", _("State")),
        _column("progress", "number", _("Progress in per cent")),
        *(_column(area.value, "number", area.label) for area in Area),
    )


def rows_of(report: Report) -> Iterator[tuple[Any, ...]]:
    """One row for each organisation of a year; without figures where none were accepted."""
    for line in report.lines:
        body: Any = line.organisation
        total = line.score.total if line.score else None
        names = (body.code, body.name_ar, body.name_en)
        yield (report.indicator_set.year, *names, str(line.standing), total, *line.areas)


def all_rows() -> Iterator[tuple[Any, ...]]:
    """Every year, newest first."""
    for report in reports(IndicatorSet.objects.opened()):
        yield from rows_of(report)


def tables() -> Iterator[OpenTable]:
    """The table, for portal.figures.registry."""
    yield OpenTable(
        slug="e-transformation",
        title_ar="تقدم الجهات في التحول الإلكتروني",
        title_en="Progress of e-transformation by organisation",
        description_ar="نتيجة التقييم السنوي لكل جهة إجمالًا وبحسب المجال، مما اعتُمد من إجاباتها.",
        description_en="Result of the yearly assessment of each organisation, in all and by area, of accepted answers.",
        columns=columns(),
        rows=all_rows,
        updated_at=Assessment.objects.accepted().aggregate(at=Max("decided_at"))["at"],
        frequency="yearly",
    )
