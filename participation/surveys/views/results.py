"""Results for everybody, once they are published: never before, to nobody."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from participation.surveys.kinds import Access, Cut, Kind, Phase, State
from participation.surveys.models import Questionnaire
from participation.surveys.results import showing, tables
from participation.surveys.results.reading import Results, months_of, results_of
from participation.surveys.views.entrance import days_since_closing
from portal.agenda import outcomes_of
from portal.figures.export import as_download, csv_response, xlsx_response
from portal.http import public

PAGE = "participation/surveys/results.html"
NOT_YET = "participation/surveys/not_yet.html"


@public
@require_safe
def poll_results(request: HttpRequest, slug: str) -> HttpResponse:
    return _page(request, _known(slug, Kind.POLL))


@public
@require_safe
def findings(request: HttpRequest, slug: str) -> HttpResponse:
    return _page(request, _known(slug, Kind.SURVEY))


@public
@require_safe
def satisfaction_results(request: HttpRequest) -> HttpResponse:
    """The standing survey month by month, and one month closely (`?month=2026-10`, else the newest)."""
    questionnaire = _standing()
    months = months_of(questionnaire)
    if not months:
        return _not_yet(request, questionnaire)
    wanted = request.GET.get("month")
    results = next((month for month in months if wanted == _code(month)), None if wanted else months[-1])
    if results is None:
        raise Http404
    more = {"score_charts": showing.score_charts(months), "months": [month.publication.period for month in months]}
    return _show(request, results, **more)


@public
@require_safe
def download(request: HttpRequest, kind: str, slug: str = "") -> HttpResponseBase:
    """All figures as CSV, XLSX or JSON, exactly those of the page."""
    questionnaire = get_object_or_404(Questionnaire.objects.scheduled(), slug=slug) if slug else None
    questionnaire = questionnaire or _standing()
    found = [results_of(questionnaire)] if slug else months_of(questionnaire)
    ready = [results for results in found if results is not None]
    if not ready:
        raise Http404
    if kind == "json":
        return _as_json(questionnaire, ready)
    header = list(tables.HEADINGS.values())
    lines = (line for results in ready for line in tables.worded_lines(results))
    name = f"{questionnaire.slug}.{kind}"
    if kind == "csv":
        return csv_response(name, header, lines, public=True)
    rtl = request.LANGUAGE_CODE == "ar"  # type: ignore[attr-defined]
    return xlsx_response(name, header, lines, sheet_rtl=rtl, public=True)


def _as_json(questionnaire: Questionnaire, ready: list[Results]) -> HttpResponse:
    names = [column.name for column in tables.COLUMNS]
    rows = [dict(zip(names, line, strict=True)) for results in ready for line in tables.lines_of(results)]
    content = {"questionnaire": questionnaire.slug, "respondents": _respondents(ready), "rows": rows}
    return as_download(
        JsonResponse(content, json_dumps_params={"ensure_ascii": False}), f"{questionnaire.slug}.json", public=True
    )


def _respondents(ready: list[Results]) -> dict[str, int | None]:
    return {_code(results): results.total for results in ready}


def _code(results: Results) -> str:
    return results.publication.period.strftime("%Y-%m") if results.publication.period else "all"


def _known(slug: str, kind: Kind) -> Questionnaire:
    """A questionnaire the public may know of. Of one only for invited people the results are public all the same."""
    rows = Questionnaire.objects.select_related("unit__organisation", "on_behalf_of")
    return get_object_or_404(rows, slug=slug, kind=kind, state=State.SCHEDULED)


def _standing() -> Questionnaire:
    """The satisfaction survey; a former one only where none stands open."""
    rows = Questionnaire.objects.scheduled().filter(kind=Kind.SATISFACTION).select_related("unit__organisation")
    found = rows.open().first() or rows.order_by("-opens_at").first()
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, questionnaire: Questionnaire) -> HttpResponse:
    if questionnaire.phase() != Phase.PUBLISHED:
        if questionnaire.access == Access.INVITED:
            raise Http404  # nothing is told of it to whom it was not sent
        return _not_yet(request, questionnaire)
    results = results_of(questionnaire)
    if results is None:
        raise Http404
    return _show(request, results, turnout=showing.turnout_chart(questionnaire))


def _not_yet(request: HttpRequest, questionnaire: Questionnaire) -> HttpResponse:
    """There are no results yet; the page says when there will be."""
    context = {"questionnaire": questionnaire, "phase": questionnaire.phase()}
    return render(request, NOT_YET, context, status=404)


def _show(request: HttpRequest, results: Results, **more: Any) -> HttpResponse:
    questionnaire = results.questionnaire
    by = request.GET.get("by", "")
    ways = _ways(questionnaire)
    if by and by not in ways:
        raise Http404
    represented, population = showing.representativeness(results)
    context = {
        "questionnaire": questionnaire,
        "results": results,
        "blocks": showing.shown(results, by) if results.total is not None else [],
        "by": by,
        "ways": ways,
        "represented": represented,
        "population": population,
        "early_looks": questionnaire.early_looks.all(),
        "outcome": outcomes_of([questionnaire.path]).get(questionnaire.path),
        "days": days_since_closing(questionnaire),
        "last_updated": questionnaire.findings_published_at or results.publication.published_at,
        "formats": ["csv", "xlsx", "json"],
        **more,
    }
    return render(request, PAGE, context)


def _ways(questionnaire: Questionnaire) -> dict[str, str]:
    """How results may be read, by the value of `?by=`."""
    ways = {cut.value: str(Cut(cut).label) for cut in questionnaire.cuts}
    if questionnaire.crossing:
        first, second = questionnaire.crossing
        ways[showing.CROSSING] = _("%(first)s and %(second)s") % {"first": first.label, "second": second.label}
    return ways
