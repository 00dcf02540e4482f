"""One file in, a typed table and a report out. Bad data never raises: it ends in a problem that stops."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from opendata.reading import choices as choosing
from opendata.reading import encodings, engine, kinds, last_rows, personal, tables
from opendata.reading.choices import Choices
from opendata.reading.gathering import Problems, Unreadable
from opendata.reading.json_files import open_json
from opendata.reading.names import machine_names
from opendata.reading.normalising import Normalised, Progress, normalise
from opendata.reading.report import TYPES, Column, PersonalFinding, Report
from opendata.reading.source import Source
from opendata.reading.spreadsheets import open_spreadsheet
from opendata.reading.text_files import open_text

TABLE, REPORT, PROBLEMS = "table.parquet", "report.json", "problems.csv"


def _quiet(stage: str, rows: int) -> None:
    """No one listens to the progress."""


@dataclass
class _Reading:
    """What is known so far: a report can be written at every point."""

    kind: str = ""
    source: Source | None = None
    done: Normalised | None = None
    columns: list[Column] | None = None
    places: list[int] | None = None  # of the columns among the cells of a row, where some were left out
    personal: list[PersonalFinding] | None = None


def read(source: Path, into: Path, choices: Choices, *, name: str, progress: Progress = _quiet) -> Report:
    """Read `source`, uploaded under `name`; write table.parquet, report.json and problems.csv into a directory.

    When something stops the reading there is no table.parquet and the report says what. `progress` is called with
    a stage ("checking", "reading", "typing", "writing") and the rows read so far.
    """
    into.mkdir(parents=True, exist_ok=True)
    for old in (TABLE, REPORT, PROBLEMS):
        (into / old).unlink(missing_ok=True)
    progress("checking", 0)
    size, sha256 = source.stat().st_size, _sha256(source)
    problems = Problems()
    so_far = _Reading()
    work = Path(tempfile.mkdtemp(prefix="work-", dir=into))
    try:
        _read(source, into, work, choices, problems, so_far, progress)
    except Unreadable:
        pass
    finally:
        if so_far.source:
            so_far.source.close()
        shutil.rmtree(work, ignore_errors=True)
    if problems.stopped:
        (into / TABLE).unlink(missing_ok=True)
    report = _report(Report(so_far.kind, name, size, sha256), so_far, problems)
    problems.write(into / PROBLEMS)
    (into / REPORT).write_text(report.to_json(), encoding="utf-8")
    return report


def _read(
    source: Path, into: Path, work: Path, choices: Choices, problems: Problems, so_far: _Reading, progress: Progress
) -> None:
    _check(choices, problems)
    so_far.kind = kinds.kind_of(source, problems)
    so_far.source = _opened(source, so_far.kind, work, choices, problems)
    so_far.kind = so_far.source.kind
    normal = work / "rows.csv"
    so_far.done = normalise(so_far.source, choices, problems, normal, progress)
    progress("typing", so_far.done.rows)
    if not so_far.done.rows and not problems.stopped:
        problems.add("no_data_rows")
    if problems.stopped:
        so_far.columns = _untyped(so_far.done)
        return
    typed = _describe(into, work, normal, choices, problems, so_far)
    if not problems.stopped:
        progress("writing", so_far.done.rows)
        # A new connection has given back what the many questions before took.
        with contextlib.closing(engine.connect(into, work, len(typed))) as connection:
            tables.write(connection, typed, into / TABLE)


def _describe(
    into: Path, work: Path, normal: Path, choices: Choices, problems: Problems, so_far: _Reading
) -> list[tables.Typed]:
    """Type the columns and look for what must be told of them."""
    assert so_far.done is not None
    width, rows = len(so_far.done.titles), so_far.done.rows
    with contextlib.closing(engine.connect(into, work, width)) as connection:
        engine.load(connection, normal, width, rows, so_far.done.longest)
        normal.unlink()
        typed = tables.describe(connection, so_far.done.titles, rows, choices, problems)
        so_far.columns = [one.column for one in typed]
        so_far.places = [int(one.facts.sql.removeprefix("c")) for one in typed]
        last_rows.tell_totals_and_remarks(connection, typed, problems)
        so_far.personal = personal.find(connection, typed, rows)
    return typed


def _check(choices: Choices, problems: Problems) -> None:
    """Refuse choices that no file allows."""
    possible = {
        "encoding": choices.encoding is None or choices.encoding in encodings.KNOWN,
        "delimiter": choices.delimiter is None or choices.delimiter in choosing.DELIMITERS,
        "header_rows": choices.header_rows is None or 0 <= choices.header_rows <= 20,
        "decimal": choices.decimal in (None, ".", ","),
        "date_order": choices.date_order in (None, "day", "month"),
        "types": all(one in TYPES for one in (choices.types or {}).values()),
    }
    wrong = [choice for choice, allowed in possible.items() if not allowed]
    if wrong:
        raise problems.stop("unknown_choice", choice=wrong[0], value=str(getattr(choices, wrong[0]))[:80])


def _opened(source: Path, kind: str, work: Path, choices: Choices, problems: Problems) -> Source:
    if kind == "text":
        return open_text(source, choices, problems)
    if kind == "json":
        return open_json(source, choices, problems)
    return open_spreadsheet(source, kind, work, choices, problems)


def _untyped(done: Normalised) -> list[Column]:
    """The columns of a file that cannot be published as it is, so that the publisher sees how it was understood."""
    names = machine_names(done.titles)
    return [Column(name, title) for name, title in zip(names, done.titles, strict=True)]


def _report(start: Report, so_far: _Reading, problems: Problems) -> Report:
    source, done = so_far.source, so_far.done
    encoding = source.encoding if source else None
    return Report(
        kind=start.kind,
        name=start.name,
        size=start.size,
        sha256=start.sha256,
        encoding=encoding.name if encoding else "",
        encoding_reason=encoding.reason if encoding else "",
        encodings=encoding.choices if encoding else [],
        delimiter=source.delimiter if source else "",
        sheets=source.sheets if source else [],
        sheet=source.sheet if source else "",
        header_rows=done.header_rows if done else 0,
        rows=done.rows if done else 0,
        columns=so_far.columns or [],
        sample=_sample(done, so_far.places) if done else [],
        problems=problems.reported(),
        problem_counts=dict(problems.counts),
        personal=[*(so_far.personal or []), *(source.elsewhere if source else [])],
    )


def _sample(done: Normalised, places: list[int] | None) -> list[list[str | None]]:
    """The first rows as decoded, without the columns that were left out."""
    if places is None:
        return [cells[: len(done.titles)] for cells in done.sample]
    return [[cells[place] for place in places] for cells in done.sample]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
