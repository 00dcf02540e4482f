"""The marks of charts: where they are, in per cent of the box they are drawn in, from its reading start.

Nothing here knows pixels or fonts, so a chart is as wide as its place and its text stays text. Right to left, every
position is mirrored once, on the way out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import floor, log10

Number = int | float
Value = Number | None
"""None: withheld."""

SCALE_STEPS = 5
SHAPES = (
    "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
    "M-4-4h8v8h-8z",
    "M0-5.5 5.5 0 0 5.5-5.5 0z",
    "M0-5 5 4H-5z",
    "M0 5 5-4H-5z",
)
"""One for each series: circle, square, diamond, and triangles up and down."""


def per_cent(part: Number) -> str:
    """A length for an SVG attribute, in any language."""
    return f"{part:.2f}%"


@dataclass(frozen=True)
class Ink:
    """How a series looks: colour class, and whether it is textured too (neighbours differ by more than colour)."""

    colour: str
    is_textured: bool = False


def inks(count: int, *, ordered: bool = False) -> list[Ink]:
    """The inks of so many series; ordered ones run from one pole of a scale to the other."""
    if not ordered:
        return [Ink(f"c{n % 5 + 1}", n % 2 == 1) for n in range(count)]
    last = max(count - 1, 1)
    steps = [1 + round((SCALE_STEPS - 1) * n / last) for n in range(count)]
    return [Ink(f"l{step}", step < 3) for step in steps]


@dataclass(frozen=True)
class Segment:
    """A piece of a bar."""

    x: str
    width: str
    ink: Ink | None
    """None: withheld."""
    text: str = ""
    middle: str = ""


def segment(start: Number, width: Number, ink: Ink | None, text: str = "", *, rtl: bool) -> Segment:
    """A piece that begins so far from the reading start."""
    x = 100 - start - width if rtl else start
    return Segment(per_cent(x), per_cent(width), ink, text, per_cent(x + width / 2))


def nice_top(largest: Number) -> float:
    """The round number at which an axis ends."""
    if largest <= 0:
        return 1
    unit = 10.0 ** floor(log10(largest))
    return next(step * unit for step in (1, 2, 3, 4, 5, 6, 8, 10) if step * unit >= largest * 0.999)


def ticks(top: Number) -> list[float]:
    """Four or five even steps from zero to the top of an axis."""
    parts = next((n for n in (4, 5, 3, 2) if _is_short(top / n)), 4)
    return [top * n / parts for n in range(parts + 1)]


def _is_short(step: float) -> bool:
    return abs(step * 2 - round(step * 2)) < 1e-9 or step < 0.5


def chosen_labels(count: int, most: int) -> list[int]:
    """Positions of at most so many labels, spread from the first to the last."""
    if count <= most:
        return list(range(count))
    return sorted({round(n * (count - 1) / (most - 1)) for n in range(most)})


@dataclass(frozen=True)
class Tick:
    """A label beside an axis; `anchor` as SVG says it; one that is `spare` is left out on a phone."""

    at: str
    label: str
    anchor: str = "middle"
    is_spare: bool = False


@dataclass(frozen=True)
class Dot:
    """A value on a line, with its words."""

    x: str
    y: str
    words: str


@dataclass(frozen=True)
class Line:
    """A series over time: pieces between neighbours that are both known, and its dots."""

    label: str
    ink: Ink
    shape: str
    pieces: tuple[tuple[str, str, str, str], ...]
    dots: tuple[Dot, ...]


@dataclass(frozen=True)
class Plot:
    """The picture of a time line."""

    rows: tuple[Tick, ...]
    columns: tuple[Tick, ...]
    lines: tuple[Line, ...]
    gaps: tuple[Segment, ...]
    """Moments at which everything is withheld."""
    holes: tuple[Segment, ...] = ()
    """Moments at which some of it is."""


def position(n: int, count: int, *, rtl: bool) -> float:
    """Where the n-th of so many moments is; a lone one in the middle."""
    x = 50.0 if count == 1 else 100 * n / (count - 1)
    return 100 - x if rtl else x


def line(
    label: str, ink: Ink, number: int, values: Sequence[Value], words: Sequence[str], top: float, *, rtl: bool
) -> Line:
    """Place one series; pieces and dots are left out where it is withheld."""
    places = [
        None if value is None else (per_cent(position(n, len(values), rtl=rtl)), per_cent(100 - 100 * value / top))
        for n, value in enumerate(values)
    ]
    pieces = tuple((*one, *two) for one, two in pairwise(places) if one and two)
    dots = tuple(Dot(*place, told) for place, told in zip(places, words, strict=True) if place)
    return Line(label, ink, SHAPES[number % len(SHAPES)], pieces, dots)


def gaps(missing: Sequence[int], count: int, *, rtl: bool) -> tuple[Segment, ...]:
    """Bands over the moments of these numbers; neighbours share one."""
    step = 100 / max(count - 1, 1)
    bands: list[tuple[int, int]] = []
    for n in missing:
        if bands and bands[-1][1] == n - 1:
            bands[-1] = bands[-1][0], n
        else:
            bands.append((n, n))
    edges = [(max(0.0, (first - 0.5) * step), min(100.0, (last + 0.5) * step)) for first, last in bands]
    return tuple(segment(start, end - start, None, rtl=rtl) for start, end in edges)
