"""The week of the default calendar in words, such as "Sunday to Thursday, 07:30 to 14:30"."""

from __future__ import annotations

from django.utils.translation import gettext as _

from portal.working_days.models import Weekday, WeeklyHours


def working_week() -> str:
    """Days with the same hours are told together; empty where the calendar has no hours."""
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
        words = _("%(opens)s to %(closes)s") % {"opens": f"{opens:%H:%M}", "closes": f"{closes:%H:%M}"}
        found.setdefault(weekday, []).append(words)
    return found


def _span(first: str, last: str, hours: str) -> str:
    if first == last:
        return _("%(day)s, %(hours)s") % {"day": first, "hours": hours}
    return _("%(first)s to %(last)s, %(hours)s") % {"first": first, "last": last, "hours": hours}
