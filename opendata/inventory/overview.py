"""All agencies beside each other: what each owes at 3, 6, 9 and 12 months, and what it has kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from opendata.inventory.compliance import MONTHS, Report, Standing, counts_of, reports
from opendata.inventory.exporting import COMPLIANCE, compliance_rows
from opendata.inventory.models import Agency, Snapshot
from portal.figures.charts import Chart, Series, grouped
from portal.figures.registry import OpenTable

reports_of = reports


def all_reports(today: date | None = None) -> list[Report]:
    """Every agency by name. Two queries."""
    return reports(Agency.objects.select_related("organisation").order_by("organisation__name", "pk"), today)


def page(today: date | None = None) -> dict[str, Any]:
    """The context of the page, in a fixed number of queries."""
    found = all_reports(today)
    return {"reports": found, "months": MONTHS, "sums": sums(found), "chart": chart(found), "standings": Standing}


def sums(found: list[Report]) -> dict[str, int]:
    """Counts over all agencies, and of duties by how they stand."""
    together = {name: sum(report.counts[name] for report in found) for name in counts_of()}
    standings = [kept.standing for report in found for kept in report.duties]
    in_time = sum(1 for report in found if not report.missed)
    return {**together, "agencies": len(found), "none_missed": in_time, "duties": len(standings),
            "met": sum(kept.holds for report in found for kept in report.duties),
            **{f"duties_{one.value}": standings.count(one) for one in Standing}}  # fmt: skip


def chart(found: list[Report]) -> Chart | None:
    """Assets in the inventory and published, by agency; none while there are none."""
    with_some = [report for report in found if report.counts["public"]]
    if not with_some:
        return None
    series = [
        Series(_("In the inventory"), [report.counts["public"] for report in with_some]),
        Series(_("Published"), [report.counts["published"] for report in with_some]),
    ]
    return grouped(_("Data assets by agency"), [str(report.agency) for report in with_some], series, key="agencies",
                   label_heading=_("Agency"))  # fmt: skip


def tables() -> Iterator[OpenTable]:
    """The compliance of the agencies, for portal.figures.registry."""
    newest = Snapshot.objects.order_by("-day").first()
    yield OpenTable(
        slug="open-data-compliance",
        title_ar="التزام الجهات بسياسة البيانات المفتوحة",
        title_en="Compliance of agencies with the open data policy",
        description_ar="التزامات كل جهة بعد 3 و6 و9 و12 شهرًا من نشر السياسة، ومتى وُفِّي بها لأول مرة.",
        description_en="What each agency owes 3, 6, 9 and 12 months after the policy, and when it was first met.",
        columns=COMPLIANCE,
        rows=lambda: compliance_rows(all_reports()),
        updated_at=newest.taken_at if newest else None,
        frequency="daily",
    )
