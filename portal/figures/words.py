"""What is said of a chart: its numbers as texts, its main facts in a sentence, its table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.figures.marks import Number, Value

Labelled = tuple[str, Sequence[Value]]
PILES_TOLD = 3
PER_CENT = "%"


@dataclass(frozen=True)
class Table:
    """The table of a chart: heads of its columns, rows of a label with its cells; None is withheld."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str | None, ...]], ...]


def number(value: Number, unit: str = "") -> str:
    """A number as people read it: grouped, two decimals at most; "%" follows at once, another unit after a space."""
    places = 0 if value == round(value) else 1 if round(value, 1) == round(value, 2) else 2
    text = number_format(value, places, force_grouping=True)
    return text + unit if unit == PER_CENT else f"{text} {unit}".rstrip()


def share(count: Number, base: int) -> str:
    """A part of a whole in per cent, to one decimal."""
    return number_format(100 * count / base, 1) + PER_CENT if base else "–"


def figure(value: Value, base: int | None, unit: str = "") -> str:
    """A value as it is told: as a share with its count, where there is a base."""
    if value is None:
        return _("withheld")
    return number(value, unit) if base is None else f"{share(value, base)} ({number(value)})"


def answers(base: int | None) -> str:
    """How many answered."""
    if base is None:
        return ""
    return ngettext("%(count)s answer", "%(count)s answers", base) % {"count": number(base)}


def total(values: Sequence[Value]) -> int | None:
    """All together; None where one is withheld."""
    return None if None in values else round(sum(value for value in values if value is not None))


def told(series: str, labels: Sequence[str], values: Sequence[Value], unit: str) -> list[str]:
    """The words of each point of a line."""
    return [f"{series}, {label}: {figure(value, None, unit)}" for label, value in zip(labels, values, strict=True)]


def of_bars(labels: Sequence[str], values: Sequence[Value], base: int | None, unit: str) -> str:
    """The largest, the smallest, and how many are withheld."""
    known = _known(labels, values)
    told: list[str] = []
    if known:
        most, least = max(known, key=lambda pair: pair[1]), min(known, key=lambda pair: pair[1])
        told.append(_("Largest: %(label)s, %(value)s.") % _pair(most, base, unit))
        if least[1] != most[1]:
            told.append(_("Smallest: %(label)s, %(value)s.") % _pair(least, base, unit))
    return _sentences([*told, _withheld([values])])


def of_columns(labels: Sequence[str], series: Sequence[Labelled], bases: Sequence[int | None] | None, unit: str) -> str:
    """The largest value of each series."""
    told: list[str] = []
    for n, (name, values) in enumerate(series):
        known = _known(labels, values)
        if known and max(value for _label, value in known):
            pair = _pair(max(known, key=lambda pair: pair[1]), bases[n] if bases else None, unit)
            told.append(_("%(series)s: largest %(label)s, %(value)s.") % {"series": name, **pair})
    return _sentences([*told, _withheld(values for _name, values in series)])


def of_piles(
    groups: Sequence[str], labels: Sequence[str], columns: Sequence[Sequence[Value]], bases: Sequence[int | None]
) -> str:
    """The most frequent answer of the first groups."""
    told: list[str] = []
    for group, values, base in zip(groups, columns, bases, strict=True):
        known = _known(labels, values)
        if known and base and len(told) < PILES_TOLD:
            pair = _pair(max(known, key=lambda pair: pair[1]), base, "")
            told.append(_("%(group)s: most often %(label)s, %(value)s.") % {"group": group, **pair})
    if len(groups) > PILES_TOLD:
        told.append(_("The table has all groups."))
    return _sentences([*told, _withheld(columns)])


def of_lines(labels: Sequence[str], series: Sequence[Labelled], unit: str) -> str:
    """Where each line begins and ends, and its highest point."""
    told: list[str] = []
    for name, values in series:
        known = _known(labels, values)
        if known:
            points = {"first": known[0], "last": known[-1], "most": max(known, key=lambda pair: pair[1])}
            texts = {key: f"{number(value, unit)} ({label})" for key, (label, value) in points.items()}
            told.append(_("%(series)s: from %(first)s to %(last)s, at most %(most)s.") % {"series": name, **texts})
    return _sentences([*told, _withheld(values for _name, values in series)])


def _known(labels: Sequence[str], values: Sequence[Value]) -> list[tuple[str, Number]]:
    return [(label, value) for label, value in zip(labels, values, strict=True) if value is not None]


def _pair(pair: tuple[str, Number], base: int | None, unit: str) -> dict[str, str]:
    return {"label": pair[0], "value": figure(pair[1], base, unit)}


def _withheld(columns: Iterable[Sequence[Value]]) -> str:
    count = sum(1 for values in columns for value in values if value is None)
    return ngettext("%(count)d number is withheld.", "%(count)d numbers are withheld.", count) % {
        "count": count
    } if count else ""  # fmt: skip


def _sentences(told: Sequence[str]) -> str:
    return " ".join(text for text in told if text) or _("There are no figures.")


def bars_table(
    labels: Sequence[str], values: Sequence[Value], base: int | None, unit: str, label_heading: str, value_heading: str
) -> Table:
    """A line for each bar: its count and share, or its value."""
    first = label_heading or _("Answer")
    if base is None:
        rows = [
            (label, (None if value is None else number(value, unit),))
            for label, value in zip(labels, values, strict=True)
        ]
        return Table((first, value_heading or _("Value")), tuple(rows))
    pairs = [
        (label, (None, None) if value is None else (number(value), share(value, base)))
        for label, value in zip(labels, values, strict=True)
    ]
    return Table((first, value_heading or _("Number"), _("Share")), tuple(pairs))


def columns_table(
    labels: Sequence[str],
    series: Sequence[Labelled],
    bases: Sequence[int | None] | None,
    unit: str,
    label_heading: str,
) -> Table:
    """A line for each label, a column for each series."""
    rows = [
        (label, tuple(
            _cell(values[n], bases[place] if bases else None, unit) for place, (_name, values) in enumerate(series)
        ))
        for n, label in enumerate(labels)
    ]  # fmt: skip
    if bases is not None:
        rows.append((_("All answers"), tuple(_cell(base, None, "") for base in bases)))
    return Table((label_heading or _("Answer"), *(name for name, _values in series)), tuple(rows))


def piles_table(
    groups: Sequence[str],
    labels: Sequence[str],
    columns: Sequence[Sequence[Value]],
    bases: Sequence[int | None],
    group_heading: str,
) -> Table:
    """A line for each group, a column for each series, and how many answered."""
    rows = [
        (group, (*(_cell(value, base, "") for value in values), _cell(base, None, "")))
        for group, values, base in zip(groups, columns, bases, strict=True)
    ]
    return Table((group_heading or _("Group"), *labels, _("All answers")), tuple(rows))


def _cell(value: Value, base: int | None, unit: str) -> str | None:
    return None if value is None else figure(value, base, unit)
