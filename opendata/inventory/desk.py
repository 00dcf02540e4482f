"""The desk's panels: what waits in the inventory of my units, and which agencies missed a deadline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opendata.inventory.models import Asset, AssetQuerySet
from opendata.inventory.overview import all_reports
from portal.organisations.access import unit_ids
from portal.staff.desk import Panel, register

MOST = 5


@register
def panels(request: HttpRequest) -> Iterator[Panel]:
    """A panel for those who decide in a unit, and one for the overseer, where something waits."""
    user = request.user
    if user.has_perm("inventory.decide_asset") and (units := unit_ids(user)):
        yield from _of_units(Asset.objects.filter(unit__in=units))
    if user.has_perm("inventory.oversee_agency") and user.has_perm("inventory.view_agency"):
        yield from _of_overseer()


def _of_units(mine: AssetQuerySet) -> Iterator[Panel]:
    groups = [
        _group(_("Planned releases that are late"), mine.late().order_by("release_on"), "late"),
        _group(_("Decisions to look at again"), mine.to_review().order_by("review_on"), "review"),
        _group(_("Data assets to assess"), mine.to_assess().order_by("created_at"), "assess"),
    ]
    found = [group for group in groups if group["assets"]]
    if found:
        context, url = {"groups": found}, reverse("admin:inventory_asset_changelist")
        count = sum(group["count"] for group in found)
        yield Panel("inventory", _("Data inventory"), "opendata/inventory/desk/panel.html", context, str(count), url,
                    is_urgent=bool(groups[0]["assets"]))  # fmt: skip


def _group(title: str, rows: AssetQuerySet, key: str) -> dict[str, Any]:
    assets = list(rows[: MOST + 1])
    count = len(assets) if len(assets) <= MOST else rows.count()
    return {"title": title, "assets": assets[:MOST], "count": count, "key": key}


def _of_overseer() -> Iterator[Panel]:
    behind = [found for found in all_reports() if found.missed or found.counts["late"]]
    behind.sort(key=lambda found: (-len(found.missed), -found.counts["late"]))
    if behind:
        lines = [{"report": found, "words": _behind(found)} for found in behind[:MOST]]
        yield Panel("open-data-duties", _("Agencies behind in open data"), "opendata/inventory/desk/overseer.html",
                    {"lines": lines}, str(len(behind)), reverse("admin:inventory_agency_changelist"))  # fmt: skip


def _behind(found: Any) -> str:
    missed, late = len(found.missed), found.counts["late"]
    parts = []
    if missed:
        parts.append(ngettext("%(count)d duty missed", "%(count)d duties missed", missed) % {"count": missed})
    if late:
        parts.append(ngettext("%(count)d release late", "%(count)d releases late", late) % {"count": late})
    return _(", ").join(parts)
