"""datapackage.json keeps the rules of Data Package v2, and frictionless reads the published files by it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import frictionless
import jsonschema
import pytest

from opendata.building.datapackage import Licence, Meta, Party, datapackage, table_schema
from opendata.building.files import build
from opendata.building.schema import ColumnSpec, Schema

# The constraints of Data Package v2, Data Resource v2 and Table Schema v2, as the standard states them.
TEXT = {"type": "string"}
PATH = {"type": "string", "pattern": r"^(?![./~])(?!file:)(?!.*\.\./)(?!.*\\).+$"}
TYPES = [
    "string", "number", "integer", "boolean", "object", "array", "list", "datetime", "date", "time", "year",
    "yearmonth", "duration", "geopoint", "geojson", "any",
]  # fmt: skip
FIELD = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": TEXT, "type": {"enum": TYPES}, "format": TEXT, "title": TEXT, "description": TEXT},
}
TABLE = {
    "type": "object",
    "required": ["fields"],
    "properties": {
        "fields": {"type": "array", "minItems": 1, "items": FIELD},
        "missingValues": {"type": "array", "items": TEXT},
        "primaryKey": {"type": "array", "minItems": 1, "uniqueItems": True, "items": TEXT},
    },
}
DIALECT = {
    "type": "object",
    "properties": {
        "delimiter": TEXT,
        "lineTerminator": TEXT,
        "quoteChar": {"type": "string", "minLength": 1, "maxLength": 1},
        "doubleQuote": {"type": "boolean"},
        "header": {"type": "boolean"},
    },
}
LICENCES = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "anyOf": [{"required": ["name"]}, {"required": ["path"]}],
        "properties": {"name": {"type": "string", "pattern": "^[-a-zA-Z0-9._]+$"}, "path": PATH, "title": TEXT},
    },
}
SOURCES = {
    "type": "array",
    "items": {
        "type": "object",
        "minProperties": 1,
        "properties": {"title": TEXT, "path": PATH, "email": {"type": "string", "format": "email"}},
    },
}
CONTRIBUTORS = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "minProperties": 1,
        "properties": {
            "title": TEXT,
            "path": PATH,
            "email": {"type": "string", "format": "email"},
            "roles": {"type": "array", "minItems": 1, "items": TEXT},
        },
    },
}
RESOURCE = {
    "type": "object",
    "oneOf": [{"required": ["name", "data"]}, {"required": ["name", "path"]}],
    "properties": {
        "name": {"type": "string", "pattern": r"^[a-z0-9._-]+$"},
        "path": {"oneOf": [PATH, {"type": "array", "minItems": 1, "items": PATH}]},
        "type": {"enum": ["table"]},
        "format": TEXT,
        "mediatype": {"type": "string", "pattern": "^(.+)/(.+)$"},
        "encoding": TEXT,
        "bytes": {"type": "integer"},
        "hash": {"type": "string", "pattern": "^([^:]+:[a-fA-F0-9]+|[a-fA-F0-9]{32}|)$"},
        "schema": TABLE,
        "dialect": DIALECT,
        "sources": SOURCES,
        "licenses": LICENCES,
    },
}
PACKAGE = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "required": ["resources"],
    "properties": {
        "$schema": {"const": "https://datapackage.org/profiles/2.0/datapackage.json"},
        "name": {"type": "string", "pattern": r"^[a-z0-9._-]+$"},
        "id": TEXT,
        "title": TEXT,
        "description": TEXT,
        "homepage": {"type": "string", "format": "uri"},
        "version": TEXT,
        "created": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"},
        "keywords": {"type": "array", "minItems": 1, "items": TEXT},
        "contributors": CONTRIBUTORS,
        "licenses": LICENCES,
        "sources": SOURCES,
        "resources": {"type": "array", "minItems": 1, "items": RESOURCE},
    },
}

FULL = Meta(
    name="population",
    id="https://data.example/data/population/",
    version="1.2.0",
    created=datetime(2026, 11, 22, 14, 30, tzinfo=timezone(timedelta(hours=4))),
    title_ar="السكان",
    title_en="Population",
    description_ar="عدد السكان بحسب المحافظة.",
    description_en="People by governorate.",
    homepage="https://data.example/ar/data/population/",
    licences=(Licence("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/", "CC BY 4.0"),),
    contributors=(Party("المركز الوطني", "National Centre", "https://ncsi.example/", "a@ncsi.example", ("creator",)),),
    sources=(Party("التعداد", "Census", "https://ncsi.example/census"),),
    keywords=("السكان", "population"),
)
BARE = Meta("x", "urn:x", "1.0.0", datetime(2026, 1, 1, tzinfo=UTC), "س", "X")


def valid(found: dict[str, Any]) -> dict[str, Any]:
    """As a reader gets it; fails where it breaks a rule of the standard."""
    read = json.loads(json.dumps(found, ensure_ascii=False))
    jsonschema.validate(read, PACKAGE, jsonschema.Draft7Validator)
    names = [resource["name"] for resource in read["resources"]]
    assert len(names) == len(set(names))
    return read


@pytest.mark.parametrize("meta", [FULL, BARE])
def test_it_keeps_the_rules_of_the_standard(awkward: tuple[Path, Schema], tmp_path: Path, meta: Meta):
    table, schema = awkward
    found = valid(datapackage(meta, schema, build(table, schema, tmp_path / "out")))
    assert [resource["path"] for resource in found["resources"]] == [
        "data.csv", "data.xlsx", "data.json", "data.xml", "data.parquet",
    ]  # fmt: skip


def test_it_says_who_what_when_in_both_languages(awkward: tuple[Path, Schema], tmp_path: Path):
    table, schema = awkward
    files = {file.name: file for file in build(table, schema, tmp_path / "out")}
    found = valid(datapackage(FULL, schema, files.values()))
    assert found["languages"] == ["ar", "en"]
    assert (found["title"], found["title@en"]) == ("السكان", "Population")
    assert found["created"] == "2026-11-22T10:30:00Z"
    assert found["contributors"][0]["title@en"] == "National Centre"
    resource = found["resources"][0]
    assert resource["hash"] == f"sha256:{files['data.csv'].sha256}"
    assert resource["bytes"] == files["data.csv"].size
    assert resource["schema"]["primaryKey"] == ["id"]
    assert resource["schema"]["missingValues"] == [""]


def test_a_field_has_type_texts_unit_and_formula():
    columns = (
        ColumnSpec("share", "decimal", "النسبة", "Share", "من الكل", "Of all", "%", "part / whole"),
        ColumnSpec("t", "text", "", "Only English"),
    )
    fields = table_schema(Schema(columns))["fields"]
    assert fields[0] == {
        "name": "share", "type": "number", "title": "النسبة", "title@en": "Share", "description": "من الكل",
        "description@en": "Of all", "unit": "%", "formula": "part / whole",
    }  # fmt: skip
    assert fields[1] == {"name": "t", "type": "string", "title": "Only English"}


def test_frictionless_agrees_with_the_published_files(make_table: Any, tmp_path: Path):
    import datetime as days

    columns = {"id": "integer", "t": "text", "d": "DECIMAL(12, 3)", "b": "boolean", "day": "date", "at": "datetime"}
    rows = [
        (n, f'نص "{n}"\nسطر', n / 8, n % 2 == 0, days.date(2024, 2, 29), days.datetime(2026, 11, 22, 14, 30, n))
        for n in range(30)
    ]
    table, schema = make_table(columns, [*rows, (31, None, None, None, None, None)], key=("id",))
    files = build(table, schema, tmp_path / "out")
    package = datapackage(FULL, schema, [file for file in files if file.format in ("csv", "xml")])
    descriptor = tmp_path / "out" / "datapackage.json"
    descriptor.write_text(json.dumps(package, ensure_ascii=False), encoding="utf-8")
    report = frictionless.validate(str(descriptor))
    assert report.valid, report.flatten(["type", "rowNumber", "fieldName", "note"])
    found = frictionless.Package(str(descriptor)).get_table_resource("data.csv").read_rows()
    assert [tuple(row.values()) for row in found] == [*rows, (31, None, None, None, None, None)]

    package["resources"][0]["schema"]["fields"][1]["type"] = "date"
    descriptor.write_text(json.dumps(package, ensure_ascii=False), encoding="utf-8")
    assert not frictionless.validate(str(descriptor)).valid
