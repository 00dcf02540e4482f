"""What is published, read as others read it: the same table in every format, Arabic intact."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import duckdb
import frictionless
import pandas
import polars
import pytest
from django.test import Client

from tests.opendata import making

pytestmark = pytest.mark.django_db
HEADER = ["year", "place", "share", "note"]
ROWS = [
    (2023, "محافظة مسقط، مطرح", "12.50", 'قال: "نعم"'),
    (2024, "ظفار؛ صلالة", "0.25", "سطر\nوسطر"),
    (2025, "مُسَنْدَم — خصب", "100.00", "=SUM(A1)"),
    (2026, "البريمي", "7.75", "ﷺ 🌴 e\u0301"),
]


def _quoted(value: object) -> str:
    return '"' + str(value).replace('"', '""') + '"'


TABLE = "\n".join([",".join(HEADER), *(",".join(map(_quoted, row)) for row in ROWS)]) + "\n"


@pytest.fixture
def folder(client: Client, tmp_path: Path) -> Path:
    """Every file of a version, fetched into a folder."""
    version = making.published(data=TABLE, key=("year",))
    for file in version.files.all():
        led = client.get(f"/files/{version.dataset.slug}/latest/{file.name}").headers["Location"]
        (tmp_path / file.name).write_bytes(b"".join(client.get(led).streaming_content))
    return tmp_path


def same(rows: list[tuple[object, ...]]) -> None:
    """Are these the rows that were published, whatever types a reader has?"""
    assert [(int(str(year)), place, note) for year, place, _share, note in rows] == [
        (year, place, note) for year, place, _share, note in ROWS
    ]
    assert [Decimal(str(row[2])) for row in rows] == [Decimal(row[2]) for row in ROWS]


def test_every_reader_finds_the_same_table(folder: Path) -> None:
    frames = {
        "csv": pandas.read_csv(folder / "data.csv"),
        "json": pandas.read_json(folder / "data.json"),
        "xlsx": pandas.read_excel(folder / "data.xlsx", engine="openpyxl"),
        "xml": pandas.read_xml(folder / "data.xml"),
    }
    for kind, frame in frames.items():
        assert list(frame.columns) == HEADER or kind == "xlsx"  # whose columns have their titles
        same(list(frame.itertuples(index=False, name=None)))
    for frame in (
        polars.read_csv(folder / "data.csv"), polars.read_parquet(folder / "data.parquet"),
        polars.read_json(folder / "data.json"),
    ):  # fmt: skip
        assert frame.columns == HEADER
        same(frame.rows())
    for name in ("data.csv", "data.json", "data.parquet"):
        same(duckdb.sql(f"SELECT * FROM '{folder / name}'").fetchall())
    assert [tuple(row.values())[1] for row in json.loads((folder / "data.json").read_text())] == [
        row[1] for row in ROWS
    ]


def test_the_data_package_is_valid_and_describes_what_is_there(folder: Path) -> None:
    package = frictionless.Package(str(folder / "datapackage.json"))
    package.remove_resource("data.parquet")  # which it reads with another package only
    report = package.validate()
    assert report.valid, report.flatten(["code", "message"])
    with package.get_resource("data.csv") as resource:
        same([tuple(row.to_list()) for row in resource.row_stream])
        assert resource.schema.primary_key == ["year"]
