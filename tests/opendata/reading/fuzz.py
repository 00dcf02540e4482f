"""Damages the corpus at random for some minutes, and reports files on which the reader crashes, hangs or loses rows.

    python -m tests.opendata.reading.fuzz --minutes 10 --seed 1 [--limited]

The seed and the number of a case reproduce it: --seed 1 --only 1234. Failing files stay in the folder that is printed.
"""

from __future__ import annotations

import argparse
import random
import resource
import shutil
import signal
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from io import BytesIO
from pathlib import Path

import duckdb

from opendata.reading import Choices, Report, read
from opendata.reading.cells import trimmed
from opendata.reading.limited import read_limited
from tests.opendata.reading.corpus import corpus

SECONDS_A_FILE = 30
MEMORY = 3 * 1024**3
TOKENS = [
    b",", b";", b"\t", b"|", b'"', b'""', b"\n", b"\r\n", b"\r", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1a", b"-",
    b"%", b"1e999", b"99999999999999999999999", b"0x10", b"=1+1", b"NaN", b"31/02/2024", b"30/2/1445",
    b"2024-01-01T25:61",
    b"{", b"[", b"]", b"}", b":", b"null", b"\\ud800", b"PK\x03\x04", b"<", b"&#0;", b"#REF!", b"1,2,3,4.5.6",
    "٠١٢٣٫٥٬".encode(), "ـ".encode(), "\u202e".encode(), "😀".encode(), "المجموع".encode(), "هـ".encode(),
]  # fmt: skip


class TooSlow(BaseException):
    """A file took longer than allowed."""


def mutated(content: bytes, chance: random.Random) -> bytes:
    """The content with one to eight faults."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        place = chance.randrange(len(data) + 1)
        length = chance.choice([1, 1, 2, 8, 64, 512])
        match chance.randrange(7):
            case 0 if data:
                data[place % len(data)] ^= 1 << chance.randrange(8)
            case 1:
                data[place:place] = chance.choice(TOKENS) * chance.choice([1, 1, 1, 3, 50])
            case 2:
                del data[place : place + length]
            case 3:
                data[place:place] = data[place : place + length] * chance.choice([1, 2, 20])
            case 4:
                other = chance.randrange(len(data) + 1)
                data[place:place] = data[other : other + length]
            case 5:
                data[place : place + length] = chance.randbytes(length)
            case _:
                data = data[:place] if chance.random() < 0.2 else data
    return bytes(data)


def odd_values(content: bytes, chance: random.Random) -> bytes:
    """The content with odd values where cells begin, so that it stays readable and reaches the typing of columns."""
    places = [place + 1 for place, byte in enumerate(content) if byte in b",\n;"]
    data = bytearray(content)
    for place in sorted(chance.sample(places, min(len(places), chance.randint(1, 12))), reverse=True):
        data[place:place] = chance.choice(TOKENS)
    if chance.random() < 0.3:
        data += chance.choice(data.splitlines(keepends=True)) * chance.choice([1, 2, 300])
    return bytes(data)


def inside_zip(content: bytes, chance: random.Random) -> bytes:
    """A workbook of which one part is damaged, packed again correctly."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        hit = chance.choice([name for name in names if name.endswith(".xml")])
        for name in names:
            part = old.read(name)
            new.writestr(name, mutated(part, chance) if name == hit else part)
    return out.getvalue()


def case(files: dict[str, bytes], chance: random.Random) -> tuple[str, bytes, Choices]:
    """A damaged file and random choices for it."""
    name = chance.choice(sorted(files))
    content = files[name]
    if zipfile.is_zipfile(BytesIO(content)) and name not in ("bomb.xlsx", "liar.xlsx") and chance.random() < 0.7:
        content = inside_zip(content, chance)
    else:
        text = name.endswith((".csv", ".tsv", ".json", ".geojson")) and len(content) > 100
        content = odd_values(content, chance) if text and chance.random() < 0.5 else mutated(content, chance)
    choices = Choices(
        encoding=chance.choice([None] * 8 + ["utf-8", "windows-1256", "iso-8859-6", "cp864", "utf-16-le", "cp720"]),
        delimiter=chance.choice([None] * 6 + [",", ";", "\t", "|"]),
        header_rows=chance.choice([None] * 6 + [0, 1, 2, 5]),
        decimal=chance.choice([None] * 6 + [".", ","]),
    )
    return name, content, choices


def no_row_lost(report: Report, content: bytes) -> bool:
    """Whether every line with content of a text without quotes is a row, a header or a title."""
    if report.delimiter not in (",", ";", "\t", "|") or report.encoding != "utf-8" or b'"' in content:
        return True
    text = content.decode("utf-8-sig").replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    filled = [line for line in text.split("\n") if any(map(trimmed, line.split(report.delimiter)))]
    return len(filled) == report.rows + report.header_rows + report.problem_counts.get("title_lines", 0)


def check(report: Report, into: Path, content: bytes) -> None:
    """What must hold of every report."""
    table = into / "table.parquet"
    assert report.readable == table.exists(), "table and report disagree"
    assert Report.from_json(report.to_json()) == report
    assert report.problems or report.readable
    if report.readable:
        with duckdb.connect() as connection:
            found = connection.execute(f"SELECT count(*) FROM '{table}'").fetchone()
        assert found == (report.rows,), "rows were lost between the passes"
        assert no_row_lost(report, content), "rows were lost"
        assert len(report.columns) == len({one.name for one in report.columns})
    assert "reader_failed" not in report.problem_counts, report.problems


def run(minutes: float, seed: int, only: int | None, *, limited: bool) -> int:
    """Try cases until the time is up; the number of failures."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGALRM, _too_slow)
    files = corpus()
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    ends: Counter[str] = Counter()
    failures = number = 0
    deadline = time.monotonic() + minutes * 60
    while time.monotonic() < deadline and (only is None or number <= only):
        chance = random.Random(f"{seed}-{number}")
        if only is None or number == only:
            name, content, choices = case(files, chance)
            failures += not _holds(folder, f"{seed}-{number}-{name}", content, choices, ends, limited=limited)
        number += 1
    print(f"{number} files, {failures} failures, ends: {dict(ends.most_common(30))}, kept in {folder}")
    return failures


def _too_slow(*_: object) -> None:
    raise TooSlow


def _holds(folder: Path, name: str, content: bytes, choices: Choices, ends: Counter[str], *, limited: bool) -> bool:
    source, into = folder / name, folder / "read"
    source.write_bytes(content)
    shutil.rmtree(into, ignore_errors=True)
    signal.alarm(SECONDS_A_FILE)
    try:
        reader = read_limited if limited else read
        report = reader(source, into, choices, name=name)
        check(report, into, content)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        print(f"FAILED {name} {choices}\n{traceback.format_exc(limit=-6)}", flush=True)
        return False
    finally:
        signal.alarm(0)
    stops = [one.code for one in report.problems if one.severity == "stops"]
    ends[stops[0] if stops else "data"] += 1
    source.unlink()
    return True


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("--minutes", type=float, default=10)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--only", type=int)
    asked.add_argument("--limited", action="store_true")
    given = asked.parse_args()
    raise SystemExit(run(given.minutes, given.seed, given.only, limited=given.limited) > 0)
