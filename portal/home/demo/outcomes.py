"""What became of what people asked: commitments kept, late, declined and not kept, each with its history."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from participation.outcomes.actions import change_status, link, publish_commitment, save_draft
from participation.outcomes.models import Commitment
from portal.home.demo.content import load
from portal.organisations.models import Membership, Role, Topic, Unit
from portal.staff.models import User

TEXTS = [f"{stem}_{code}" for stem in ("title", "asked", "decided", "evidence") for code in ("ar", "en")]
NOTES = [f"{stem}_{code}" for stem in ("note", "evidence") for code in ("ar", "en")]


def tell_outcomes() -> int:
    """Publish the demonstration's commitments that are not there yet; returns how many."""
    known = set(Commitment.objects.values_list("slug", flat=True))
    rows = [row for row in load("outcomes") if row["slug"] not in known]
    units = {unit.code: unit for unit in Unit.objects.all()}
    topics = {topic.slug: topic for topic in Topic.objects.all()}
    for row in rows:
        _tell(row, units[row["unit"]], topics.get(row["topic"]))
    return len(rows)


def _tell(row: dict[str, Any], unit: Unit, topic: Topic | None) -> None:
    by = _lead_of(unit)
    commitment = Commitment(
        slug=row["slug"], decision=row["decision"], status=row["status"], due_on=_day(row["due_days"]), unit=unit,
        topic=topic, based_on=row.get("based_on"), **{name: row[name] for name in TEXTS},
    )  # fmt: skip
    save_draft(commitment=commitment, by=by)
    for path in row["links"]:
        link(commitment=commitment, path=path, by=by)
    publish_commitment(commitment=commitment, by=by, at=_morning(row["published_days_ago"]))
    for step in row["history"]:
        change_status(
            commitment=commitment, by=by, status=step["status"], due_on=_day(step.get("due_days")),
            at=_morning(step["days_ago"]), **{name: step.get(name, "") for name in NOTES},
        )  # fmt: skip


def _lead_of(unit: Unit) -> User | None:
    member = Membership.objects.filter(unit=unit, role__in=[Role.LEAD, Role.HEAD]).select_related("user").first()
    return member.user if member else None


def _day(days: int | None) -> date | None:
    """So many days from today; before it where negative."""
    return None if days is None else timezone.localdate() + timedelta(days=days)


def _morning(days_ago: int) -> datetime:
    """A quarter past ten, so many days ago."""
    return timezone.localtime().replace(hour=10, minute=15, second=0, microsecond=0) - timedelta(days=days_ago)
