"""Everything that changes a working calendar. Each verb locks it, counts its version up and is audited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, time
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from portal.audit.actions import record
from portal.working_days import cache
from portal.working_days.models import Calendar, Closure, SpecialHours, Weekday, WeeklyHours
from portal.working_days.public_holidays import HOLIDAYS_SOURCE, missing_occasions


class ClosureHasMoved(Exception):
    """Somebody else confirmed, moved or withdrew the closure meanwhile; `closure` holds what it is now."""

    def __init__(self, closure: Closure) -> None:
        super().__init__(f"closure {closure.pk} is {closure.status}")
        self.closure = closure


@transaction.atomic
def touch(calendar: Calendar) -> int:
    """Count the version up before changing any row of the calendar; returns the new one.

    It also locks the calendar until the transaction ends, so that two changes come one after the other, and keeps
    hours with uncommitted changes out of this process's memory - which is why it must come *before* the writing.
    """
    cache.touched(calendar.pk)
    Calendar.objects.filter(pk=calendar.pk).update(version=F("version") + 1)
    calendar.refresh_from_db(fields=["version"])
    return calendar.version


@transaction.atomic
def ensure_default_calendar(*, by: Any = None) -> Calendar:
    """The default calendar; made with the official hours (07:30-14:30, Sunday to Thursday) where there is none."""
    calendar = Calendar.objects.filter(is_default=True).first()
    if calendar is not None:
        return calendar
    calendar = Calendar.objects.create(name_ar="ساعات العمل الرسمية", name_en="Official working hours", is_default=True)
    record(verb="calendar.created", subject=calendar, by=by)
    days = (Weekday.SUNDAY, Weekday.MONDAY, Weekday.TUESDAY, Weekday.WEDNESDAY, Weekday.THURSDAY)
    change_hours(calendar=calendar, weekly=[(day, time(7, 30), time(14, 30)) for day in days], by=by)
    return calendar


@transaction.atomic
def change_hours(*, calendar: Calendar, weekly: Iterable[tuple[int, time, time]], by: Any) -> None:
    """Give the calendar these weekly hours - (weekday, opens, closes) - in place of those it had."""
    touch(calendar)
    before = [_as_data(row) for row in calendar.weekly_hours.all()]
    calendar.weekly_hours.all().delete()
    rows = [WeeklyHours(calendar=calendar, weekday=d, opens=o, closes=c) for d, o, c in weekly]
    WeeklyHours.objects.bulk_create(rows)
    record(
        verb="calendar.hours_changed",
        subject=calendar,
        by=by,
        data={"before": before, "after": [_as_data(row) for row in rows], "version": calendar.version},
    )


@transaction.atomic
def announce_closure(
    *,
    calendar: Calendar,
    name_ar: str,
    name_en: str,
    first_day: date,
    last_day: date,
    by: Any,
    status: str = Closure.Status.CONFIRMED,
    source: str = "",
) -> Closure:
    """Close the office on these days; with the status TENTATIVE only note that it is expected to close."""
    touch(calendar)
    closure = Closure.objects.create(
        calendar=calendar,
        name_ar=name_ar,
        name_en=name_en,
        first_day=first_day,
        last_day=last_day,
        status=status,
        source=source,
    )
    _recorded("closure.announced", closure, by)
    return closure


@transaction.atomic
def confirm_closure(
    *, closure: Closure, by: Any, first_day: date | None = None, last_day: date | None = None
) -> Closure:
    """The tentative closure was announced, perhaps with other dates than expected: from now on it stops clocks."""
    dates = {"first_day": first_day or closure.first_day, "last_day": last_day or closure.last_day}
    changes = {"status": Closure.Status.CONFIRMED, **dates}
    return _changed("closure.confirmed", closure, by, changes, expected=[Closure.Status.TENTATIVE])


@transaction.atomic
def move_closure(*, closure: Closure, first_day: date, last_day: date, by: Any) -> Closure:
    """Other dates, the same status."""
    changes = {"first_day": first_day, "last_day": last_day}
    return _changed("closure.moved", closure, by, changes, expected=[closure.status])


@transaction.atomic
def withdraw_closure(*, closure: Closure, by: Any) -> Closure:
    """The office works after all. The row stays, so that nobody proposes the same days again."""
    standing = [Closure.Status.TENTATIVE, Closure.Status.CONFIRMED]
    return _changed("closure.withdrawn", closure, by, {"status": Closure.Status.WITHDRAWN}, expected=standing)


@transaction.atomic
def set_special_hours(
    *,
    calendar: Calendar,
    name_ar: str,
    name_en: str,
    first_day: date,
    last_day: date,
    intervals: Iterable[tuple[time, time]],
    by: Any,
    beats_closures: bool = False,
) -> list[SpecialHours]:
    """Other hours on these days: one row for each (opens, closes)."""
    touch(calendar)
    days = {"name_ar": name_ar, "name_en": name_en, "first_day": first_day, "last_day": last_day}
    rows = [
        SpecialHours.objects.create(
            calendar=calendar, opens=opens, closes=closes, beats_closures=beats_closures, **days
        )
        for opens, closes in intervals
    ]
    for row in rows:
        _recorded("special_hours.set", row, by)
    return rows


@transaction.atomic
def remove_special_hours(*, special: SpecialHours, by: Any) -> None:
    """The ordinary hours hold again on these days."""
    touch(special.calendar)
    _recorded("special_hours.removed", special, by)
    special.delete()


@transaction.atomic
def propose_public_holidays(*, calendar: Calendar, year: int, by: Any) -> list[Closure]:
    """Enter Oman's public holidays of the year as tentative closures, where nothing stands for them yet.

    A second run adds nothing, also after staff moved, renamed or withdrew some.
    """
    # Locked first: of two people who ask at once the second sees what the first entered.
    Calendar.objects.select_for_update().get(pk=calendar.pk)
    missing = missing_occasions(calendar, year)
    if missing:
        touch(calendar)
    proposed = [
        Closure.objects.create(
            calendar=calendar,
            name_ar=occasion.name_ar,
            name_en=occasion.name_en,
            first_day=occasion.first_day,
            last_day=occasion.last_day,
            status=Closure.Status.TENTATIVE,
            source=HOLIDAYS_SOURCE,
        )
        for occasion in missing
    ]
    for closure in proposed:
        _recorded("closure.proposed", closure, by)
    return proposed


def _changed(verb: str, closure: Closure, by: Any, changes: dict[str, Any], *, expected: Sequence[str]) -> Closure:
    """Write the changes if the closure is still the one the caller saw; else ClosureHasMoved."""
    touch(closure.calendar)
    before = _as_data(closure)
    unchanged = {"first_day": closure.first_day, "last_day": closure.last_day, "status__in": expected}
    if not Closure.objects.filter(pk=closure.pk, **unchanged).update(**changes):
        raise ClosureHasMoved(Closure.objects.get(pk=closure.pk))
    closure.refresh_from_db()
    _recorded(verb, closure, by, before=before)
    return closure


def _recorded(verb: str, row: Closure | SpecialHours, by: Any, **more: Any) -> None:
    data = {**_as_data(row), "calendar": row.calendar_id, "version": row.calendar.version, **more}
    record(verb=verb, subject=row, by=by, data=data)


def _as_data(row: WeeklyHours | Closure | SpecialHours) -> dict[str, Any]:
    """The parts of the row that decide when the office works."""
    names = ("weekday", "first_day", "last_day", "status", "opens", "closes", "beats_closures")
    found = {name: getattr(row, name) for name in names if hasattr(row, name)}
    return {name: value.isoformat() if isinstance(value, date | time) else value for name, value in found.items()}


VERB_LABELS = {
    "calendar.created": _("Calendar made"),
    "calendar.hours_changed": _("Weekly hours changed"),
    "closure.announced": _("Closure announced"),
    "closure.proposed": _("Closure proposed"),
    "closure.confirmed": _("Closure confirmed"),
    "closure.moved": _("Closure moved"),
    "closure.withdrawn": _("Closure withdrawn"),
    "special_hours.set": _("Special hours set"),
    "special_hours.removed": _("Special hours removed"),
}
