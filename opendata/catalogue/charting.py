"""Charts a table allows by itself: a line over time, bars by governorate and by category - and why there is none.

What a column is, its type, its name and its titles say. Amounts are added up; what must not be (shares, rates, prices)
is averaged, and the chart says which it did.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from opendata.catalogue import tables
from opendata.catalogue.columns import Shown, columns_of
from opendata.catalogue.models import Version
from portal.figures import charts
from portal.figures.charts import Chart, Series
from portal.search.folding import fold

MOST_TIMES = 60
MOST_BARS = 20
MOST_COLUMNS = 100
"""Columns looked at."""
LEAST = 2
_TIME = re.compile(r"(^|_)(year|month|date|day|quarter|period|sana|yr)(_|$)")
_PLACE = re.compile(r"governorate|muhafaza|wilaya|region")
_NOT_A_MEASURE = re.compile(
    r"(^|_)(id|code|no|number|lat|latitude|lon|lng|longitude|x|y|phone|year|month|day|zip)(_|$)"
)
_MEAN = re.compile(r"(^|_)(rate|ratio|share|percent|percentage|pct|average|avg|mean|median|price|index|score)(_|$)")
_TIME_WORDS = ("سنه", "السنه", "عام", "العام", "شهر", "الشهر", "تاريخ", "التاريخ")
_PLACE_WORDS = ("المحافظه", "محافظه", "الولايه", "ولايه")


@dataclass(frozen=True)
class Drawn:
    """The charts of a version, or else why there is none: a sentence."""

    charts: tuple[Chart, ...] = ()
    why_none: str = ""


def charts_of(version: Version) -> Drawn:
    """What can be drawn of a version."""
    if version.rows > tables.MOST_ROWS:
        return Drawn(why_none=_("The table is too large to be drawn while a page is opened. Download it to draw it."))
    if version.rows < LEAST:
        return Drawn(why_none=_("A chart needs two rows or more."))
    columns = columns_of(version)[:MOST_COLUMNS]
    measure = next(filter(_is_measure, columns), None)
    time = next(filter(_is_time, columns), None)
    place = next(filter(_is_place, columns), None)
    category = _category(version, columns)
    if time is None and place is None and category is None:
        return Drawn(why_none=_no_column())
    drawn = [_line(version, time, measure) if time else None]
    drawn += [_bars(version, column, measure, time) for column in (place, category) if column]
    found = tuple(chart for chart in drawn if chart)
    return Drawn(
        found, "" if found else _("The columns that could be drawn have too many different values, or too few.")
    )


def _no_column() -> str:
    return _(
        "No column of this table says a time, a governorate or one of a few categories, so there is nothing to draw by."
    )


def _words(column: Shown) -> set[str]:
    return set(fold(f"{column.title} {column.other_title}").split())


def _is_time(column: Shown) -> bool:
    if column.type in ("date", "datetime"):
        return True
    is_named = bool(_TIME.search(column.name)) or bool(_words(column) & set(_TIME_WORDS))
    return column.type in ("integer", "text") and is_named


def _is_place(column: Shown) -> bool:
    is_named = bool(_PLACE.search(column.name)) or bool(_words(column) & set(_PLACE_WORDS))
    return column.type == "text" and is_named


def _is_measure(column: Shown) -> bool:
    return column.is_number and not column.is_key and not _is_time(column) and not _NOT_A_MEASURE.search(column.name)


def _category(version: Version, columns: Sequence[Shown]) -> Shown | None:
    """The first text with a few values that come again and again."""
    texts = [one for one in columns if one.type in ("text", "boolean") and not _is_time(one) and not _is_place(one)]
    counts = tables.distinct(version, [column.name for column in texts])
    fitting = [one for one in texts if LEAST <= counts.get(one.name, 0) <= min(MOST_BARS, version.rows / 2)]
    return fitting[0] if fitting else None


def _is_mean(measure: Shown | None) -> bool:
    return measure is not None and ("%" in measure.unit or bool(_MEAN.search(measure.name)))


def _line(version: Version, time: Shown, measure: Shown | None) -> Chart | None:
    found = _sums(version, time, measure, MOST_TIMES + 1)
    if not LEAST < len(found) <= MOST_TIMES:
        return None
    values = [value for _label, value in found]
    if min(values) < 0:  # a line is drawn from zero up
        return None
    title = _title(measure, time)
    return charts.lines(
        title, [label for label, _value in found], [Series(title, values)], key=f"by-{time.name}",
        unit=_unit(measure), label_heading=time.title, source=_source(version, measure),
    )  # fmt: skip


def _bars(version: Version, column: Shown, measure: Shown | None, time: Shown | None) -> Chart | None:
    at, found = _at_last(version, time, column, measure) if time and measure else ("", [])
    found = found or _sums(version, column, measure, MOST_BARS + 1)
    if not LEAST <= len(found) <= MOST_BARS or min(value for _label, value in found) < 0:
        return None
    found = sorted(found, key=lambda pair: -pair[1])
    return charts.bars(
        _title(measure, column, at), [label for label, _value in found], [value for _label, value in found],
        key=f"by-{column.name}", unit=_unit(measure), label_heading=column.title,
        value_heading=measure.title if measure else _("Rows"), source=_source(version, measure, at),
    )  # fmt: skip


def _at_last(version: Version, time: Shown, column: Shown, measure: Shown) -> tuple[str, list[tuple[str, float]]]:
    """The last time in the table, and each value's number then; nothing where there are too many times to tell.

    What was there at several times, such as inhabitants of several years, must not be added up.
    """
    most = MOST_TIMES * MOST_BARS
    names = [time.name, column.name]
    rows = tables.grouped(version, names, measure.name, mean=_is_mean(measure), most=most + 1) or []
    rows = [row for row in rows if row[2] is not None]
    if not rows or len(rows) > most:
        return "", []
    last = rows[-1][0]
    return _label(last), [(_label(value), round(number, 4)) for at, value, number in rows if at == last]


def _sums(version: Version, column: Shown, measure: Shown | None, most: int) -> list[tuple[str, float]]:
    """Label and number of each value of a column."""
    name = measure.name if measure else ""
    rows = tables.grouped(version, [column.name], name, mean=_is_mean(measure), most=most) or []
    return [(_label(value), round(number, 4)) for value, number in rows if number is not None]


def _label(value: Any) -> str:
    text = str(value)
    if text in ("true", "false"):
        return _("Yes") if text == "true" else _("No")
    return text.removesuffix("T00:00:00")[:60]


def _unit(measure: Shown | None) -> str:
    return measure.unit if measure else ""


def _title(measure: Shown | None, by: Shown, at: str = "") -> str:
    if measure is None:
        return _("Number of rows by “%(column)s”") % {"column": by.title}
    words = {"measure": measure.title, "column": by.title, "time": at}
    if at:
        return _("“%(measure)s” in %(time)s, by “%(column)s”") % words
    if _is_mean(measure):
        return _("“%(measure)s” on average, by “%(column)s”") % words
    return _("“%(measure)s” added up, by “%(column)s”") % words


def _source(version: Version, measure: Shown | None, at: str = "") -> str:
    """How it came about: nobody has looked at whether adding up makes sense."""
    if at:
        told = _("Drawn automatically from the rows of %(time)s, the last in version %(number)s.")
    else:
        told = _("Drawn automatically from all %(rows)s rows of version %(number)s.")
    rows = number_format(version.rows, force_grouping=True)
    told = told % {"rows": rows, "number": version.number, "time": at}
    if measure is None or _is_mean(measure):
        return told
    return told + " " + _("Rows that are totals themselves would be counted twice: see the data dictionary.")
