"""The charts of service levels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from participation.feedback.performance.columns import TITLES
from participation.feedback.performance.publishing import WITHHELD, Values
from participation.feedback.performance.reading import Shown
from participation.feedback.performance.showing import month_in_words
from portal.figures.charts import Chart, Series, bars, lines

FEWEST = 2
"""A time line of fewer months is none."""


def charts(shown: Shown) -> list[Chart]:
    """Shares within promise and hours needed, by month."""
    pairs = [(row, values) for row, values in zip(shown.rows, shown.values, strict=True) if _is_judged(values)]
    if len(pairs) < FEWEST:
        return []
    months = [month_in_words(row.month) for row, _values in pairs]
    values = [values for _row, values in pairs]
    return [_shares(months, values), _hours(months, values)]


def _is_judged(values: Values) -> bool:
    """Whether the month has something to draw or to withhold. In a chart an empty month would look withheld."""
    return values["replies_within"] is not None and values["resolutions_within"] is not None


def _shares(months: Sequence[str], values: Sequence[Values]) -> Chart:
    return lines(
        _("Within promise, by month"),
        months,
        _series(values, "replies_within", "resolutions_within"),
        key="within-promise",
        unit="%",
        highest=100,
        label_heading=_("Month"),
    )


def _hours(months: Sequence[str], values: Sequence[Values]) -> Chart:
    return lines(
        _("Median working hours, by month"),
        months,
        _series(
            values,
            "reply_median",
            "reply_median_with_pauses",
            "resolution_median",
            "resolution_median_with_pauses",
        ),
        key="hours-needed",
        unit=_("hours"),
        label_heading=_("Month"),
    )


def _series(values: Sequence[Values], *names: str) -> list[Series]:
    return [Series(str(TITLES[name]), [_drawn(row[name]) for row in values]) for name in names]


def units_chart(shown: Shown, month: str) -> Chart | None:
    """First replies within promise, a bar for each unit that gave any in the month."""
    pairs = [
        (str(row.unit), values["replies_within"])
        for row, values in zip(shown.rows, shown.values, strict=True)
        if values["replies_within"] is not None
    ]
    if not pairs:
        return None
    return bars(
        _("First replies within promise, %(month)s") % {"month": month},
        [name for name, _value in pairs],
        [_drawn(value) for _name, value in pairs],
        key="units",
        unit="%",
        label_heading=_("Unit"),
        value_heading=str(TITLES["replies_within"]),
    )


def _drawn(value: Any) -> float | None:
    """Per cent or hours with one decimal; None is drawn as withheld."""
    if value is WITHHELD or value is None:
        return None
    return round(value, 1)
