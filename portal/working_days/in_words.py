"""The hours of the default calendar in words, such as "Sunday to Thursday, 07:30 to 14:30"."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.working_days.models import SpecialHours, Weekday, WeeklyHours


def working_week() -> str:
    """The usual week, then the special hours that count today; empty where the calendar has no hours.

    In Ramadan: "Sunday to Thursday, 07:30 to 14:30; Ramadan, until 9 March 2027: 09:00 to 14:00".
    """
    return _("; ").join(filter(None, [_usual_week(), *_special_today()]))


def _usual_week() -> str:
    """Days with the same hours are told together."""
    spans: list[tuple[int, int, str]] = []
    week = list(Weekday)
    hours = _hours_by_day()
    for place, day in enumerate(week):
        words = _(" and ").join(hours.get(day, []))
        if not words:
            continue
        if spans and spans[-1][2] == words and spans[-1][1] == place - 1:
            spans[-1] = (spans[-1][0], place, words)
        else:
            spans.append((place, place, words))
    return _("; ").join(_span(str(week[first].label), str(week[last].label), words) for first, last, words in spans)


def _hours_by_day() -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = WeeklyHours.objects.filter(calendar__is_default=True).order_by("opens")
    for weekday, opens, closes in rows.values_list("weekday", "opens", "closes"):
        found.setdefault(weekday, []).append(_from_to(opens, closes))
    return found


def _special_today() -> Iterator[str]:
    """Special hours that count today, each occasion with its last day; its stretches of a day are told together."""
    today = timezone.localdate()
    rows = SpecialHours.objects.filter(calendar__is_default=True, first_day__lte=today, last_day__gte=today)
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows.order_by("opens", "id"):
        found.setdefault((str(row), date_format(row.last_day)), []).append(_from_to(row.opens, row.closes))
    for (name, day), hours in found.items():
        yield _("%(name)s, until %(day)s: %(hours)s") % {"name": name, "day": day, "hours": _(" and ").join(hours)}


def _from_to(opens: time, closes: time) -> str:
    return _("%(opens)s to %(closes)s") % {"opens": f"{opens:%H:%M}", "closes": f"{closes:%H:%M}"}


def _span(first: str, last: str, hours: str) -> str:
    if first == last:
        return _("%(day)s, %(hours)s") % {"day": first, "hours": hours}
    return _("%(first)s to %(last)s, %(hours)s") % {"first": first, "last": last, "hours": hours}
