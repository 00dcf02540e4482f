"""What policies may say of the inventory and of the agencies' duties, computed when they are read."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from opendata.inventory.compliance import MONTHS
from opendata.inventory.models import Asset
from opendata.inventory.overview import all_reports
from portal.live_facts import Fact


def open_data_agencies() -> str:
    """Every agency with its deadlines, as a table."""
    reports = all_reports()
    url = reverse("inventory:agencies")
    if not reports:
        return _("No agency has been entered yet.")
    months = [ngettext("%(count)d month", "%(count)d months", month) % {"count": month} for month in MONTHS]
    lines = ["| " + " | ".join([_("Agency"), *months]) + " |", "|" + " --- |" * (len(MONTHS) + 1)]
    for report in reports:
        name = str(report.agency).replace("|", "\\|")
        cells = [f"[{name}]({report.agency.get_absolute_url()})", *(str(kept.label) for kept in report.deadlines)]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n\n[" + _("Agencies and their duties in open data") + f"]({url})"


def inventoried_assets() -> str:
    """How many data assets the public inventory lists, with the link to it."""
    count = Asset.objects.public().count()
    words = ngettext("%(count)d data asset", "%(count)d data assets", count) % {"count": count}
    return f"[{words}]({reverse('inventory:list')})"


FACTS = (
    Fact(
        "open_data_agencies",
        gettext_lazy("Which agencies owe open data, and which of their deadlines they have kept"),
        open_data_agencies,
        is_block=True,
    ),
    Fact(
        "inventoried_assets",
        gettext_lazy("How many data assets the public inventory lists, with the link to it"),
        inventoried_assets,
    ),
)
