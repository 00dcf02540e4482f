"""Every published format, read back by somebody else's reader, is the table again."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from lxml import etree

from opendata.building.built import BuiltFile, Note
from opendata.building.engine import as_text
from opendata.building.files import build
from opendata.building.schema import CODE, BadSchema, ColumnSpec, Schema
from opendata.building.texts import element_names

Table = tuple[Path, Schema]


def rows_of(table: Path) -> list[tuple[Any, ...]]:
    return duckdb.connect().execute(f"SELECT * FROM '{table}'").fetchall()


def texts_of(table: Path, schema: Schema) -> list[tuple[str | None, ...]]:
    """The values as text formats write them."""
    values = ", ".join(as_text(column.name, column.type) for column in schema.columns)
    return duckdb.connect().execute(f"SELECT {values} FROM '{table}'").fetchall()


def named(files: list[BuiltFile]) -> dict[str, BuiltFile]:
    return {file.name: file for file in files}


def test_csv_is_the_table_to_a_plain_reader_and_to_duckdb(awkward: Table, tmp_path: Path):
    table, schema = awkward
    build(table, schema, tmp_path / "out")
    data = (tmp_path / "out" / "data.csv").read_bytes()
    assert not data.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(data.decode("utf-8"), newline="")))
    assert read[0] == schema.names
    assert read[1:] == [["" if value is None else value for value in row] for row in texts_of(table, schema)]

    types = duckdb.connect().execute(f"DESCRIBE SELECT * FROM '{table}'").fetchall()
    columns = "{" + ", ".join(f"'{row[0]}': '{row[1]}'" for row in types) + "}"
    exact = "header = true, auto_detect = false, quote = '\"', escape = '\"', allow_quoted_nulls = false"
    again = f"SELECT * FROM read_csv('{tmp_path}/out/data.csv', {exact}, columns = {columns})"
    assert duckdb.connect().execute(again).fetchall() == rows_of(table)


def test_csv_tells_an_empty_text_from_no_value(make_table: Any, tmp_path: Path):
    table, schema = make_table({"a": "text", "b": "text"}, [("", None), (None, "")])
    build(table, schema, tmp_path / "out")
    assert (tmp_path / "out" / "data.csv").read_bytes() == b'a,b\n"",\n,""\n'


def test_json_is_the_table_with_every_digit(awkward: Table, tmp_path: Path):
    table, schema = awkward
    build(table, schema, tmp_path / "out")
    read = json.loads((tmp_path / "out" / "data.json").read_text("utf-8"), parse_float=Decimal)
    assert [list(row) for row in read] == [schema.names] * len(read)
    for found, row in zip(read, rows_of(table), strict=True):
        wanted = dict(zip(schema.names, row, strict=True))
        for name in ("id", "name", "amount", "open", "2024"):
            assert found[name] == wanted[name]
        assert found["share"] == (None if wanted["share"] is None else Decimal(repr(wanted["share"])))
        assert found["day"] == (wanted["day"] and wanted["day"].isoformat())
        assert (found["moment"] is None) == (wanted["moment"] is None)
    assert {row["moment"] for row in read} == {
        "2026-11-22T14:30:00", "1999-12-31T23:59:59.12", "2024-01-01T00:00:00", None,
    }  # fmt: skip


def test_xml_is_the_table_but_for_characters_that_xml_cannot_hold(awkward: Table, tmp_path: Path):
    table, schema = awkward
    files = named(build(table, schema, tmp_path / "out"))
    root = etree.parse(tmp_path / "out" / "data.xml").getroot()
    assert root.tag == "dataset"
    elements = element_names(schema.names)
    assert elements["2024"] == "_2024"
    assert {row.tag for row in root} == {"row"}
    replaced = str.maketrans(dict.fromkeys("\x0b\x01\ufffe\uffff", "\ufffd"))
    for row, wanted in zip(root, texts_of(table, schema), strict=True):
        found = {cell.tag: cell.text or "" for cell in row}
        for name, value in zip(schema.names, wanted, strict=True):
            assert found.get(elements[name]) == (None if value is None else value.translate(replaced))
    assert files["data.xml"].note == Note("xml_characters_replaced", {"values": 2})


def test_parquet_keeps_values_and_types(awkward: Table, tmp_path: Path):
    table, schema = awkward
    build(table, schema, tmp_path / "out")
    parquet = tmp_path / "out" / "data.parquet"
    assert rows_of(parquet) == rows_of(table)
    described = "DESCRIBE SELECT * FROM '{}'"
    connection = duckdb.connect()
    assert (
        connection.execute(described.format(parquet)).fetchall()
        == connection.execute(described.format(table)).fetchall()
    )


def test_the_query_file_numbers_the_rows_from_one(awkward: Table, tmp_path: Path):
    table, schema = awkward
    files = named(build(table, schema, tmp_path / "out"))
    with duckdb.connect(str(tmp_path / "out" / "query.duckdb"), read_only=True) as connection:
        names = ", ".join(f'"{name}"' for name in ("_id", *schema.names))
        rows = connection.execute(f"SELECT {names} FROM rows ORDER BY _id").fetchall()
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    assert [row[1:] for row in rows] == rows_of(table)
    assert not files["query.duckdb"].offered


def test_only_texts_of_few_short_values_can_be_grouped_by_a_code(make_table: Any, tmp_path: Path):
    rows = [(f"قيمة {n % 7}" if n % 5 else None, f"value {n}", "x" * (n % 2 * 200), None, n % 3) for n in range(2000)]
    columns = {"text": "text", "many": "text", "long": "text", "none": "text", "number": "integer"}
    table, schema = make_table(columns, rows)
    build(table, schema, tmp_path / "out")
    with duckdb.connect(str(tmp_path / "out" / "query.duckdb"), read_only=True) as connection:
        found = [row[0] for row in connection.execute("DESCRIBE rows").fetchall()]
        assert found == ["_id", *columns, CODE.format("text")]
        differing = 'SELECT count(*) FROM rows WHERE text IS DISTINCT FROM "text:code"'
        assert connection.execute(differing).fetchall() == [(0,)]


def test_every_file_says_its_size_hash_and_rows(awkward: Table, tmp_path: Path):
    import hashlib

    table, schema = awkward
    files = build(table, schema, tmp_path / "out")
    assert [file.format for file in files] == ["csv", "xlsx", "json", "xml", "parquet", "duckdb", "marks"]
    for file in files:
        data = (tmp_path / "out" / file.name).read_bytes()
        assert (file.size, file.sha256, file.rows) == (len(data), hashlib.sha256(data).hexdigest(), len(rows_of(table)))
        assert BuiltFile.from_json(json.loads(json.dumps(file.to_json()))) == file
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(file.name for file in files)


def test_the_same_table_gives_the_same_bytes(make_table: Any, tmp_path: Path):
    rows = [(n, f"قيمة {n % 97}", None if n % 7 else n / 8) for n in range(30_000)]
    table, schema = make_table({"id": "integer", "t": "text", "d": "DECIMAL(12, 3)"}, rows[:500])
    connection = duckdb.connect()
    connection.execute(
        f"COPY (SELECT range AS id, 'قيمة ' || range % 97 AS t, (range / 8)::DECIMAL(12, 3) AS d FROM range(400000)) "
        f"TO '{table}' (FORMAT parquet)"
    )
    made = [named(build(table, schema, tmp_path / f"out{n}")) for n in range(3)]
    for name in ("data.csv", "data.xlsx", "data.json", "data.xml", "data.parquet"):
        assert len({files[name].sha256 for files in made}) == 1, name


@pytest.mark.parametrize("value", ["text", "integer", "decimal", "boolean", "date", "datetime"])
def test_an_empty_table_is_published_with_its_columns(make_table: Any, tmp_path: Path, value: str):
    table, schema = make_table({"a": value, "b": "text"}, [])
    files = build(table, schema, tmp_path / "out")
    assert {file.rows for file in files} == {0}
    assert (tmp_path / "out" / "data.csv").read_bytes() == b"a,b\n"
    assert json.loads((tmp_path / "out" / "data.json").read_bytes()) == []
    assert len(etree.parse(tmp_path / "out" / "data.xml").getroot()) == 0
    assert rows_of(tmp_path / "out" / "data.parquet") == []


def test_a_table_of_one_column_loses_no_row(make_table: Any, tmp_path: Path):
    table, schema = make_table({"only": "text"}, [("a",), (None,), ("",), ("b",)])
    build(table, schema, tmp_path / "out")
    with (tmp_path / "out" / "data.csv").open(newline="", encoding="utf-8") as file:
        assert list(csv.reader(file)) == [["only"], ["a"], [""], [""], ["b"]]
    root = etree.parse(tmp_path / "out" / "data.xml").getroot()
    assert [[cell.text for cell in row] for row in root] == [["a"], [], [None], ["b"]]


def test_a_table_of_two_thousand_columns_is_published(make_table: Any, tmp_path: Path):
    columns = {f"c{n}": "text" if n % 2 else "integer" for n in range(2_000)}
    rows = [tuple(f"نص {n}" if n % 2 else n + line for n in range(2_000)) for line in range(3)]
    table, schema = make_table(columns, rows)
    files = named(build(table, schema, tmp_path / "out"))
    with (tmp_path / "out" / "data.csv").open(newline="", encoding="utf-8") as file:
        assert [len(line) for line in csv.reader(file)] == [2_000] * 4
    assert list(json.loads((tmp_path / "out" / "data.json").read_text("utf-8"))[2].values()) == list(rows[2])
    assert not files["data.xlsx"].left_out


def test_geojson_is_kept_as_it_is(make_table: Any, tmp_path: Path):
    table, schema = make_table({"a": "integer"}, [(1,)])
    original = tmp_path / "places.json"
    original.write_bytes(b'{"type": "FeatureCollection",\r\n "features": []}')
    files = named(build(table, schema, tmp_path / "out", geojson=original))
    assert (tmp_path / "out" / "data.geojson").read_bytes() == original.read_bytes()
    assert files["data.geojson"].media_type == "application/geo+json"


@pytest.mark.parametrize("codec", ["cp1256", "utf-8-sig", "utf-16-le"])
def test_geojson_in_another_encoding_is_offered_as_utf8(make_table: Any, tmp_path: Path, codec: str):
    table, schema = make_table({"a": "integer"}, [(1,)])
    text = '{"type": "FeatureCollection",\r\n "name": "مسقط", "features": []}'
    original = tmp_path / "places.json"
    original.write_bytes((("\ufeff" + text) if codec == "utf-16-le" else text).encode(codec))
    codec = codec.removesuffix("-sig")  # the reader calls it UTF-8, with a mark or without
    build(table, schema, tmp_path / "out", geojson=original, geojson_codec=codec)
    assert (tmp_path / "out" / "data.geojson").read_bytes() == text.encode()


def test_it_refuses_a_dictionary_of_another_table(make_table: Any, tmp_path: Path):
    table, _schema = make_table({"a": "integer", "b": "text"}, [(1, "x")])
    for columns in ((("a", "integer"),), (("b", "text"), ("a", "integer")), (("a", "text"), ("b", "text"))):
        with pytest.raises(BadSchema):
            build(table, Schema(tuple(ColumnSpec(*column) for column in columns)), tmp_path / "out")


def test_it_refuses_a_dictionary_that_contradicts_itself():
    one = ColumnSpec("a")
    for wrong in (
        lambda: Schema(()),
        lambda: Schema((one, one)),
        lambda: Schema((one,), ("b",)),
        lambda: ColumnSpec("A b"),
        lambda: ColumnSpec("_id"),
        lambda: ColumnSpec("a", "number"),
        lambda: Schema.from_json({"columns": [{"title_ar": "x"}]}),
    ):
        with pytest.raises(BadSchema):
            wrong()


def test_a_dictionary_goes_through_json():
    schema = Schema((ColumnSpec("a", "decimal", "أ", "A", "وصف", "What", "كم", "b / c"), ColumnSpec("b")), ("a",))
    assert Schema.from_json(json.loads(json.dumps(schema.to_json()))) == schema


def test_two_names_never_share_an_xml_element():
    assert element_names(["2024", "_2024", "a"]) == {"2024": "__2024", "_2024": "_2024", "a": "a"}
