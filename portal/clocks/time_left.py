"""How much working time is left until something is due, for many rows at once and in words."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.working_days.hours import elapsed
from portal.working_days.models import Calendar

Key = TypeVar("Key", bound=Hashable)

SOON = 2 * 60
"""Working minutes below which a row is marked as urgent."""


@dataclass(frozen=True)
class TimeLeft:
    """Working minutes until the due time, negative once it is past; None while the clock stands still."""

    minutes: int | None
    is_late: bool = False

    @property
    def mark(self) -> str:
        """How the row is marked: late, soon, paused or nothing."""
        if self.minutes is None:
            return "paused"
        if self.is_late:
            return "late"
        return "soon" if self.minutes < SOON else ""

    @property
    def words(self) -> str:
        """The whole sentence, as a screen reader should say it."""
        if self.minutes is None:
            return _("the clock stands still")
        span = in_words(abs(self.minutes))
        return _("overdue by %(time)s") % {"time": span} if self.is_late else _("%(time)s left") % {"time": span}

    @property
    def short(self) -> str:
        """The same for the eye, such as "3:20" or "-0:15"."""
        if self.minutes is None:
            return _("paused")
        hours, minutes = divmod(abs(self.minutes), 60)
        return f"{'−' if self.is_late else ''}{hours}:{minutes:02d}"


def in_words(minutes: int) -> str:
    """A length of working time: minutes below an hour, else whole hours with the minutes where they matter."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return ngettext("%(n)d working minute", "%(n)d working minutes", rest) % {"n": rest}
    span = ngettext("%(n)d working hour", "%(n)d working hours", hours) % {"n": hours}
    if rest and hours < 4:
        minutes_words = ngettext("%(n)d minute", "%(n)d minutes", rest) % {"n": rest}
        return _("%(hours)s and %(minutes)s") % {"hours": span, "minutes": minutes_words}
    return span


def measure(
    rows: Iterable[tuple[Key, datetime | None, int | None]], now: datetime | None = None
) -> Mapping[Key, TimeLeft]:
    """The working time left of each row (key, due time, calendar id; None: the default calendar).

    Asks the database for calendars only: as often for a thousand rows as for one.
    """
    rows = list(rows)
    now = now or timezone.now()
    default = Calendar.objects.filter(is_default=True).values_list("pk", flat=True).first()
    by_id = Calendar.objects.working_hours_by_calendar({calendar or default for _key, _due, calendar in rows} - {None})
    found = {}
    for key, due_at, calendar in rows:
        if due_at is None or (calendar or default) not in by_id:
            found[key] = TimeLeft(None)
            continue
        hours = by_id[calendar or default]
        is_late = due_at < now
        span = elapsed(hours, due_at, now) if is_late else elapsed(hours, now, due_at)
        found[key] = TimeLeft(-int(span) if is_late else int(span), is_late)
    return found
