"""The operator's facts in words, taken from live rows so that page and behaviour cannot disagree."""

from __future__ import annotations

from django.core.cache import cache
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.working_days.models import WeeklyHours

# From the day the week starts on in Oman; the number is Python's weekday (Monday is 0).
WEEK = [6, 0, 1, 2, 3, 4, 5]


def hours_in_words() -> str:
    """The call centre's week, such as "Sunday to Thursday, 07:30 to 14:30". Kept for a minute."""
    key = f"operator:hours:{get_language()}"
    try:
        return cache.get_or_set(key, _hours_in_words, 60) or ""
    except Exception:  # without a cache the page asks the database
        return _hours_in_words()


def _hours_in_words() -> str:
    rows = WeeklyHours.objects.filter(calendar__is_default=True).values_list("weekday", "opens", "closes")
    by_day: dict[int, list[str]] = {}
    for weekday, opens, closes in rows:
        by_day.setdefault(weekday, []).append(
            _("%(opens)s to %(closes)s") % {"opens": f"{opens:%H:%M}", "closes": f"{closes:%H:%M}"}
        )
    spans: list[tuple[int, int, str]] = []
    for weekday in WEEK:
        hours = _(" and ").join(sorted(by_day.get(weekday, [])))
        if not hours:
            continue
        if spans and spans[-1][2] == hours and WEEK.index(spans[-1][1]) + 1 == WEEK.index(weekday):
            spans[-1] = (spans[-1][0], weekday, hours)
        else:
            spans.append((weekday, weekday, hours))
    return _("; ").join(_span_in_words(*span) for span in spans)


def _span_in_words(first: int, last: int, hours: str) -> str:
    names = [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]
    if first == last:
        return _("%(day)s, %(hours)s") % {"day": names[first], "hours": hours}
    return _("%(first)s to %(last)s, %(hours)s") % {"first": names[first], "last": names[last], "hours": hours}
