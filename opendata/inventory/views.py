"""Public pages: the inventory, its schedule, one asset, and how far every agency is."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from opendata.inventory import exporting, listing, overview, profile
from opendata.inventory.models import Agency, Asset
from opendata.inventory.showing import for_public, shown
from portal.http import public


@public
@require_safe
def inventory(request: HttpRequest) -> HttpResponse:
    return render(request, "opendata/inventory/list.html", listing.inventory(request.GET))


@public
@require_safe
def schedule(request: HttpRequest) -> HttpResponse:
    return render(request, "opendata/inventory/schedule.html", listing.schedule(request.GET))


@public
@require_safe
def asset(request: HttpRequest, pk: int) -> HttpResponse:
    """One asset; what was not assessed answers like nothing at all."""
    found: Asset = get_object_or_404(for_public(Asset.objects.all()), pk=pk)
    context = {"asset": shown(found), "last_updated": found.updated_at}
    return render(request, "opendata/inventory/asset.html", context)


@public
@require_safe
def inventory_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The list as the address narrows it, whole, as a table."""
    rows = listing.Narrowing.read(request.GET).apply(Asset.objects.all())
    return _table(kind, "inventory", exporting.ASSETS, exporting.asset_rows(rows, get_language() or "ar"))


@public
@require_safe
def agencies(request: HttpRequest) -> HttpResponse:
    return render(request, "opendata/inventory/agencies.html", overview.page())


@public
@require_safe
def agencies_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    rows = exporting.compliance_rows(overview.all_reports())
    return _table(kind, "agencies", exporting.COMPLIANCE, rows)


@public
@require_safe
def agency(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "opendata/inventory/agency.html", profile.page(_agency(slug)))


@public
@require_safe
def agency_file(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """Its duties as CSV; with figures and signed snapshots as JSON."""
    found = _agency(slug)
    if kind == "json":
        return JsonResponse(profile.record(found), json_dumps_params={"ensure_ascii": False, "indent": 1})
    rows = exporting.compliance_rows(overview.reports_of([found]))
    return _table(kind, slug, exporting.COMPLIANCE, rows)


def _agency(slug: str) -> Agency:
    return get_object_or_404(Agency.objects.select_related("organisation"), slug=slug)


def _table(kind: str, name: str, columns: Any, rows: Any) -> HttpResponseBase:
    if kind not in ("csv", "json"):
        raise Http404
    return exporting.as_csv(f"{name}.csv", columns, rows) if kind == "csv" else exporting.as_json(columns, rows)
