"""A CSV of 1,000,000 rows and 12 columns, read and published: `python -m bench.stage opendata_pipeline`.

Ours reads the file as agencies' files are read, with every check, then writes CSV, JSON, XML, Parquet and the file that
queries are answered from; XLSX is left out, as for every table of that size. Beside it two others that make the same
file ready to be asked: csvs-to-sqlite (PyPI), and what CKAN's loader does in PostgreSQL: COPY into texts, a tsvector of
every row, a GIN index on it. Each of ours runs in a process of its own, whose greatest memory is taken when it ends.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from django.db import connection

from bench.figures import demand, seconds, show

ROWS = 1_000_000
TARGET, TARGET_MB = 60.0, 1_000
ROOT = Path(__file__).resolve().parent.parent
PEER = ROOT / "bench" / "var" / "csvs-to-sqlite"
VERSION = "1.3.1"
GOVERNORATES = ["مسقط", "ظفار", "مسندم", "البريمي", "الداخلية", "شمال الباطنة", "جنوب الباطنة", "الوسطى"]
HEADER = "id,governorate,wilayat,year,day,amount,share,count,open,school,note,updated"

READ = """
import sys, json
from pathlib import Path
from opendata.reading import read
from opendata.reading.choices import Choices
report = read(Path(sys.argv[1]), Path(sys.argv[2]), Choices(), name="table.csv")
if not (Path(sys.argv[2]) / "table.parquet").exists():
    sys.exit(str(report.problems[:5]))
columns = [{"name": column.name, "type": column.type, "title_en": column.title} for column in report.columns]
(Path(sys.argv[2]) / "schema.json").write_text(json.dumps({"columns": columns, "key": []}))
print(report.rows)
"""
BUILD = """
import sys, json
from pathlib import Path
from opendata.building.files import build
from opendata.building.schema import Schema
schema = Schema.from_json(json.loads((Path(sys.argv[1]) / "schema.json").read_text()))
for file in build(Path(sys.argv[1]) / "table.parquet", schema, Path(sys.argv[2])):
    print(file.name, file.size, file.rows)
"""


@dataclass(frozen=True)
class Ran:
    """How a process went: its seconds, those it computed, its greatest memory in MB, and what it printed."""

    seconds: float
    computed: float
    megabytes: float
    printed: str

    @property
    def remark(self) -> str:
        """What it took of the machine."""
        return f"{self.computed:.1f} s of processor, {self.megabytes:,.0f} MB at most"


def fill(path: Path, seed: int = 5) -> None:
    """Write the file: numbers, dates, Arabic texts, quoted notes, a tenth of the notes empty."""
    random = Random(seed)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(HEADER + "\r\n")
        for number in range(1, ROWS + 1):
            place = GOVERNORATES[random.randrange(8)]
            note = f'"ملاحظة {random.randrange(10_000)}, ""{place}"""' if random.random() < 0.9 else ""
            file.write(
                f"{number},{place},ولاية {random.randrange(63)},{2000 + random.randrange(26)},"
                f"20{random.randrange(10, 27)}-{random.randrange(1, 13):02}-{random.randrange(1, 29):02},"
                f"{random.randrange(10_000_000) / 1000:.3f},{random.random():.6f},{random.randrange(5_000)},"
                f"{'true' if random.random() < 0.5 else 'false'},مدرسة {random.randrange(1_500)},{note},"
                f"2026-{random.randrange(1, 13):02}-11T{random.randrange(24):02}:{random.randrange(60):02}:00\r\n"
            )


def run(*command: str) -> Ran:
    """Run a process to its end, at the root of the portal and without its settings."""
    began = time.perf_counter()
    environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    printed = process.stdout.read()
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    demand(process.returncode == 0, f"{' '.join(command)[:60]} ended with {process.returncode}: {printed[-500:]}")
    computed = usage.ru_utime + usage.ru_stime
    return Ran(time.perf_counter() - began, computed, usage.ru_maxrss / 1024, printed)


def ours(source: Path, folder: Path) -> float:
    """Read and publish; returns the seconds of both."""
    read = run(sys.executable, "-c", READ, str(source), str(folder / "read"))
    demand(int(read.printed) == ROWS, f"{ROWS:,} rows read, not {read.printed}")
    show("ours: read, checked and typed", f"{read.seconds:.1f} s", read.remark)
    built = run(sys.executable, "-c", BUILD, str(folder / "read"), str(folder / "built"))
    files = [line.split() for line in built.printed.splitlines()]
    demand(all(int(rows) == ROWS for name, _size, rows in files if name != "data.xlsx"), "every row in every file")
    total = sum(int(size) for _name, size, _rows in files) / 1e6
    show("ours: all formats but XLSX", f"{built.seconds:.1f} s", f"{built.remark}, {total:,.0f} MB written")
    took, most = read.seconds + built.seconds, max(read.megabytes, built.megabytes)
    show("ours: together", f"{took:.1f} s", f"{ROWS / took:,.0f} rows/s, {most:,.0f} MB at most")
    show("", "", f"targets: {TARGET:.0f} s, {TARGET_MB:,} MB")
    demand(most <= TARGET_MB, f"{TARGET_MB} MB")
    return took


def csvs_to_sqlite(source: Path, folder: Path) -> float:
    """The same file as a table of SQLite with full-text search over its texts, as Datasette is given it."""
    python = PEER / "bin" / "python"
    if not (PEER / "installed.txt").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(PEER)], check=True)
        wanted = [f"csvs-to-sqlite=={VERSION}", "pandas<3"]
        subprocess.run([str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check", *wanted], check=True)
        (PEER / "installed.txt").write_text(VERSION)
    command = [str(PEER / "bin" / "csvs-to-sqlite"), str(source), str(folder / "peer.db")]
    plain = run(*command)
    show("csvs-to-sqlite, without search", f"{plain.seconds:.1f} s", plain.remark)
    texts = [option for name in ("governorate", "wilayat", "school", "note") for option in ("-f", name)]
    searched = run(*command, "--replace-tables", *texts)
    show("csvs-to-sqlite, with search", f"{searched.seconds:.1f} s", searched.remark)
    return plain.seconds


def ckan_style(source: Path) -> float:
    """COPY, a tsvector of each row, and its index, as CKAN's loader leaves a table."""
    names = HEADER.split(",")
    columns = ", ".join(f'"{name}" text' for name in names)
    words = " || ' ' || ".join(f"coalesce(\"{name}\", '')" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE peer (_id serial PRIMARY KEY, _full_text tsvector, {columns})")

        def copy() -> None:
            listed = ", ".join(f'"{name}"' for name in names)
            into = f"COPY peer ({listed}) FROM STDIN (FORMAT csv, HEADER)"
            with cursor.cursor.copy(into) as writing, source.open("rb") as file:
                while piece := file.read(1024 * 1024):
                    writing.write(piece)

        steps = {
            "COPY": copy,
            "tsvector": lambda: cursor.execute(f"UPDATE peer SET _full_text = to_tsvector('english', {words})"),
            "index": lambda: cursor.execute("CREATE INDEX ON peer USING gin (_full_text)"),
        }
        took = {name: seconds(step) for name, step in steps.items()}
    each = ", ".join(f"{name} {value:.1f} s" for name, value in took.items())
    show("PostgreSQL as CKAN loads it", f"{sum(took.values()):.1f} s", each)
    return sum(took.values())


def main() -> None:
    """Fill, publish, load the peers; fail over a target."""
    with TemporaryDirectory(prefix="pipeline-", dir=os.environ.get("DATA_DIR")) as name:
        folder = Path(name)
        source = folder / "table.csv"
        fill(source)
        show("the file", f"{source.stat().st_size / 1e6:,.0f} MB", f"{ROWS:,} rows, {len(HEADER.split(','))} columns")
        took = ours(source, folder)
        sqlite = csvs_to_sqlite(source, folder)
        ckan = ckan_style(source)
        show("csvs-to-sqlite needs, of our time", f"{sqlite / took:.1f} x", "one table, nothing checked")
        show("PostgreSQL as CKAN loads it needs, of our time", f"{ckan / took:.1f} x")
        demand(took <= TARGET, f"{TARGET:.0f} s for reading and all formats")


if __name__ == "__main__":
    sys.exit("Run it on servers of its own: python -m bench.stage opendata_pipeline")
