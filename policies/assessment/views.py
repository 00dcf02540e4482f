"""The public report: all years, one year, one organisation in a year."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from policies.assessment import charts, open_figures
from policies.assessment.models import Assessment, IndicatorSet
from policies.assessment.reading import accepted_scores, items_of, report, reports
from policies.assessment.scoring import share
from policies.assessment.states import Area
from policies.assessment.words import answer_in_words, per_cent
from portal.figures.export import csv_response
from portal.http import public


@public
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The years beside each other."""
    found = reports(IndicatorSet.objects.opened())
    told = [(one.indicator_set.year, one.mean) for one in reversed(found)]
    means = [(year, mean) for year, mean in told if mean is not None]
    title = _("Mean progress of the organisations, in per cent of what can be reached")
    context = {
        "reports": found,
        "latest": next((one for one in found if one.scored), None),
        "chart": charts.over_years([year for year, _mean in means], [mean for _year, mean in means], title),
        "table": _by_organisation(found),
    }
    return render(request, "policies/assessment/index.html", context)


def _by_organisation(found: list[Any]) -> list[dict[str, Any]]:
    """Every organisation with its cell for each year: its progress, or in words why there is none."""
    bodies = {line.organisation.pk: line.organisation for one in found for line in one.lines}
    lines = {(one.indicator_set.pk, line.organisation.pk): line for one in found for line in one.lines}
    rows = []
    for pk, body in sorted(bodies.items(), key=lambda pair: str(pair[1])):
        cells = [(one.indicator_set.year, lines.get((one.indicator_set.pk, pk))) for one in found]
        rows.append({"organisation": body, "cells": [_cell(year, line) for year, line in cells]})
    return rows


def _cell(year: int, line: Any) -> dict[str, Any]:
    if line is None:
        return {"text": "–"}
    if line.score is None:
        return {"text": line.standing}
    return {"text": per_cent(line.score.total), "year": year}


@public
@require_safe
def year(request: HttpRequest, year: int) -> HttpResponse:
    """Every organisation of a year."""
    found = report(_opened(year))
    rows = [
        {"line": line, "total": per_cent(line.score.total) if line.score else "", "areas": map(per_cent, line.areas)}
        for line in found.lines
    ]
    context = {
        "report": found,
        "set": found.indicator_set,
        "rows": rows,
        "areas": Area.labels,
        "mean": per_cent(found.mean.total) if found.mean else "",
        "chart": charts.of_year(found),
        "breadcrumbs": _crumbs(),
    }
    return render(request, "policies/assessment/year.html", context)


@public
@require_safe
def year_file(request: HttpRequest, year: int) -> HttpResponseBase:
    """The same as a table."""
    found = report(_opened(year))
    title = f"title_{get_language() or 'ar'}"
    header = [getattr(column, title) for column in open_figures.columns()]
    return csv_response(f"e-transformation-{year}.csv", header, open_figures.rows_of(found), public=True)


@public
@require_safe
def organisation(request: HttpRequest, year: int, code: str) -> HttpResponse:
    """One organisation: its areas, what it answered, its years. Evidence stays with the authority."""
    rows = Assessment.objects.accepted().select_related("organisation", "indicator_set")
    assessment: Assessment = get_object_or_404(rows, indicator_set=_opened(year), organisation__code=code)
    others = list(rows.filter(organisation=assessment.organisation).order_by("indicator_set__year"))
    scores = accepted_scores([one.indicator_set for one in others])
    title = _("%(organisation)s over the years") % {"organisation": assessment.organisation}
    context = {
        "assessment": assessment,
        "score": per_cent(scores[assessment.pk].total),
        "areas": _answers(assessment),
        "chart": charts.of_areas(scores[assessment.pk]),
        "trend": charts.over_years(
            [one.indicator_set.year for one in others], [scores[one.pk] for one in others], title
        ),
        "breadcrumbs": [*_crumbs(), {"label": year, "url": reverse("assessment:year", args=[year])}],
        "last_updated": assessment.decided_at,
    }
    return render(request, "policies/assessment/organisation.html", context)


def _answers(assessment: Assessment) -> list[dict[str, Any]]:
    """The indicators that count, by area, each with its answer and how much of its weight that earned."""
    found = [(one, item) for one, _answer, item in items_of(assessment) if one.weight]
    return [
        {
            "label": area.label,
            "rows": [
                {
                    "indicator": one,
                    "answer": answer_in_words(one, item.value) or "–",
                    "share": per_cent(100 * share(item)),
                }
                for one, item in found
                if one.area == area
            ],
        }
        for area in Area
        if any(one.area == area for one, _item in found)
    ]


def _crumbs() -> list[dict[str, Any]]:
    return [{"label": _("Progress of e-transformation"), "url": reverse("assessment:index")}]


def _opened(year: int) -> IndicatorSet:
    found = IndicatorSet.objects.opened().filter(year=year).first()
    if found is None:
        raise Http404
    return found
