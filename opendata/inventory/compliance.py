"""What the open data policy asks of every agency, computed from the rows that prove it and never typed in.

Deadlines are counted in months from the day the policy was published to the agency. The day on which a duty was first
met is kept in `Agency.met`; whether it is met still is looked up each time.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opendata.inventory.choices import Access, State
from opendata.inventory.models import Agency, Asset
from portal.bilingual import LANGUAGE_CODES

MONTHS = (3, 6, 9, 12)
"""The deadlines, counted from the policy's publication."""


class Standing(models.TextChoices):
    """How a duty stands on a day."""

    MET = "met", pgettext_lazy("duty", "Met on time")
    LATE = "late", pgettext_lazy("duty", "Met late")
    MISSED = "missed", pgettext_lazy("duty", "Missed")
    PENDING = "pending", pgettext_lazy("duty", "Not yet due")


CHIPS: dict[str, str] = {
    Standing.MET: "success",
    Standing.LATE: "warning",
    Standing.MISSED: "danger",
    Standing.PENDING: "",
}

FIGURES: dict[str, Q] = {
    "assets": Q(),
    "public": ~Q(state=State.INVENTORIED),
    "open": ~Q(state=State.INVENTORIED) & Q(access=Access.OPEN),
    "restricted": ~Q(state=State.INVENTORIED) & Q(access=Access.RESTRICTED),
    "closed": ~Q(state=State.INVENTORIED) & Q(access=Access.CLOSED),
    "scheduled": Q(state=State.SCHEDULED),
    "published": Q(state=State.PUBLISHED),
    "withheld": Q(state=State.WITHHELD),
    "high_value": ~Q(state=State.INVENTORIED) & Q(is_high_value=True),
    "undated": Q(state=State.ASSESSED, access=Access.OPEN),
    "reasons_missing": Q(state=State.INVENTORIED),
}
"""Counts of an agency's assets. What was never assessed stays closed without a reason; "undated" is open, and neither
published nor scheduled. "late" is counted beside them, as it depends on the day."""

Counts = dict[str, int]


@dataclass(frozen=True)
class Duty:
    """Something owed. `holds` looks at the agency and the counts of its assets."""

    code: str
    title: Any
    months: int
    holds: Callable[[Agency, Counts], bool]


def _written(*fields: str) -> Callable[[Agency, Counts], bool]:
    """Met where these texts are there in both languages."""
    columns = [f"{field}_{code}" for field in fields for code in LANGUAGE_CODES]
    return lambda agency, counts: all(getattr(agency, column) for column in columns)


def _has_contact(agency: Agency, counts: Counts) -> bool:
    return _written("contact_role")(agency, counts) and bool(agency.contact_email or agency.contact_phone)


DUTIES = (
    Duty("contact", _("Point of contact"), 3, _has_contact),
    Duty("roles", _("Roles"), 3, _written("roles")),
    Duty("publication", _("Publication process"), 3, _written("publication_process")),
    Duty("feedback", _("Feedback process"), 3, _written("feedback_process")),
    Duty("requests", _("Process for requests"), 3, _written("request_process")),
    Duty("inventory", _("Data inventory"), 6, lambda agency, counts: counts["public"] > 0),
    Duty(
        "schedule",
        _("Inventory schedule"),
        6,
        lambda agency, counts: counts["public"] > 0 and not counts["undated"],
    ),
    Duty("listing", _("Open data listing"), 9, lambda agency, counts: counts["published"] > 0),
    Duty(
        "reasons",
        _("Documented reasons for what stays closed"),
        12,
        lambda agency, counts: counts["assets"] > 0 and not counts["reasons_missing"],
    ),
)
DUTY = {duty.code: duty for duty in DUTIES}


@dataclass(frozen=True)
class Kept:
    """One duty, or all of a deadline, of one agency on a day."""

    code: str
    title: Any
    due_on: date
    met_on: date | None
    """The day it was first met."""
    holds: bool
    """Whether it is met now."""
    today: date

    @property
    def standing(self) -> Standing:
        if self.met_on is not None:
            return Standing.MET if self.met_on <= self.due_on else Standing.LATE
        return Standing.MISSED if self.due_on < self.today else Standing.PENDING

    @property
    def label(self) -> Any:
        return self.standing.label

    @property
    def months(self) -> int:
        """The deadline in months."""
        return DUTY[self.code].months if self.code in DUTY else int(self.code)

    @property
    def chip(self) -> str:
        return CHIPS[self.standing]

    @property
    def has_lapsed(self) -> bool:
        """Whether it was met once and is not now."""
        return self.met_on is not None and not self.holds


@dataclass(frozen=True)
class Report:
    """An agency with its counts and duties."""

    agency: Agency
    counts: Counts
    duties: tuple[Kept, ...]
    today: date

    @property
    def deadlines(self) -> list[Kept]:
        """For each of MONTHS what is owed by then, together."""
        return [self._deadline(months) for months in MONTHS]

    def _deadline(self, months: int) -> Kept:
        parts = [kept for kept in self.duties if DUTY[kept.code].months == months]
        days = [kept.met_on for kept in parts]
        met_on = max(day for day in days if day) if all(days) else None
        return Kept(str(months), "", parts[0].due_on, met_on, all(kept.holds for kept in parts), self.today)

    @property
    def met(self) -> int:
        """How many duties are met now."""
        return sum(kept.holds for kept in self.duties)

    @property
    def missed(self) -> list[Kept]:
        """Duties whose deadline passed without their being met."""
        return [kept for kept in self.duties if kept.standing == Standing.MISSED]


def add_months(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def reports(agencies: Iterable[Agency], today: date | None = None) -> list[Report]:
    """The agencies (with their organisations selected) as they stand, in one more query."""
    today = today or timezone.localdate()
    found = list(agencies)
    counts = _counts([agency.organisation_id for agency in found], today)
    return [report(agency, counts.get(agency.organisation_id) or dict.fromkeys(counts_of(), 0), today)
            for agency in found]  # fmt: skip


def report(agency: Agency, counts: Counts, today: date) -> Report:
    """How one agency stands. What holds today and was not noted yet is first met today."""
    return Report(agency, counts, tuple(_kept(duty, agency, counts, today) for duty in DUTIES), today)


def _kept(duty: Duty, agency: Agency, counts: Counts, today: date) -> Kept:
    holds = duty.holds(agency, counts)
    noted = agency.met.get(duty.code)
    met_on = date.fromisoformat(noted) if noted else today if holds else None
    return Kept(duty.code, duty.title, add_months(agency.counted_from, duty.months), met_on, holds, today)


def counts_of() -> list[str]:
    """Names of everything that is counted."""
    return [*FIGURES, "late"]


def _counts(organisations: list[int], today: date) -> dict[int, Counts]:
    wanted = FIGURES | {"late": Q(state=State.SCHEDULED, release_on__lt=today)}
    numbers = {f"n_{name}": Count("pk", filter=condition) for name, condition in wanted.items()}
    rows: Any = (
        Asset.objects.filter(organisation__in=organisations).order_by().values("organisation").annotate(**numbers)
    )
    return {row["organisation"]: {name: row[f"n_{name}"] for name in wanted} for row in rows}
