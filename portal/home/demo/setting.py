"""The world the cases live in: calendar, organisations, topics, rules, templates. What exists is left alone."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from django.db.models import Q

from participation.feedback.models import ReplyTemplate, RoutingRule
from portal.home.demo.content import load
from portal.organisations.models import Organisation, Topic, Unit
from portal.working_days.actions import announce_closure, ensure_default_calendar, set_special_hours
from portal.working_days.models import Calendar


def ensure_setting() -> None:
    """Make what is missing."""
    _calendar()
    _organisations()
    _topics()
    _rules()
    _reply_templates()


def _calendar() -> Calendar:
    calendar = ensure_default_calendar()
    content = load("calendar")
    if not calendar.closures.exists():
        for row in content["closures"]:
            announce_closure(calendar=calendar, by=None, **{**row, **_days(row)})
    if not calendar.special_hours.exists():
        for row in content["special_hours"]:
            hours = (time.fromisoformat(row.pop("opens")), time.fromisoformat(row.pop("closes")))
            set_special_hours(calendar=calendar, by=None, intervals=[hours], **{**row, **_days(row)})
    return calendar


def _days(row: dict[str, Any]) -> dict[str, Any]:
    return {name: date.fromisoformat(row[name]) for name in ("first_day", "last_day")}


def _organisations() -> None:
    has_call_centre = Unit.objects.triage() is not None
    for row in load("organisations")["organisations"]:
        units = row.pop("units", [])
        organisation, _is_new = Organisation.objects.get_or_create(code=row.pop("code"), defaults=row)
        for unit in units:
            unit["is_triage"] = unit["is_triage"] and not has_call_centre
            Unit.objects.get_or_create(code=unit.pop("code"), defaults={"organisation": organisation, **unit})


def _topics() -> None:
    for row in load("organisations")["topics"]:
        row.pop("unit", None)
        slug = row.pop("slug")
        _topic, is_new = Topic.objects.get_or_create(slug=slug, defaults=row)
        if not is_new:  # the one a new portal starts with has none
            guidance = {name: row[name] for name in ("guidance_ar", "guidance_en")}
            Topic.objects.filter(Q(guidance_ar="") | Q(guidance_ar=None), slug=slug).update(**guidance)


def _rules() -> None:
    if RoutingRule.objects.exists():
        return
    topics = dict(Topic.objects.values_list("slug", "pk"))
    units = dict(Unit.objects.values_list("code", "pk"))
    RoutingRule.objects.bulk_create(
        RoutingRule(
            position=number * 10,
            name=row["name"],
            kind=row["kind"] or "",
            topic_id=topics[row["topic"]] if row["topic"] else None,
            governorate=row["governorate"] or "",
            words="، ".join(row["words"] or []),
            unit_id=units[row["unit"]],
            priority=row["priority"],
        )
        for number, row in enumerate(load("rules"), start=1)
    )


def _reply_templates() -> None:
    if not ReplyTemplate.objects.exists():
        ReplyTemplate.objects.bulk_create(ReplyTemplate(**row) for row in load("templates"))
