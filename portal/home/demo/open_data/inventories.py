"""Agencies of the demonstration at differing degrees of compliance, and what they say they hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from opendata.inventory.actions.agencies import add_agency
from opendata.inventory.actions.steps import Decision, assess, redact_title, schedule, withhold
from opendata.inventory.actions.writing import enter_asset
from opendata.inventory.choices import Access, Classification
from opendata.inventory.compliance import Report, add_months, reports
from opendata.inventory.keeping import payload, signature
from opendata.inventory.models import Agency, Asset, Snapshot
from portal.bilingual import LANGUAGE_CODES
from portal.home.demo.content import load
from portal.organisations.models import Membership, Organisation, Role, Unit
from portal.staff.models import User

PHONE = "80000070"
SHORT = {"title": "", "description": "about_"}


@dataclass(frozen=True)
class Team:
    """A unit with its officer, who prepares, and its lead, who decides."""

    unit: Unit
    officer: User
    lead: User


def team_of(unit: Unit) -> Team:
    """Who works in a unit; raises LookupError where somebody is missing."""
    people = {one.role: one.user for one in Membership.objects.filter(unit=unit).select_related("user")}
    return Team(unit, people[Role.OFFICER], people[Role.LEAD])


def asset_of(code: str) -> Asset:
    """The demonstration's asset of this number: another organisation may have one of the same."""
    row = next(row for row in load("open_data_inventory")["rows"] if row["code"] == code)
    unit = Unit.objects.get(code=row["unit"])
    return Asset.objects.select_related("unit", "organisation").get(organisation=unit.organisation_id, code=code)


@transaction.atomic
def tell_inventories(today: date | None = None) -> tuple[int, int]:
    """Add the agencies and assets that are not there yet; returns how many of each."""
    today = today or timezone.localdate()
    bodies = {body.code: body for body in Organisation.objects.all()}
    by = User.objects.filter(is_superuser=True).first()
    content = load("open_data_agencies")
    new = [
        row for row in content["agencies"] if not Agency.objects.filter(organisation__code=row["organisation"]).exists()
    ]
    for row in new:
        _add_agency(bodies[row["organisation"]], row, content["texts"], today, by)
    count = _tell_assets(today)
    for row in new:
        _tell_trend(Agency.objects.select_related("organisation").get(organisation__code=row["organisation"]), today)
    return len(new), count


def _add_agency(body: Organisation, row: dict[str, Any], texts: dict[str, str], today: date, by: Any) -> None:
    content = {f"{name}_{code}": texts[f"{name}_{code}"] for name in row["has"] for code in LANGUAGE_CODES}
    agency = add_agency(
        by=by, organisation=body, slug=body.code, counted_from=today - timedelta(days=row["counted"]),
        contact_email=f"open-data@{body.code}.example", contact_phone=PHONE if row["phone"] else "", **content,
    )  # fmt: skip
    met = {code: (today - timedelta(days=days)).isoformat() for code, days in row["met"].items()}
    Agency.objects.filter(pk=agency.pk).update(met=met)


def _tell_assets(today: date) -> int:
    content = load("open_data_inventory")
    known = set(Asset.objects.values_list("organisation__code", "code"))
    units = {unit.code: unit for unit in Unit.objects.select_related("organisation")}
    counted = dict(Agency.objects.values_list("organisation", "counted_from"))
    rows = [row for row in content["rows"] if (units[row["unit"]].organisation.code, row["code"]) not in known]
    for number, row in enumerate(rows):
        team = team_of(units[row["unit"]])
        day = min(counted[team.unit.organisation_id] + timedelta(days=100 + number % 25), today - timedelta(days=1))
        _tell_asset(team, row, content["laws"], day, today)
    return len(rows)


def _tell_asset(team: Team, row: dict[str, Any], laws: dict[str, list[str]], day: date, today: date) -> None:
    texts = {f"{name}_{code}": row[f"{short}{code}"] for name, short in SHORT.items() for code in LANGUAGE_CODES}
    asset = enter_asset(
        by=team.officer, unit=team.unit, code=row["code"], theme=row["theme"], frequency=row["frequency"],
        source_system=row["system"], is_high_value=row.get("high", False), **texts, **_owner(team.unit),
    )  # fmt: skip
    _decide(asset, team.lead, row, laws, day, today)
    at = timezone.make_aware(datetime.combine(day, datetime.min.time().replace(hour=10)))
    dates = {"created_at": at - timedelta(days=6), "updated_at": at}
    Asset.objects.filter(pk=asset.pk).update(**dates, **({"assessed_at": at} if asset.assessed_at else {}))


def _owner(unit: Any) -> dict[str, str]:
    return {"owner_role_ar": f"مدير {unit.name_ar}", "owner_role_en": f"Director of {unit.name_en}"}


def _decide(asset: Asset, by: User, row: dict[str, Any], laws: dict[str, list[str]], day: date, today: date) -> None:
    """What became of it: nothing yet, open (and perhaps with a day), or not open by a law."""
    if row.get("fate") == "inventoried":
        return
    access = next((one for one in (Access.CLOSED, Access.RESTRICTED) if one in row), Access.OPEN)
    if access == Access.OPEN:
        assess(asset=asset, by=by, decision=Decision(Access.OPEN))
        if "release" in row:
            release_on = today + timedelta(days=row["release"])
            schedule(asset=asset, by=by, release_on=release_on, on=min(release_on, today))
        return
    review_on = today + timedelta(days=row["review"]) if "review" in row else add_months(day, 24)
    law_ar, law_en = laws[row["law"]]
    decision = Decision(
        access, row.get("class", Classification.NONE), row[access], law_ar, law_en, "المدير العام", "Director general",
        day, review_on,
    )  # fmt: skip
    assess(asset=asset, by=by, decision=decision)
    if row.get("fate") != "decided":
        withhold(asset=asset, by=by)
    if "ground" in row:
        redact_title(asset=asset, by=by, ground=row["ground"])


def _tell_trend(agency: Agency, today: date) -> None:
    """How it stood at the end of each month since the deadlines began to run."""
    [found] = reports([agency], today)
    days, day = [], add_months(agency.counted_from, 1)
    while day < today:
        days.append(day)
        day = add_months(day, 1)
    made = [_snapshot(found, day, (number + 1) / (len(days) + 1)) for number, day in enumerate(days)]
    Snapshot.objects.bulk_create(made)


def _snapshot(found: Report, day: date, part: float) -> Snapshot:
    duties = {
        kept.code: {"met": bool(kept.met_on and kept.met_on <= day),
                    "met_on": kept.met_on.isoformat() if kept.met_on and kept.met_on <= day else None,
                    "due_on": str(kept.due_on)}
        for kept in found.duties
    }  # fmt: skip
    figures = {name: round(count * part) for name, count in found.counts.items()}
    snapshot = Snapshot(agency=found.agency, day=day, duties=duties, figures=figures)
    snapshot.taken_at = timezone.make_aware(datetime.combine(day, datetime.min.time().replace(hour=23)))
    snapshot.signature = signature(payload(snapshot))
    return snapshot
