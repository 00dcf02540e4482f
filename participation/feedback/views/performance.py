"""How the promises are kept: figures by month and unit, for everybody to read and take away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from participation.feedback import open_figures
from participation.feedback.models import MonthlyFigures
from participation.feedback.performance import page, reading
from participation.feedback.performance.reading import Period
from portal.figures.export import as_download, csv_response, xlsx_response
from portal.http import public
from portal.organisations.models import Unit

FILE = "service-levels"


class FilterForm(forms.Form):
    """What to show. Sent by GET and never refused: what is unknown counts as not asked for."""

    use_required_attribute = False
    unit = forms.ChoiceField(label=_("Unit"))
    year = forms.ChoiceField(label=_("Period"))

    def __init__(self, units: list[Unit], period: Period, unit: Unit | None) -> None:
        super().__init__(initial={"unit": unit.code if unit else "", "year": period.year or ""})
        self.fields["unit"].choices = [("", _("All units")), *((one.code, str(one)) for one in units)]  # type: ignore[attr-defined]
        years = [(str(year), str(year)) for year in period.years]
        self.fields["year"].choices = [("", _("The last twelve months")), *years]  # type: ignore[attr-defined]


@public
@require_safe
def performance(request: HttpRequest) -> HttpResponse:
    """All units together, and one beside the other."""
    if code := request.GET.get("unit", ""):
        return _to_unit(code, request.GET.get("year", ""))
    period = reading.period(request.GET.get("year", ""))
    return _show(request, period, None, page.everything(period, request.GET.get("month", "")))


@public
@require_safe
def performance_unit(request: HttpRequest, code: str) -> HttpResponse:
    """One unit."""
    unit: Unit = get_object_or_404(Unit.objects.select_related("organisation"), code=code)
    period = reading.period(request.GET.get("year", ""))
    return _show(request, period, unit, page.one_unit(unit, period))


def _to_unit(code: str, year: str) -> HttpResponse:
    unit = get_object_or_404(Unit, code=code)
    query = f"?{urlencode({'year': year})}" if year else ""
    return redirect(reverse("feedback:performance_unit", args=[unit.code]) + query)


def _show(request: HttpRequest, period: Period, unit: Unit | None, found: dict[str, Any]) -> HttpResponse:
    if unit:
        files = [(kind, reverse("feedback:performance_unit_file", args=[unit.code, kind])) for kind in KINDS]
    else:
        files = [(kind, reverse("feedback:performance_file", args=[kind])) for kind in KINDS]
    context = {
        "unit": unit,
        "period": period,
        "filter": FilterForm(reading.units(), period, unit),
        "files": [{"label": kind.upper(), "url": url} for kind, url in files],
        "breadcrumbs": [{"label": _("Service levels kept"), "url": reverse("feedback:performance")}],
    }
    return render(request, "participation/feedback/performance.html", context | found)


@public
@require_safe
def performance_file(request: HttpRequest, kind: str, code: str = "") -> HttpResponseBase:
    """Every month of a unit, or of all units and each of them, as a file."""
    if kind not in KINDS:
        raise Http404
    rows = MonthlyFigures.objects.all()
    if code:
        rows = rows.filter(unit=get_object_or_404(Unit, code=code))
    return KINDS[kind](f"{FILE}-{code}.{kind}" if code else f"{FILE}.{kind}", open_figures.rows(rows))


def _header() -> list[str]:
    language = get_language() or "ar"
    return [getattr(column, f"title_{language}") for column in open_figures.columns()]


def _csv(name: str, rows: Any) -> HttpResponseBase:
    return csv_response(name, _header(), rows, public=True)


def _xlsx(name: str, rows: Any) -> HttpResponseBase:
    return xlsx_response(name, _header(), rows, sheet_rtl=get_language() == "ar", public=True)


def _json(name: str, rows: Any) -> HttpResponseBase:
    columns = open_figures.columns()
    content = {
        "columns": [{**vars(column)} for column in columns],
        "rows": [dict(zip((column.name for column in columns), row, strict=True)) for row in rows],
    }
    return as_download(JsonResponse(content, json_dumps_params={"ensure_ascii": False}), name, public=True)


KINDS = {"csv": _csv, "xlsx": _xlsx, "json": _json}
