"""Rows of a table of 1,000,000 over HTTP, beside Datasette: `python -m bench.stage rows`.

The table is published through the portal's own pipeline and asked at `/api/v1/` of the web server as `manage.py up`
starts it, with one worker; Datasette serves the same rows from SQLite, as a file that never changes. Both are asked in
turns, where it can be each time for something a little different. Datasette's best-tuned request neither counts nor
suggests (`_nocount`, `_nosuggest`); ours then leaves the total out too. Our worker remembers small answers of its
engine: all questions are new to it but those said to be asked again.

The whole table as CSV is the version's own file on our side, which is what an address without conditions is answered
with; what the engine writes, when columns are named, is shown beside it.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, urlencode

from bench import datasette, opendata_pipeline
from bench.figures import demand, seconds, show
from bench.submissions import free_port, running, web
from opendata.catalogue.models import Version
from opendata.catalogue.querying import rows_of
from opendata.catalogue.storage import store
from opendata.querying import cursors, grammar
from tests.opendata.making import published

TAKES, WARM = 25, 3
VISITORS, ASKED = 4, 400
IDLE = 2.0
MEMORY_MB, P99 = 400, 0.100
GROUPED = "SELECT governorate, count(*), sum(amount), avg(share) FROM rows GROUP BY governorate ORDER BY governorate"
TARGETS = {
    "first page": 1.5,
    "filter and sort": 1.0,
    "group by": 50.0,
    "deep page": 1.5,
    "the whole table as CSV": 100.0,
}


@dataclass
class Side:
    """A server and the connection that is kept to it."""

    port: int
    took: dict[str, list[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection = HTTPConnection("127.0.0.1", self.port, timeout=900)
        self.used = time.monotonic()

    def get(self, path: str) -> bytes:
        """The body of an answer, which must be 200. A connection that was idle is opened anew: servers close those."""
        if time.monotonic() - self.used > IDLE:
            self.connection.close()
        body = get(self.connection, path)
        self.used = time.monotonic()
        return body

    def seconds(self, path: str) -> float:
        """How long the answer takes."""
        return seconds(lambda: self.get(path))

    def median(self, name: str) -> float:
        return median(self.took[name])


def get(connection: HTTPConnection, path: str) -> bytes:
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read()
    demand(response.status == 200, f"{path} to answer 200, not {response.status}: {body[:300]!r}")
    return body


@dataclass(frozen=True)
class Question:
    """The same question to both, made a little different by a number."""

    name: str
    ours: Callable[[int], str]
    theirs: Callable[[int], str]
    takes: int = TAKES


@dataclass(frozen=True)
class Addresses:
    """How either side is asked; `best` is what the peer answers fastest."""

    path: str
    version: Version
    best = MappingProxyType({"_nocount": 1, "_nosuggest": 1, "_nofacet": 1, "_size": 100, "_shape": "objects"})

    def ours(self, **params: Any) -> str:
        return f"{self.path}?{urlencode(params)}"

    def theirs(self, **params: Any) -> str:
        return f"/table/rows.json?{urlencode(params)}"

    def deep(self, number: int) -> str:
        """A page behind the 900,000th row."""
        columns, row = rows_of(self.version).columns, 900_000 + 100 * number
        cursor = cursors.write(grammar.Query(), columns, row, 100, self.version.query_sha256)
        return self.ours(total="false", cursor=cursor)


def questions(to: Addresses) -> list[Question]:
    """First page, filter and sort (tuned and as it comes), group by (new and again), deep page."""
    new = itertools.cycle(range(100, 1000))
    measures = {"group_by": "governorate", "aggregate": "count,sum:amount,avg:share"}
    return [
        Question(
            "first page",
            lambda n: to.ours(total="false", limit=100 + n),
            lambda n: to.theirs(**to.best | {"_size": 100 + n}),
        ),
        Question(
            "filter and sort",
            lambda n: to.ours(year=2000 + n % 26, sort="-amount", total="false", limit=100 + n),
            lambda n: to.theirs(year=2000 + n % 26, _sort_desc="amount", **to.best | {"_size": 100 + n}),
        ),
        Question(
            "filter and sort, counted as by default",
            lambda n: to.ours(year=2000 + n % 26, sort="-amount", limit=100 + n),
            lambda n: to.theirs(year=2000 + n % 26, _sort_desc="amount", _shape="objects", _size=100 + n),
            takes=9,
        ),
        Question(
            "group by",
            lambda _n: to.ours(**measures, total="false", limit=next(new)),
            lambda _n: f"/table.json?sql={quote(GROUPED)}&_shape=objects",
            takes=9,
        ),
        Question(
            "group by, asked again",
            lambda _n: to.ours(**measures, total="false"),
            lambda _n: f"/table.json?sql={quote(GROUPED)}&_shape=objects",
            takes=9,
        ),
        Question("deep page", to.deep, lambda n: to.theirs(_next=900_000 + 100 * n, **to.best)),
    ]


def in_turns(ours: Side, theirs: Side, question: Question) -> float:
    """Ask both, a few times to warm up, then so often; returns how many times longer they take."""
    for number in range(-WARM, question.takes):
        for side, path in ((ours, question.ours), (theirs, question.theirs)):
            took = side.seconds(path(number + WARM))
            if number >= 0:
                side.took.setdefault(question.name, []).append(took)
    return report(question.name, ours, theirs)


def report(name: str, ours: Side, theirs: Side) -> float:
    one, other = ours.median(name), theirs.median(name)
    show(f"{name}, ours", f"{one * 1000:,.1f} ms", f"{max(ours.took[name]) * 1000:,.1f} ms at most")
    target = f"target {TARGETS[name]:g} x" if name in TARGETS else ""
    show(
        f"  Datasette {datasette.VERSION}",
        f"{other * 1000:,.1f} ms",
        f"{other / one:,.1f} x ours; {target}".rstrip("; "),
    )
    return other / one


def crowd(port: int, path: Callable[[int], str]) -> float:
    """The time that 99 in a hundred questions keep when VISITORS ask at once."""

    def visit(first: int) -> list[float]:
        with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
            get(connection, path(first))
            return [seconds(lambda n=n: get(connection, path(n))) for n in range(first, ASKED, VISITORS)]

    with ThreadPoolExecutor(VISITORS) as pool:
        took = [one for share in pool.map(visit, range(VISITORS)) for one in share]
    worst = quantiles(took, n=100)[-1]
    show(f"group by, {VISITORS} visitors at once", f"{median(took) * 1000:.1f} ms", f"99 %: {worst * 1000:.1f} ms")
    return worst


def whole(ours: Side, theirs: Side, path: str, columns: list[str]) -> float:
    """The whole table as CSV; every row must be there."""
    rows = opendata_pipeline.ROWS
    for side, address in ((ours, f"{path}?format=csv"), (theirs, "/table/rows.csv?_stream=on&_nocount=1&_nosuggest=1")):
        name = "the whole table as CSV"
        began = time.perf_counter()
        lines = side.get(address).count(b"\n")
        side.took[name] = [time.perf_counter() - began]
        demand(lines == rows + 1, f"{rows + 1:,} lines of CSV, not {lines:,}")
    ratio = report("the whole table as CSV", ours, theirs)
    written = seconds(lambda: ours.get(f"{path}?format=csv&columns={','.join(columns)}"))
    show("  written by the engine instead", f"{written * 1000:,.0f} ms", "every column named")
    return ratio


def memory(port: int) -> float:
    """Megabytes of the web worker and its engine together: what is theirs alone, and their share of what is not."""
    worker = next(pid for pid in processes() if f"--port {port} " in processes()[pid] and children(pid))
    tree, found = [worker], 0.0
    while tree:
        pid = tree.pop()
        tree += children(pid)
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        size = sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
        found += size
    return found


def processes() -> dict[int, str]:
    """What runs on this machine: the commands by number."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
    return found


def children(pid: int) -> list[int]:
    """Processes that one started."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*"):
        found += [int(number) for number in (task / "children").read_text().split()]
    return found


def agree(ours: Side, theirs: Side, question: Question) -> None:
    """Both must have found the same rows, or the times mean nothing."""
    mine = json.loads(ours.get(question.ours(7)))["rows"]
    other = json.loads(theirs.get(question.theirs(7)))["rows"]
    for one, two in zip(mine, other, strict=True):
        values = [value for name, value in two.items() if name != "rowid"]
        demand(all(map(alike, one.values(), values)), f"the same rows: {one} and {two}")


def alike(one: Any, other: Any) -> bool:
    """The same value; SQLite has doubles for decimals, and numbers for booleans."""
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) <= 1e-9 * max(1.0, abs(one))
    return bool(one == other)


def publish(folder: Path) -> tuple[Version, Path]:
    """The pipeline's table, published; and its file of CSV, out of which the peer is filled."""
    source = folder / "table.csv"
    opendata_pipeline.fill(source)
    began = time.perf_counter()
    version = published(data=source, name="table.csv")
    show("published through the pipeline", f"{time.perf_counter() - began:,.0f} s", f"{version.rows:,} rows")
    return version, store().path(version.files.get(format="csv").sha256)


def main() -> None:
    """Publish, load, ask; fail under a target."""
    datasette.install()
    with TemporaryDirectory(prefix="rows-", dir=os.environ.get("DATA_DIR")) as name:
        version, source = publish(Path(name))
        database = Path(name) / "table.db"
        datasette.load(source, database)
        port, other = free_port(), free_port()
        ours_runs = running(web(sys.executable, "bench.unlimited:application", port), dict(os.environ), port)
        with ours_runs, running(datasette.command(database, other), dict(os.environ), other):
            measure(Side(port), Side(other), version)


def measure(ours: Side, theirs: Side, version: Version) -> None:
    path = f"/api/v1/datasets/{version.dataset.slug}/versions/{version.sequence}/rows"
    asked = questions(Addresses(path, version))
    for question in asked:
        agree(ours, theirs, question)
    found = {question.name: in_turns(ours, theirs, question) for question in asked}
    grouping = next(question for question in asked if question.name == "group by")
    worst = crowd(ours.port, grouping.ours)
    found["the whole table as CSV"] = whole(ours, theirs, path, [one["name"] for one in version.columns])
    filled = memory(ours.port)
    show("memory of our worker and its engine", f"{filled:,.0f} MB", f"target {MEMORY_MB} MB")
    show("", "", f"target of 99 % of group by: {P99 * 1000:.0f} ms")
    missed = [f"{target:g} x for {name}" for name, target in TARGETS.items() if found[name] < target]
    if found["filter and sort, counted as by default"] < 5:
        missed.append("5 x for filter and sort as by default")
    missed += [f"{MEMORY_MB} MB"] if filled > MEMORY_MB else []
    missed += [f"{P99 * 1000:.0f} ms for group by"] if worst > P99 else []
    demand(not missed, ", ".join(missed))


if __name__ == "__main__":
    sys.exit("Run it on servers of its own: python -m bench.stage rows")
