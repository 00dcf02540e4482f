"""What the `holidays` package expects for Oman, and what of it a calendar does not have yet."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from portal.working_days.models import Calendar, Closure

HOLIDAYS_SOURCE = "holidays"
WARN_FROM_MONTH = 10
AS_FAR_AS_STAFF_MOVE_ONE = timedelta(days=45)
"""An entry of the same name this near is the same occasion. Islamic years are 354 days long: an occasion that comes
twice in one year is never as near to itself."""

OFFICIAL_ARABIC = {"National Day": "اليوم الوطني", "Prophet's Birthday": "المولد النبوي الشريف"}
"""Where the name in official announcements differs from the package's."""


class Occasion(NamedTuple):
    """Consecutive days off for one reason."""

    first_day: date
    last_day: date
    name_ar: str
    name_en: str


def occasions(year: int) -> list[Occasion]:
    """Oman's public holidays of the year, on the days they are observed, earliest first."""
    # Here and not above: the package takes a third of a second to load and few processes ever need it.
    from holidays.countries import Oman

    arabic, english = (
        Oman(years=year, language=language, islamic_show_estimated=False) for language in ("ar", "en_US")
    )
    found: list[Occasion] = []
    for day in sorted(english):
        for name_ar, name_en in zip(arabic.get_list(day), english.get_list(day), strict=True):
            yesterday = (name_en, day - timedelta(days=1))
            running = next((n for n, o in enumerate(found) if (o.name_en, o.last_day) == yesterday), None)
            if running is None:
                found.append(Occasion(day, day, OFFICIAL_ARABIC.get(name_en, name_ar), name_en))
            else:
                found[running] = found[running]._replace(last_day=day)
    return found


def missing_occasions(calendar: Calendar, year: int) -> list[Occasion]:
    """Those of the year for which the calendar has no entry."""
    margin = AS_FAR_AS_STAFF_MOVE_ONE
    first, last = date(year, 1, 1) - margin, date(year, 12, 31) + margin
    entries = list(Closure.objects.filter(calendar=calendar).touching(first, last))
    return [occasion for occasion in occasions(year) if not any(_stands_for(e, occasion) for e in entries)]


def missing_holidays(calendar: Calendar, today: date) -> bool:
    """Whether it is October or later and next year's holidays are not all entered: time to warn."""
    return today.month >= WARN_FROM_MONTH and bool(missing_occasions(calendar, today.year + 1))


def _stands_for(entry: Closure, occasion: Occasion) -> bool:
    """Whether it lies on the occasion's days, or was proposed for it and moved since.

    What somebody entered by hand and withdrew says nothing about the occasion; a withdrawn proposal is an answer.
    """
    proposed = entry.source == HOLIDAYS_SOURCE
    if entry.first_day <= occasion.last_day and entry.last_day >= occasion.first_day:
        return proposed or entry.status != Closure.Status.WITHDRAWN
    named = entry.name_en == occasion.name_en  # type: ignore[attr-defined]  # made by modeltranslation
    return proposed and named and abs(entry.first_day - occasion.first_day) <= AS_FAR_AS_STAFF_MOVE_ONE
