"""The queries behind `differences.compare`.

`old` and `new` are views with the number of the row (`_row`) and the columns that both versions have: as `c0`, `c1` ...
in a form in which equal values are equal, as `t0`, `t1` ... as text. `old_text` and `new_text` hold every column under
its name, as text.
"""

# ruff: noqa: S608 - the only names in these queries are quoted ones that `Schema` has checked

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opendata.building.differences import SAMPLE, Difference
from opendata.building.engine import as_text, family, literal, physical_types, quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_AT_ONCE = 50
"""Columns whose values are compared in one query: each takes room for two thousand rows of it."""


@dataclass
class Comparison:
    """Two tables in one engine."""

    connection: DuckDBPyConnection
    old: Path
    new: Path

    def run(self, key: tuple[str, ...], target: Path) -> Difference:
        """Compare by the key where that is possible, else by whole rows, and write the file."""
        self._create_views()
        problem, repeated = self._problem_of(key)
        by_key = ByKey(self, key) if key and not problem else None
        way: ByKey | ByRow = by_key or ByRow(self)
        way.match()
        self._write(way.lines(), target)
        added, removed, changed = way.counts()
        return Difference(
            added,
            removed,
            changed,
            self._one("SELECT count(*) FROM new") - added - changed,
            columns_added=tuple(name for name in self.new_types if name not in self.old_types),
            columns_removed=tuple(name for name in self.old_types if name not in self.new_types),
            columns_retyped=tuple(name for name in self.common if self._retyped(name)),
            matched_by=key if by_key else (),
            key_problem=problem,
            key_repeated=repeated,
            sample_added=self._sample(way.rows("added")),
            sample_removed=self._sample(way.rows("removed")),
            sample_changed=by_key.sample() if by_key else [],
        )

    @cached_property
    def old_types(self) -> dict[str, str]:
        """DuckDB's types of the old table's columns, by name."""
        return physical_types(self.connection, self.old)

    @cached_property
    def new_types(self) -> dict[str, str]:
        """DuckDB's types of the new table's columns, by name."""
        return physical_types(self.connection, self.new)

    @cached_property
    def common(self) -> list[str]:
        """The columns of both, in the new order."""
        return [name for name in self.new_types if name in self.old_types]

    def alias(self, name: str) -> str:
        """What a common column is called in the views `old` and `new`."""
        return f"c{self.common.index(name)}"

    def _retyped(self, name: str) -> bool:
        return family(self.old_types[name]) != family(self.new_types[name])

    def _create_views(self) -> None:
        for view, table, types in (("old", self.old, self.old_types), ("new", self.new, self.new_types)):
            rows = f"read_parquet({literal(table.resolve())}, file_row_number = true)"
            values = [f"{self._comparable(name, types)} AS c{place}" for place, name in enumerate(self.common)]
            values += [f"{as_text(name, family(types[name]))} AS t{place}" for place, name in enumerate(self.common)]
            texts = [f"{as_text(name, family(physical))} AS {quoted(name)}" for name, physical in types.items()]
            for called, columns in ((view, values), (f"{view}_text", texts)):
                listed = ", ".join(["file_row_number AS _row", *columns])
                self.connection.execute(f"CREATE VIEW {called} AS SELECT {listed} FROM {rows}")

    def _comparable(self, name: str, types: dict[str, str]) -> str:
        """As it is where both tables hold it alike, else as text without the zeros that say only the scale."""
        if self.old_types[name] == self.new_types[name]:
            return quoted(name)
        text = as_text(name, family(types[name]))
        if family(types[name]) != "decimal":
            return text
        return f"CASE WHEN contains({text}, '.') THEN rtrim(rtrim({text}, '0'), '.') ELSE {text} END"

    def _problem_of(self, key: tuple[str, ...]) -> tuple[str, int]:
        if not set(key) <= set(self.common):
            return "missing", 0
        if not key:
            return "", 0
        columns = ", ".join(self.alias(name) for name in key)
        repeated = sum(
            self._one(f"SELECT count(*) FROM (SELECT 1 FROM {view} GROUP BY {columns} HAVING count(*) > 1)")
            for view in ("old", "new")
        )
        return ("repeated" if repeated else ""), repeated

    def _write(self, lines: str, target: Path) -> None:
        """Lines come with `part`, `row` and `place`, by which they are ordered."""
        ordered = f'SELECT op, key, "column", old, new FROM ({lines}) ORDER BY part, row, place'
        options = "FORMAT csv, HEADER, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR ''"
        self.connection.execute(f"COPY ({ordered}) TO {literal(target.resolve())} ({options})")

    def _sample(self, rows: str) -> list[dict[str, Any]]:
        """The first of some rows, which come as `row` (their order) and `value` (JSON)."""
        found = self.connection.execute(f"SELECT value FROM ({rows}) ORDER BY row LIMIT {SAMPLE}").fetchall()
        return [json.loads(value) for (value,) in found]

    def _one(self, query: str) -> int:
        found = self.connection.execute(query).fetchone()
        return int(found[0] or 0) if found else 0


def _as_json(names: list[str], of: str = "") -> str:
    """SQL for a row as a JSON object of texts."""
    fields = ", ".join(f"{quoted(name)} := {of}{quoted(name)}" for name in names)
    return f"CAST(to_json(struct_pack({fields})) AS VARCHAR)"


def _as_key(values: list[str]) -> str:
    """SQL for the key as it stands in the file: one text as it is, several as a JSON array."""
    return values[0] if len(values) == 1 else f"CAST(to_json([{', '.join(values)}]) AS VARCHAR)"


def _whole_rows(key: str, added: str, removed: str) -> str:
    """The lines of the rows that one table has and the other has not."""
    return (
        f"SELECT 1 AS part, row, 0 AS place, 'added' AS op, {key} AS key, NULL AS \"column\", NULL AS old, "
        f"value AS new FROM ({added}) UNION ALL SELECT 2, row, 0, 'removed', {key}, NULL, value, NULL FROM ({removed})"
    )


@dataclass
class ByKey:
    """Rows matched by their key."""

    tables: Comparison
    key: tuple[str, ...]

    def match(self) -> None:
        """Note which rows belong together, and whether they differ."""
        aliases = [self.tables.alias(name) for name in self.key]
        rest = [f"c{place}" for place, name in enumerate(self.tables.common) if name not in self.key]
        alike = " AND ".join(f"old.{name} IS NOT DISTINCT FROM new.{name}" for name in aliases)
        differs = " OR ".join(f"old.{name} IS DISTINCT FROM new.{name}" for name in rest) or "false"
        self.tables.connection.execute(
            "CREATE TEMP TABLE matched AS SELECT old._row AS old_row, new._row AS new_row, "
            f"({differs}) AND old._row IS NOT NULL AND new._row IS NOT NULL AS changed "
            f"FROM old FULL JOIN new ON {alike}"
        )
        self._list_cells()

    def counts(self) -> tuple[int, int, int]:
        """Rows added, removed, changed."""
        conditions = ("old_row IS NULL", "new_row IS NULL", "changed")
        query = ", ".join(f"count_if({condition})" for condition in conditions)
        found = self.tables.connection.execute(f"SELECT {query} FROM matched").fetchone() or (0, 0, 0)
        return int(found[0] or 0), int(found[1] or 0), int(found[2] or 0)

    def rows(self, op: str) -> str:
        """The rows that are in one table only."""
        side, other = ("new", "old") if op == "added" else ("old", "new")
        names = list(self.tables.new_types if op == "added" else self.tables.old_types)
        named = [f"one.{quoted(name)}" for name in self.key]
        return (
            f"SELECT {side}_row AS row, {_as_key(named)} AS key, {_as_json(names, 'one.')} AS value "
            f"FROM matched JOIN {side}_text AS one ON one._row = {side}_row WHERE {other}_row IS NULL"
        )

    def lines(self) -> str:
        """All lines of the file."""
        whole = _whole_rows("key", self.rows("added"), self.rows("removed"))
        return f"{whole} UNION ALL SELECT 3, row, place, 'changed', key, name, old, new FROM cells"

    def _list_cells(self) -> None:
        """Note each changed value: the new row's number, the key as text, and the column's place and name."""
        connection = self.tables.connection
        connection.execute(
            "CREATE TEMP TABLE cells (row BIGINT, key VARCHAR, place INT, name VARCHAR, old VARCHAR, new VARCHAR)"
        )
        places = [(place, name) for place, name in enumerate(self.tables.common) if name not in self.key]
        for start in range(0, len(places), _AT_ONCE):
            connection.execute(f"INSERT INTO cells {self._cells(places[start : start + _AT_ONCE])}")

    def _cells(self, places: list[tuple[int, str]]) -> str:
        cells = ", ".join(
            f"{{'place': {place}, 'name': {literal(name)}, 'old': old.t{place}, 'new': new.t{place}, "
            f"'differs': old.c{place} IS DISTINCT FROM new.c{place}}}"
            for place, name in places
        )
        keys = [f"new.t{self.tables.common.index(name)}" for name in self.key]
        return (
            "SELECT row, key, cell.place, cell.name, cell.old, cell.new FROM (SELECT new_row AS row, "
            f"{_as_key(keys)} AS key, unnest([{cells}]) AS cell FROM matched "
            "JOIN old ON old._row = old_row JOIN new ON new._row = new_row WHERE changed) WHERE cell.differs"
        )

    def sample(self) -> list[dict[str, Any]]:
        """The first changed rows: their key, and old and new of what changed."""
        first = f"SELECT DISTINCT row FROM cells ORDER BY row LIMIT {SAMPLE}"
        query = f"SELECT row, key, name, old, new FROM cells WHERE row IN ({first}) ORDER BY row, place"
        found: dict[int, dict[str, Any]] = {}
        for row, key, name, old, new in self.tables.connection.execute(query).fetchall():
            values = [key] if len(self.key) == 1 else json.loads(key)
            one = found.setdefault(row, {"key": dict(zip(self.key, values, strict=True)), "values": {}})
            one["values"][name] = [old, new]
        return list(found.values())


@dataclass
class ByRow:
    """Whole rows, by how often they are in each table."""

    tables: Comparison

    def match(self) -> None:
        """Count each row that is not equally often in both; its values are those of the common columns as text."""
        columns = ", ".join(f"c{place}" for place in range(len(self.tables.common)))
        if columns:
            both = " UNION ALL ".join(f"SELECT {columns}, '{side}' AS side FROM {side}" for side in ("old", "new"))
            more = "CAST(count_if(side = 'new') - count_if(side = 'old') AS BIGINT) AS more"
            groups = f"SELECT {columns}, {more} FROM ({both}) GROUP BY {columns} HAVING more <> 0"
        else:  # nothing is the same in tables that have no column in common
            groups = "SELECT count(*) AS more FROM new UNION ALL SELECT -count(*) FROM old"
        self.tables.connection.execute(f"CREATE TEMP TABLE differing AS {groups}")

    def counts(self) -> tuple[int, int, int]:
        """Rows added, removed, and none changed."""
        query = "SELECT sum(greatest(more, 0)), sum(greatest(-more, 0)) FROM differing"
        found = self.tables.connection.execute(query).fetchone() or (0, 0)
        return int(found[0] or 0), int(found[1] or 0), 0

    def rows(self, op: str) -> str:
        """The rows that are in one table more often, as often as they are more."""
        sign = "" if op == "added" else "-"
        types = self.tables.new_types if op == "added" else self.tables.old_types
        values = ", ".join(
            f"{quoted(name)} := {as_text(f'c{place}', self._kind(name, types))}"
            for place, name in enumerate(self.tables.common)
        )
        value = f"CAST(to_json(struct_pack({values})) AS VARCHAR)" if values else "'{}'"
        return (
            f"SELECT value AS row, value FROM (SELECT {value} AS value, unnest(range({sign}more)) "
            f"FROM differing WHERE {sign}more > 0)"
        )

    def _kind(self, name: str, types: dict[str, str]) -> str:
        """Columns that the tables hold differently were made text to be comparable."""
        return family(types[name]) if self.tables.old_types[name] == self.tables.new_types[name] else "text"

    def lines(self) -> str:
        """All lines of the file."""
        return _whole_rows("NULL", self.rows("added"), self.rows("removed"))
