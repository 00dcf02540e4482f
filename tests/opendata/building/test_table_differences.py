"""What changed between two versions, row by row, and the number that follows from it."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from opendata.building.differences import FILE, SAMPLE, Difference, compare, semver
from opendata.building.schema import ColumnSpec, Schema

COLUMNS = {"id": "integer", "name": "text", "n": "DECIMAL(12, 2)"}
OLD = [(1, "مسقط", Decimal("1.50")), (2, "صحار", None), (3, "نزوى", Decimal("3")), (4, "صور", Decimal("4"))]
NEW = [(4, "صور", Decimal("4")), (1, "مسقط", Decimal("1.5")), (2, "صحار ٢", Decimal("2")), (5, "عبري", None)]


def lines(folder: Path) -> list[list[str]]:
    with (folder / FILE).open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def compared(make_table: Any, tmp_path: Path, old: Any, new: Any, key: tuple[str, ...] = ()) -> Difference:
    """Compare two tables given as (columns, rows)."""
    paths = [make_table(*table, name=name)[0] for name, table in (("old", old), ("new", new))]
    found = compare(paths[0], paths[1], key, tmp_path / "into")
    assert Difference.from_json(json.loads(json.dumps(found.to_json()))) == found
    assert sorted(path.name for path in (tmp_path / "into").iterdir()) == [FILE]
    return found


def test_rows_are_matched_by_their_key(make_table: Any, tmp_path: Path):
    found = compared(make_table, tmp_path, (COLUMNS, OLD), (COLUMNS, NEW), ("id",))
    assert (found.added, found.removed, found.changed, found.unchanged) == (1, 1, 1, 2)
    assert found.matched_by == ("id",)
    assert found.sample_added == [{"id": "5", "name": "عبري", "n": None}]
    assert found.sample_removed == [{"id": "3", "name": "نزوى", "n": "3.00"}]
    assert found.sample_changed == [{"key": {"id": "2"}, "values": {"name": ["صحار", "صحار ٢"], "n": [None, "2.00"]}}]
    assert lines(tmp_path / "into") == [
        ["op", "key", "column", "old", "new"],
        ["added", "5", "", "", '{"id":"5","name":"عبري","n":null}'],
        ["removed", "3", "", '{"id":"3","name":"نزوى","n":"3.00"}', ""],
        ["changed", "2", "name", "صحار", "صحار ٢"],
        ["changed", "2", "n", "", "2.00"],
    ]


def test_a_key_of_several_columns_and_with_nothing_in_it(make_table: Any, tmp_path: Path):
    old = [(1, "a", Decimal(1)), (1, None, Decimal(2)), (None, None, Decimal(3))]
    new = [(1, "a", Decimal(1)), (1, None, Decimal(9)), (None, None, Decimal(3))]
    found = compared(make_table, tmp_path, (COLUMNS, old), (COLUMNS, new), ("id", "name"))
    assert (found.added, found.removed, found.changed, found.unchanged) == (0, 0, 1, 2)
    assert found.sample_changed == [{"key": {"id": "1", "name": None}, "values": {"n": ["2.00", "9.00"]}}]
    assert lines(tmp_path / "into")[1:] == [["changed", '["1",null]', "n", "2.00", "9.00"]]


def test_without_a_key_whole_rows_are_counted(make_table: Any, tmp_path: Path):
    old, new = [*OLD, OLD[0], OLD[0]], [*OLD, OLD[3]]
    found = compared(make_table, tmp_path, (COLUMNS, old), (COLUMNS, new))
    assert (found.added, found.removed, found.changed, found.unchanged) == (1, 2, 0, 4)
    assert [line[0] for line in lines(tmp_path / "into")[1:]] == ["added", "removed", "removed"]
    assert found.sample_added == [{"id": "4", "name": "صور", "n": "4.00"}]


def test_a_key_that_names_two_rows_is_said_and_not_used(make_table: Any, tmp_path: Path):
    new = [*NEW, (5, "twice", None)]
    found = compared(make_table, tmp_path, (COLUMNS, OLD), (COLUMNS, new), ("id",))
    assert (found.key_problem, found.key_repeated, found.matched_by) == ("repeated", 1, ())
    assert (found.added, found.removed, found.unchanged) == (3, 2, 2)


def test_a_key_that_a_version_lacks_is_said_and_not_used(make_table: Any, tmp_path: Path):
    without = ({"name": "text"}, [(row[1],) for row in OLD])
    found = compared(make_table, tmp_path, (COLUMNS, OLD), without, ("id",))
    assert (found.key_problem, found.matched_by) == ("missing", ())
    assert (found.added, found.removed, found.unchanged) == (0, 0, 4)
    assert found.columns_removed == ("id", "n")


def test_columns_that_came_went_or_changed_type_are_named(make_table: Any, tmp_path: Path):
    columns = {"id": "integer", "n": "text", "new": "boolean"}
    rows = [(1, "1.5", True), (2, None, None), (3, "three", None), (4, "4", None)]
    found = compared(make_table, tmp_path, (COLUMNS, OLD), (columns, rows), ("id",))
    assert found.columns_added == ("new",)
    assert found.columns_removed == ("name",)
    assert found.columns_retyped == ("n",)
    assert not found.nothing


def test_another_scale_is_no_change(make_table: Any, tmp_path: Path):
    wider = {**COLUMNS, "n": "DECIMAL(38, 20)"}
    found = compared(make_table, tmp_path, (COLUMNS, OLD), (wider, OLD), ("id",))
    assert found.nothing
    assert found.unchanged == len(OLD)


def test_tables_without_a_common_column_have_nothing_in_common(make_table: Any, tmp_path: Path):
    found = compared(make_table, tmp_path, ({"a": "text"}, [("x",), ("y",)]), ({"b": "text"}, [("x",)]))
    assert (found.columns_added, found.columns_removed) == (("b",), ("a",))
    assert (found.added, found.removed, found.unchanged) == (1, 2, 0)


def test_the_empty_table_is_compared_too(make_table: Any, tmp_path: Path):
    found = compared(make_table, tmp_path, (COLUMNS, []), (COLUMNS, OLD), ("id",))
    assert (found.added, found.removed, found.changed, found.unchanged) == (4, 0, 0, 0)
    empty = tmp_path / "old" / "table.parquet"
    for key in ((), ("id",)):
        assert compare(empty, empty, key, tmp_path / "into").nothing


def test_many_changes_are_all_in_the_file_and_the_first_in_the_sample(tmp_path: Path):
    connection = duckdb.connect()
    for name, value in (("old", "range % 1000"), ("new", "range % 1000 + (range % 10 = 0)::INT")):
        connection.execute(
            f"COPY (SELECT range AS id, {value} AS v, 'نص ' || range AS t FROM range(200000)) "
            f"TO '{tmp_path}/{name}.parquet' (FORMAT parquet)"
        )
    found = compare(tmp_path / "old.parquet", tmp_path / "new.parquet", ("id",), tmp_path / "into")
    assert (found.changed, found.unchanged) == (20_000, 180_000)
    assert [one["key"]["id"] for one in found.sample_changed] == [str(10 * n) for n in range(SAMPLE)]
    assert len(lines(tmp_path / "into")) == 20_001


def test_a_comparison_of_many_columns(make_table: Any, tmp_path: Path):
    columns = {f"c{n}": "integer" for n in range(1_000)}
    row = tuple(range(1_000))
    found = compared(make_table, tmp_path, (columns, [row]), (columns, [(*row[:-1], 0)]), ("c0",))
    assert found.sample_changed == [{"key": {"c0": "0"}, "values": {"c999": ["999", "0"]}}]
    assert compared(make_table, tmp_path, (columns, [row]), (columns, [row])).nothing


A, B, C = (ColumnSpec(name, "integer") for name in "abc")
KEYED = {"matched_by": ("a",)}


@pytest.mark.parametrize(
    ("previous", "schema", "difference", "part"),
    [
        (None, Schema((A,)), None, "major"),
        (Schema((A, B)), Schema((A,)), Difference(0, 0, 0, 9), "major"),
        (Schema((A, B)), Schema((A, C)), Difference(0, 0, 0, 9), "major"),
        (Schema((A, B)), Schema((B, A)), Difference(0, 0, 0, 9), "major"),
        (Schema((A,)), Schema((ColumnSpec("a", "text"),)), Difference(0, 0, 0, 9), "major"),
        (Schema((A, B), ("a",)), Schema((A, B), ("b",)), Difference(0, 0, 0, 9), "major"),
        (Schema((A, B), ("a",)), Schema((A, B)), Difference(0, 0, 0, 9), "major"),
        (Schema((A,)), Schema((A, B)), Difference(0, 0, 0, 9), "minor"),
        (Schema((A, B)), Schema((A, C, B)), Difference(0, 0, 5, 9, **KEYED), "minor"),
        (Schema((A,)), Schema((A,)), Difference(1, 0, 0, 9, **KEYED), "minor"),
        (Schema((A,)), Schema((A,)), Difference(1, 1, 0, 9, **KEYED), "minor"),
        (Schema((A,)), Schema((A,)), Difference(2, 2, 0, 9), "patch"),
        (Schema((A,)), Schema((A,)), Difference(3, 2, 0, 9), "minor"),
        (Schema((A,)), Schema((A,)), Difference(0, 3, 1, 9, **KEYED), "patch"),
        (Schema((A,)), Schema((ColumnSpec("a", "integer", "أ", "A"),)), Difference(0, 0, 0, 9), "patch"),
    ],
)
def test_the_number_follows_from_what_changed(previous: Any, schema: Any, difference: Any, part: str):
    assert semver(previous, schema, difference) == part
