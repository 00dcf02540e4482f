"""An agency's public page: its contact and processes, its duties with what proves them, its trend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, QuerySet
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opendata.inventory.choices import Access, State
from opendata.inventory.compliance import DUTY, Kept, Report, reports
from opendata.inventory.models import Agency, Asset, Snapshot
from opendata.inventory.showing import for_public, shown
from portal.bilingual import LANGUAGE_CODES, in_language
from portal.figures.charts import Chart, Series, lines

MONTHS_SHOWN = 24
SOME = 5


@dataclass(frozen=True)
class Proof:
    """What proves a duty, or what is missing: words, where to see it, and whether it speaks for the agency."""

    text: str
    url: str = ""
    is_good: bool = True


def page(agency: Agency, today: date | None = None) -> dict[str, Any]:
    """The context of the page."""
    found = reports([agency], today)[0]
    return {
        "agency": agency,
        "report": found,
        "duties": [{"kept": kept, "proofs": proofs(found, kept)} for kept in found.duties],
        "chart": trend(agency),
        "snapshot": agency.snapshots.order_by("-day").first(),
        "latest": [shown(asset) for asset in _published(agency)],
        "published_url": _assets(found, state=State.PUBLISHED),
        "inventory_url": _assets(found),
        "schedule_url": f"{reverse('inventory:schedule')}?{urlencode({'agency': agency.slug})}",
    }


def _published(agency: Agency) -> QuerySet[Asset]:
    rows = for_public(Asset.objects.filter(organisation=agency.organisation_id, state=State.PUBLISHED))
    return rows.order_by("-published_at", "pk")[:SOME]


def _assets(found: Report, **asked: str) -> str:
    return f"{reverse('inventory:list')}?{urlencode({'agency': found.agency.slug, **asked})}"


def proofs(found: Report, kept: Kept) -> list[Proof]:
    """The live rows that prove a duty, or what is missing for it."""
    if kept.code in _ANCHORS:
        is_there = kept.holds
        text = _("Stated on this page") if is_there else _("Not stated in both languages yet")
        return [Proof(text, f"#{_ANCHORS[kept.code]}" if is_there else "", is_there)]
    return _COUNTED[kept.code](found)


_ANCHORS = {
    "contact": "contact",
    "roles": "roles",
    "publication": "publication",
    "feedback": "feedback",
    "requests": "requests",
}


def _inventory(found: Report) -> list[Proof]:
    number = found.counts["public"]
    told = ngettext("%(count)d data asset in the public inventory", "%(count)d data assets in the public inventory",
                    number)  # fmt: skip
    return [Proof(told % {"count": number}, _assets(found) if number else "", number > 0), *_unassessed(found)]


def _unassessed(found: Report) -> list[Proof]:
    number = found.counts["reasons_missing"]
    if not number:
        return []
    told = ngettext("%(count)d entered and not assessed yet", "%(count)d entered and not assessed yet", number)
    return [Proof(told % {"count": number}, is_good=False)]


def _schedule(found: Report) -> list[Proof]:
    counts = found.counts
    told = ngettext("%(count)d planned release", "%(count)d planned releases", counts["scheduled"])
    url = f"{reverse('inventory:schedule')}?{urlencode({'agency': found.agency.slug})}"
    proofs = [Proof(told % {"count": counts["scheduled"]}, url if counts["scheduled"] else "")]
    if counts["undated"]:
        told = ngettext("%(count)d open and without a day of release", "%(count)d open and without a day of release",
                        counts["undated"])  # fmt: skip
        undated = _assets(found, access=Access.OPEN, state=State.ASSESSED)
        proofs.append(Proof(told % {"count": counts["undated"]}, undated, is_good=False))
    if counts["late"]:
        told = ngettext("%(count)d planned release is late", "%(count)d planned releases are late", counts["late"])
        proofs.append(Proof(told % {"count": counts["late"]}, url, is_good=False))
    return proofs


def _listing(found: Report) -> list[Proof]:
    number = found.counts["published"]
    told = ngettext("%(count)d data asset published", "%(count)d data assets published", number)
    url = _assets(found, state=State.PUBLISHED) if number else ""
    return [Proof(told % {"count": number}, url, number > 0)]


def _reasons(found: Report) -> list[Proof]:
    number = found.counts["restricted"] + found.counts["closed"]
    told = ngettext("%(count)d not open, with its reason and legal basis",
                    "%(count)d not open, each with its reason and legal basis", number)  # fmt: skip
    url = _assets(found, access=Access.CLOSED if found.counts["closed"] else Access.RESTRICTED) if number else ""
    return [Proof(told % {"count": number}, url), *_unassessed(found)]


_COUNTED = {"inventory": _inventory, "schedule": _schedule, "listing": _listing, "reasons": _reasons}


def trend(agency: Agency) -> Chart | None:
    """Assets and duties over the months, from the last snapshot of each; none of a single one."""
    found = list(reversed(monthly(agency)))
    if len(found) < 2:
        return None
    series = [
        Series(_("In the inventory"), [snapshot.figures.get("public", 0) for snapshot in found]),
        Series(_("Published"), [snapshot.figures.get("published", 0) for snapshot in found]),
        Series(_("Duties met"), [duties_met(snapshot) for snapshot in found]),
    ]
    labels = [date_format(snapshot.day, "m/Y") for snapshot in found]
    return lines(_("Inventory, publication and duties met over time"), labels, series, key="trend",
                 label_heading=_("Month"))  # fmt: skip


def monthly(agency: Agency) -> list[Snapshot]:
    """The last snapshot of each month, newest first."""
    last = agency.snapshots.order_by().annotate(month=TruncMonth("day")).values("month").annotate(last=Max("day"))
    return list(agency.snapshots.filter(day__in=last.values("last")).order_by("-day")[:MONTHS_SHOWN])


def duties_met(snapshot: Snapshot) -> int:
    """How many duties were met on its day."""
    return sum(1 for duty in snapshot.duties.values() if duty["met"])


def record(agency: Agency, today: date | None = None) -> dict[str, Any]:
    """The agency, its duties and its monthly snapshots with their signatures, for machines."""
    found = reports([agency], today)[0]
    body: Any = agency.organisation
    return {
        "agency": agency.slug,
        "name": {"ar": body.name_ar, "en": body.name_en},
        "counted_from": agency.counted_from,
        "day": today or timezone.localdate(),
        "figures": found.counts,
        "duties": [
            {"code": kept.code, "title": _titles(kept.code), "due_on": kept.due_on, "met_on": kept.met_on,
             "met": kept.holds, "standing": kept.standing.value}
            for kept in found.duties
        ],
        "snapshots": [
            {"day": one.day, "duties": one.duties, "figures": one.figures, "signature": one.signature or None}
            for one in monthly(agency)
        ],
    }  # fmt: skip


def _titles(code: str) -> dict[str, str]:
    titles = {}
    for language in LANGUAGE_CODES:
        with in_language(language):
            titles[language] = str(DUTY[code].title)
    return titles
