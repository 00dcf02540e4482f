"""Collects problems while a file is read: all counted, the first 100,000 written, the first of each code always."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Any

from opendata.reading.codes import severity_of
from opendata.reading.report import STOPS, Problem

WRITTEN = 100_000
REPORTED_PER_CODE = 50
EXCERPT = 80


class Unreadable(Exception):
    """Reading cannot go on; the reason is already among the problems."""


class Problems:
    """The problems of one file. `add` never raises; `stop` adds and raises Unreadable."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._all: list[Problem] = []
        self._kept: list[Problem] = []
        self._kept_of: Counter[str] = Counter()

    def add(
        self,
        code: str,
        *,
        line: int | None = None,
        column: int | None = None,
        value: Any = "",
        times: int = 1,
        **params: Any,
    ) -> None:
        """Note a problem; `times` counts occurrences of which only this one is described."""
        self.counts[code] += times
        first = self._kept_of[code] < REPORTED_PER_CODE
        if not first and len(self._all) >= WRITTEN:
            return
        problem = Problem(code, severity_of(code), line, column, excerpt(value), params)
        self._all.append(problem)
        if first:
            # Whatever came before it: a report without a code would have nobody asked about it.
            self._kept_of[code] += 1
            self._kept.append(problem)

    def stop(self, code: str, **details: Any) -> Unreadable:
        """Note a problem that ends the reading and return the exception to raise."""
        self.add(code, **details)
        return Unreadable(code)

    @property
    def stopped(self) -> bool:
        """Whether anything noted forbids publishing the table."""
        return any(severity_of(code) == STOPS for code in self.counts)

    def reported(self) -> list[Problem]:
        """The problems for the report, what stops first, then by line."""
        order = {"stops": 0, "asks": 1, "tells": 2}
        return sorted(self._kept, key=lambda one: (order[one.severity], one.code, one.line or 0))

    def write(self, path: Path) -> None:
        """Write what was noted as CSV: code, severity, line, column (1-based), value, params; last what is left out."""
        with path.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(["code", "severity", "line", "column", "value", "details"])
            for one in self._all:
                details = "; ".join(f"{key}={value}" for key, value in one.params.items())
                column = "" if one.column is None else one.column + 1
                out.writerow([one.code, one.severity, one.line, column, _inert(one.value), _inert(details)])
            written = Counter(one.code for one in self._all)
            for code, count in (self.counts - written).items():
                out.writerow([code, severity_of(code), "", "", "", f"not listed: {count} more"])


def _inert(text: str) -> str:
    """The text, with an apostrophe in front where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def excerpt(value: Any) -> str:
    """At most eighty characters of a value, on one line, without NUL and lone surrogates."""
    text = " ".join(str(value)[: EXCERPT + 1].replace("\x00", "").split()).encode("utf-8", "replace").decode()
    return text if len(text) <= EXCERPT else text[: EXCERPT - 1] + "…"
