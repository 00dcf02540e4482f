"""Problems are collected without any of them being lost to the others."""

from __future__ import annotations

import csv
from pathlib import Path

from opendata.reading.gathering import WRITTEN, Problems
from opendata.reading.report import Report


def _many() -> Problems:
    problems = Problems()
    for line in range(WRITTEN + 500):
        problems.add("short_rows", line=line)
    problems.add("comma_meaning", column=1)
    problems.add("long_row", line=9)
    return problems


def test_what_must_be_decided_or_mended_is_reported_after_a_hundred_thousand_others():
    problems = _many()
    report = Report("csv", "a", 1, "", problems=problems.reported(), problem_counts=dict(problems.counts))
    assert {one.code for one in report.problems} == {"short_rows", "comma_meaning", "long_row"}
    assert not report.readable


def test_the_list_says_how_many_it_leaves_out(tmp_path: Path):
    _many().write(tmp_path / "problems.csv")
    with (tmp_path / "problems.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[0] for row in rows[-3:]] == ["comma_meaning", "long_row", "short_rows"]
    assert rows[-1][-1] == "not listed: 500 more"


def test_no_value_of_the_list_is_a_formula_to_a_spreadsheet(tmp_path: Path):
    problems = Problems()
    problems.add("value_does_not_fit", line=2, value='=HYPERLINK("http://example.com")', type="integer")
    problems.write(tmp_path / "problems.csv")
    with (tmp_path / "problems.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file))[1][4] == '\'=HYPERLINK("http://example.com")'
