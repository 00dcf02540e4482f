"""Charts drawn on the server, each with its words and its table.

None of pygal, leather, svg.py and the like draws for `style-src 'self'`, right-to-left text and labels that wrap on a
phone, so the few marks needed are here: labels are HTML, marks are small SVGs measured in per cent.

`{% include "components/chart.html" with chart=chart %}` shows one; the page loads css/figures.css. Texts are those of
the language that is active while a chart is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from portal.figures import marks, words
from portal.figures.marks import Ink, Number, Plot, Segment, Value, inks, segment
from portal.figures.words import Table

MOST_SERIES = 5
NARROW = 11
"""Per cent of a bar that a figure inside it needs on a phone."""


@dataclass(frozen=True)
class Series:
    """A line, or the bars of one kind: its label and one value for each label of the chart."""

    label: str
    values: Sequence[Value]


@dataclass(frozen=True)
class Bar:
    """One bar: what it is (where several stand together), its pieces, what is written at its end."""

    label: str
    segments: tuple[Segment, ...]
    value: str
    ink: Ink
    note: str = ""


@dataclass(frozen=True)
class Row:
    """A label with its bars."""

    label: str
    bars: tuple[Bar, ...]
    note: str = ""


@dataclass(frozen=True)
class Key:
    """An entry of the legend."""

    label: str
    ink: Ink | None
    shape: str = ""


@dataclass(frozen=True)
class Chart:
    """What `components/chart.html` draws: figure, words for it, table, notes."""

    key: str
    """Unique on its page; ids are made of it."""
    kind: str
    """bars, grouped, stacked or lines."""
    title: str
    summary: str
    """The main facts in a sentence or two: the text alternative."""
    table: Table
    rows: tuple[Row, ...] = ()
    plot: Plot | None = None
    legend: tuple[Key, ...] = ()
    source: str = ""
    is_partly_withheld: bool = False


def bars(
    title: str,
    labels: Sequence[str],
    values: Sequence[Value],
    *,
    key: str,
    base: int | None = None,
    unit: str = "",
    label_heading: str = "",
    value_heading: str = "",
    source: str = "",
) -> Chart:
    """Horizontal bars, one a label: the options of a question.

    With `base` (respondents) values are counts and the bars are their shares of it; else bars are measured against the
    largest value (100 where the unit is "%") and `unit` follows the numbers ("hours"). `source`: a line below, e.g.
    "1,204 answers".
    """
    [ink], top = inks(1), _top([*values], base, unit)
    rows = tuple(
        Row(label, (_bar("", value, top, ink, base, unit),)) for label, value in zip(labels, values, strict=True)
    )
    return Chart(
        key, "bars", title, words.of_bars(labels, values, base, unit),
        words.bars_table(labels, values, base, unit, label_heading, value_heading),
        rows, source=source, is_partly_withheld=None in values,
    )  # fmt: skip


def grouped(
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    key: str,
    bases: Sequence[int | None] | None = None,
    unit: str = "",
    label_heading: str = "",
    source: str = "",
) -> Chart:
    """Bars side by side, at most five a label: options by gender.

    `bases[j]`: how many answered in series j (None withheld): its values are counts, drawn as shares.
    """
    _at_most_five(series)
    values = [value for one in series for value in one.values]
    top = 100 if bases or unit == "%" else _top(values, None, unit)
    colours = inks(len(series))
    per = bases or [None] * len(series)
    rows = tuple(
        Row(label, tuple(
            _bar(one.label, one.values[n], top, ink, base, unit, is_share=bases is not None)
            for one, ink, base in zip(series, colours, per, strict=True)
        ))
        for n, label in enumerate(labels)
    )  # fmt: skip
    columns = [(one.label, one.values) for one in series]
    return Chart(
        key, "grouped", title, words.of_columns(labels, columns, bases, unit),
        words.columns_table(labels, columns, bases, unit, label_heading), rows,
        source=source, is_partly_withheld=None in values or (None in per and bases is not None),
    )  # fmt: skip


def stacked(
    title: str,
    groups: Sequence[str],
    series: Sequence[Series],
    *,
    key: str,
    bases: Sequence[int | None] | None = None,
    ordered: bool = False,
    group_heading: str = "",
    source: str = "",
) -> Chart:
    """Bars of 100 %, one a group, divided by the series: a scale by governorate.

    Values are counts; `bases[i]` is how many answered in group i (None withheld), by default the sum of its values.
    `ordered`: the series are steps of a scale from one pole to the other and get its colours.
    """
    columns = [[one.values[n] for one in series] for n in range(len(groups))]
    per = list(bases) if bases is not None else [words.total(column) for column in columns]
    colours = inks(len(series), ordered=ordered)
    rows = tuple(
        Row(group, (_pile(column, base, colours),), _("withheld") if base is None else words.answers(base))
        for group, column, base in zip(groups, columns, per, strict=True)
    )
    labels = [one.label for one in series]
    return Chart(
        key, "stacked", title, words.of_piles(groups, labels, columns, per),
        words.piles_table(groups, labels, columns, per, group_heading), rows,
        legend=_legend(labels, colours, any(None in column for column in columns) or None in per),
        source=source, is_partly_withheld=any(None in column for column in columns) or None in per,
    )  # fmt: skip


def lines(
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    key: str,
    unit: str = "",
    highest: Number | None = None,
    label_heading: str = "",
    source: str = "",
) -> Chart:
    """Lines over time, at most five, from zero up: `labels` are the months or days, oldest first.

    The time axis runs with the text: from the right in Arabic. `highest`: top of the axis (100 for per cent, 5 for a
    score); else a round number above the largest value.
    """
    _at_most_five(series)
    known = [value for one in series for value in one.values if value is not None]
    top = float(highest or marks.nice_top(max(known, default=0)))
    colours, rtl = inks(len(series)), get_language_bidi()
    drawn = tuple(
        marks.line(one.label, ink, n, one.values, words.told(one.label, labels, one.values, unit), top, rtl=rtl)
        for n, (one, ink) in enumerate(zip(series, colours, strict=True))
    )
    missing = [n for n in range(len(labels)) if any(one.values[n] is None for one in series)]
    empty = [n for n in missing if all(one.values[n] is None for one in series)]
    gaps = marks.gaps(empty, len(labels), rtl=rtl)
    holes = marks.gaps([n for n in missing if n not in empty], len(labels), rtl=rtl)
    plot = Plot(_rows(top, unit), _columns(labels, rtl), drawn, gaps, holes)
    columns = [(one.label, one.values) for one in series]
    return Chart(
        key, "lines", title, words.of_lines(labels, columns, unit),
        words.columns_table(labels, columns, None, unit, label_heading), plot=plot,
        legend=_line_keys(drawn) + _withheld_key(bool(missing)),
        source=source, is_partly_withheld=bool(missing),
    )  # fmt: skip


def _at_most_five(series: Sequence[Series]) -> None:
    if len(series) > MOST_SERIES:
        raise ValueError(f"{len(series)} series: nobody tells more than {MOST_SERIES} apart")


def _top(values: Sequence[Value], base: int | None, unit: str) -> Number:
    """What a full bar stands for."""
    if base is not None or unit == words.PER_CENT:
        return 100
    return max((value for value in values if value is not None), default=0) or 1


def _bar(
    label: str, value: Value, top: Number, ink: Ink, base: int | None, unit: str, *, is_share: bool = False
) -> Bar:
    """One bar; a withheld one is hatched all over."""
    rtl = get_language_bidi()
    if value is None or (is_share and base is None):
        return Bar(label, (segment(0, 100, None, rtl=rtl),), _("withheld"), ink)
    if base is None:
        return Bar(label, (segment(0, min(100 * value / top, 100), ink, rtl=rtl),), words.number(value, unit), ink)
    part = 100 * value / base if base else 0
    return Bar(label, (segment(0, part, ink, rtl=rtl),), words.share(value, base), ink, words.number(value))


def _pile(values: Sequence[Value], base: int | None, colours: Sequence[Ink]) -> Bar:
    """A bar of 100 %; what is withheld of it stands together at its end."""
    rtl = get_language_bidi()
    if base is None:
        return Bar("", (segment(0, 100, None, rtl=rtl),), "", colours[0])
    pieces, start = [], 0.0
    for value, ink in zip(values, colours, strict=True):
        width = 100 * value / base if value and base else 0
        if width:
            text = words.number(round(width), "%") if width >= NARROW else ""
            pieces.append(segment(start, width, ink, text, rtl=rtl))
            start += width
    if None in values and start < 100:
        pieces.append(segment(start, 100 - start, None, rtl=rtl))
    return Bar("", tuple(pieces), "", colours[0])


def _legend(labels: Sequence[str], colours: Sequence[Ink], is_partly_withheld: bool) -> tuple[Key, ...]:
    return tuple(Key(label, ink) for label, ink in zip(labels, colours, strict=True)) + _withheld_key(
        is_partly_withheld
    )


def _line_keys(drawn: Sequence[marks.Line]) -> tuple[Key, ...]:
    """The lines by name; a lone one has the title's."""
    return tuple(Key(one.label, one.ink, one.shape) for one in drawn) if len(drawn) > 1 else ()


def _withheld_key(is_there: bool) -> tuple[Key, ...]:
    return (Key(_("withheld"), None),) if is_there else ()


def _rows(top: float, unit: str) -> tuple[marks.Tick, ...]:
    """The steps beside a time line, from zero up; a unit is named at the top."""
    return tuple(
        marks.Tick(
            marks.per_cent(100 - 100 * step / top), words.number(step, unit if step == top or unit == "%" else "")
        )
        for step in marks.ticks(top)
    )


SHORT_LABEL = 8
COLUMNS = {True: (7, 3), False: (5, 2)}
"""How many labels stand below a time line, on a desk and on a phone: of short ones, of long ones."""


def _columns(labels: Sequence[str], rtl: bool) -> tuple[marks.Tick, ...]:
    """The labels below a time line; those in between are spared on a phone."""
    count = len(labels)
    most, most_on_a_phone = COLUMNS[max(map(len, labels), default=0) <= SHORT_LABEL]
    always = marks.chosen_labels(count, most_on_a_phone)
    ticks = []
    for n in sorted({*marks.chosen_labels(count, most), *always}):
        anchor = "middle" if count == 1 or 0 < n < count - 1 else "end" if n else "start"
        at = marks.per_cent(marks.position(n, count, rtl=rtl))
        ticks.append(marks.Tick(at, labels[n], anchor, n not in always))
    return tuple(ticks)
