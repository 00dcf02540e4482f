"""What templates/participation/feedback/performance.html shows, put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from participation.feedback.performance import columns, reading, showing
from participation.feedback.performance.drawing import charts, units_chart
from participation.feedback.performance.models import MonthlyFigures, Part
from participation.feedback.performance.promised import promises_table
from participation.feedback.performance.publishing import published
from participation.feedback.performance.reading import Period, Shown
from participation.feedback.performance.showing import Source, Table, in_words, month_in_words, per_cent
from portal.organisations.models import Unit


@dataclass(frozen=True)
class Stat:
    """A number on top of the page, what it is, and what to know about it."""

    value: str
    label: str
    note: str = ""


def everything(period: Period, month_text: str) -> dict[str, Any]:
    """All units together, and beside each other in one month."""
    shown = reading.overall(period.shown)
    month = period.month(month_text)
    return _common(shown) | {
        "months_table": _messages(shown, reverse("feedback:performance"), period),
        "units": _units(month) if month else None,
    }


def one_unit(unit: Unit, period: Period) -> dict[str, Any]:
    """One unit, month by month."""
    shown = reading.of_unit(unit, period.shown)
    return _common(shown) | {"months_table": _messages(shown)}


def _common(shown: Shown) -> dict[str, Any]:
    sources = _sources(shown)
    month = _("Month")
    return {
        "has_figures": bool(shown.rows),
        "has_shown": shown.latest is not None,
        "stats": _stats(shown) if shown.latest else [],
        "months_withheld": shown.months_withheld,
        "has_withheld": any(row.withheld for row in shown.rows),
        "charts": charts(shown),
        "tables": {
            "promises": showing.table(_("Promises kept, by month"), month, sources, columns.PROMISES),
            "hours": showing.table(_("Working hours needed, by month"), month, sources, columns.HOURS),
            "pauses": showing.table(_("Pauses, by month"), month, sources, columns.PAUSES),
            "turn": showing.table(_("Satisfaction and turn, by month"), month, sources, columns.TURN),
        },
        "promises": promises_table(),
        "last_updated": shown.changed_at,
    }


def _sources(shown: Shown, url: str = "", query: dict[str, Any] | None = None) -> list[Source]:
    """The months, newest first; with `url`, each leads to the units in that month."""
    return [
        Source(
            label=month_in_words(row.month),
            values=values,
            url=f"{url}?{urlencode({**(query or {}), 'month': f'{row.month:%Y-%m}'})}#units" if url else "",
            chip="" if row.is_final else _("provisional"),
        )
        for row, values in reversed(list(zip(shown.rows, shown.values, strict=True)))
    ]


def _messages(shown: Shown, url: str = "", period: Period | None = None) -> Table:
    query = {"year": period.year} if period and period.year else {}
    return showing.table(_("Messages, by month"), _("Month"), _sources(shown, url, query), columns.MESSAGES)


def _units(month: date) -> dict[str, Any]:
    shown = reading.units_in(month)
    words = month_in_words(month)
    sources = [
        Source(str(row.unit), values, reverse("feedback:performance_unit", args=[row.unit.code]))
        for row, values in zip(shown.rows, shown.values, strict=True)
        if row.unit
    ]
    promises = _("Promises kept by unit, %(month)s") % {"month": words}
    messages = _("Messages by unit, %(month)s") % {"month": words}
    return {
        "month": words,
        "chart": units_chart(shown, words),
        "has_figures": bool(sources),
        "promises": showing.table(promises, _("Unit"), sources, columns.UNITS_PROMISES),
        "messages": showing.table(messages, _("Unit"), sources, columns.UNITS_MESSAGES),
        "has_withheld": any(row.withheld for row in shown.rows),
    }


def _stats(shown: Shown) -> Sequence[Stat]:
    latest = shown.latest
    assert latest is not None
    score, ratings = shown.satisfaction()
    found = [
        Stat(in_words(shown.total(Part.ALL, "received")), _("messages received")),
        Stat(per_cent(shown.share_within(Part.REPLIES)), _("of first replies within promise"), _excused(shown)),
        Stat(per_cent(shown.share_within(Part.RESOLUTIONS)), _("settled within promise")),
        _median(latest),
        _backlog(latest),
        Stat(in_words(score), _("satisfaction, of 5"), _ratings(ratings)),
    ]
    return [stat for stat in found if stat.value]


def _median(latest: MonthlyFigures) -> Stat:
    values = published(latest)
    with_pauses = _("%(hours)s with pauses") % {"hours": in_words(values["reply_median_with_pauses"])}
    month = month_in_words(latest.month)
    label = _("median working hours to the first reply, %(month)s") % {"month": month}
    return Stat(in_words(values["reply_median"]), label, with_pauses if latest.shows(Part.REPLIES) else "")


def _backlog(latest: MonthlyFigures) -> Stat:
    late = ngettext("%(n)d of them late", "%(n)d of them late", latest.backlog_late) % {"n": latest.backlog_late}
    return Stat(
        in_words(latest.backlog), _("open at the end of %(month)s") % {"month": month_in_words(latest.month)}, late
    )


def _excused(shown: Shown) -> str:
    number = shown.total(Part.REPLIES, "replies_excused")
    return ngettext("%(n)d of them excused", "%(n)d of them excused", number) % {"n": number} if number else ""


def _ratings(number: int) -> str:
    return ngettext("from %(n)d rating", "from %(n)d ratings", number) % {"n": number}
