"""How complete the directory is, for each organisation: counted from the rows whenever it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from policies.services.completeness import COMPLETE, REQUIRED
from policies.services.models import Service
from portal.figures.charts import Chart, Series, grouped
from portal.organisations.models import Organisation


@dataclass(frozen=True)
class Standing:
    """One organisation: services listed, those that state every required fact, and so on. `missing` counts by fact."""

    organisation: Organisation
    listed: int = 0
    complete: int = 0
    with_documents: int = 0
    electronic: int = 0
    missing: tuple[tuple[str, int], ...] = ()

    @property
    def share(self) -> float | None:
        """Complete services in per cent; None where none is listed."""
        return self._of(self.complete)

    @property
    def electronic_share(self) -> float | None:
        """Services whose form is electronic, in per cent; None where none is listed."""
        return self._of(self.electronic)

    def _of(self, part: int) -> float | None:
        return round(100 * part / self.listed, 1) if self.listed else None

    @property
    def gaps(self) -> list[tuple[Any, int]]:
        """What is missing, in words, with the number of services that miss it; the most frequent first."""
        return [(REQUIRED[key].label, count) for key, count in sorted(self.missing, key=lambda pair: -pair[1]) if count]


def standings() -> list[Standing]:
    """Every organisation, by name; one without services stands there with zeros. Two queries."""
    counts = {
        row.pop("organisation"): row
        for row in Service.objects.published().order_by().values("organisation").annotate(**_counts())
    }
    return [_standing(body, counts.get(body.pk)) for body in Organisation.objects.order_by("name", "pk")]


def _counts() -> dict[str, Count]:
    wanted = {"listed": Q(), "complete": COMPLETE, "electronic": ~Q(url="")}
    missing = {f"without_{key}": ~fact.condition for key, fact in REQUIRED.items()}
    return {name: Count("pk", filter=condition) for name, condition in (wanted | missing).items()}


def _standing(body: Organisation, row: dict[str, int] | None) -> Standing:
    if row is None:
        return Standing(body)
    missing = tuple((key, row[f"without_{key}"]) for key in REQUIRED)
    with_documents = row["listed"] - row["without_documents"]
    return Standing(body, row["listed"], row["complete"], with_documents, row["electronic"], missing)


def together(rows: list[Standing]) -> dict[str, int]:
    """The sums over all organisations."""
    names = ("listed", "complete", "electronic")
    sums = {name: sum(getattr(row, name) for row in rows) for name in names}
    return sums | {"bodies": sum(1 for row in rows if row.listed), "all_bodies": len(rows)}


def chart(rows: list[Standing]) -> Chart | None:
    """Shares by organisation; none while nothing is listed."""
    listed = [row for row in rows if row.listed]
    if not listed:
        return None
    series = [
        Series(_("Every required fact stated"), [row.share for row in listed]),
        Series(_("Electronic form"), [row.electronic_share for row in listed]),
    ]
    return grouped(
        _("Share of listed services, by organisation"), [str(row.organisation) for row in listed], series,
        key="completeness", unit="%", label_heading=_("Organisation"),
    )  # fmt: skip
