"""The service directory of the demonstration: complete entries, entries with gaps, two drafts and one withdrawn."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from policies.services.actions.publishing import publish_service, withdraw_service
from policies.services.actions.writing import write_service
from policies.services.models import Service
from portal.home.demo.content import load
from portal.organisations.models import Membership, Organisation, Role, Topic, Unit
from portal.staff.models import User

LISTS = {"prerequisites": "prerequisites", "documents": "documents", "held": "held_documents", "steps": "steps"}
TEXTS = {"name": "name", "purpose": "purpose", "legal": "legal_basis", "contact": "contact", "fee_note": "fee_note"}
SAME = ("slug", "personas", "life_events", "channels")


def tell_services() -> int:
    """Enter the demonstration's services that are not there yet; returns how many."""
    known = set(Service.objects.values_list("slug", flat=True))
    rows = [row for row in load("services") if row["slug"] not in known]
    bodies = {body.code: body for body in Organisation.objects.all()}
    units = {unit.code: unit for unit in Unit.objects.all()}
    topics = {topic.slug: topic for topic in Topic.objects.all()}
    people = _People()
    for row in rows:
        place = {"organisation": bodies[row["body"]], "unit": units.get(row.get("unit", ""))}
        _tell({**place, "topic": topics.get(row["topic"])}, row, people)
    return len(rows)


class _People:
    """Who enters and who publishes: an officer and the lead of the unit, or the administrator."""

    def __init__(self) -> None:
        members = Membership.objects.select_related("user")
        self.by_role = {(member.unit_id, member.role): member.user for member in members}
        self.administrator = User.objects.filter(is_superuser=True).first() or User.objects.first()

    def one(self, unit: Unit | None, role: str) -> User | None:
        return self.by_role.get((unit.pk, role), self.administrator) if unit else self.administrator


def _tell(place: dict[str, Any], row: dict[str, Any], people: _People) -> None:
    service = write_service(by=people.one(place["unit"], Role.OFFICER), **place, **_content(row))
    by = people.one(place["unit"], Role.LEAD)
    if row.get("draft") or by is None:
        return
    publish_service(service=service, by=by)
    if "withdrawn" in row:
        withdraw_service(service=service, by=by)
    _date(service, row)


def _content(row: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {name: row[name] for name in SAME}
    for short, field in LISTS.items():
        found |= {f"{field}_{code}": "\n".join(row.get(f"{short}_{code}", [])) for code in ("ar", "en")}
    for short, field in TEXTS.items():
        found |= {f"{field}_{code}": row.get(f"{short}_{code}", "") for code in ("ar", "en")}
    found |= {mark: row.get(mark, False) for mark in ("no_documents", "no_prerequisites")}
    found |= {name: row.get(name, "") for name in ("url", "phone", "email")}
    amount, unit = row.get("time", (None, ""))
    return found | {"time_amount": amount, "time_unit": unit, **_fee(row)}


def _fee(row: dict[str, Any]) -> dict[str, Any]:
    if "fee" in row:
        return {"fee_kind": "fixed", "fee": Decimal(row["fee"])}
    kind = "free" if row.get("free") else "varies" if "fee_note_ar" in row else ""
    return {"fee_kind": kind, "fee": None}


def _date(service: Service, row: dict[str, Any]) -> None:
    """As if it had been there since then."""
    now = timezone.now()
    dates: dict[str, Any] = {
        "published_at": now - timedelta(days=row["days_ago"]),
        "reviewed_on": timezone.localdate(now) - timedelta(days=row["reviewed"]),
    }
    if "withdrawn" in row:
        dates["withdrawn_at"] = now - timedelta(days=row["withdrawn"])
    Service.objects.filter(pk=service.pk).update(**dates)
