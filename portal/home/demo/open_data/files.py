"""Writing invented rows as agencies hand their files in: encodings, separators and digits as they come."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

Rows = Iterable[dict[str, Any]]
INDIC = str.maketrans("0123456789.", "٠١٢٣٤٥٦٧٨٩٫")


def write(rows: Rows, target: Path, shape: dict[str, Any]) -> None:
    """Write a file.

    `shape`: kind (csv, xlsx, json, geojson); of CSV: encoding, delimiter, digits; of XLSX: sheet, lines above.
    """
    kind = shape.get("kind", "csv")
    {"csv": _csv, "xlsx": _xlsx, "json": _json, "geojson": _geojson}[kind](rows, target, shape)


def _csv(rows: Rows, target: Path, shape: dict[str, Any]) -> None:
    listed = iter(rows)
    first = next(listed)
    with target.open("w", encoding=shape.get("encoding", "utf-8"), newline="") as file:
        writer = csv.writer(file, delimiter=shape.get("delimiter", ","))
        writer.writerow(first)
        for row in chain([first], listed):
            values = ["" if value is None else str(value) for value in row.values()]
            indic = shape.get("digits") == "indic"
            writer.writerow([value.translate(INDIC) if indic and value[:1].isdigit() else value for value in values])


def _xlsx(rows: Rows, target: Path, shape: dict[str, Any]) -> None:
    listed = list(rows)
    above = [[line] for line in shape.get("above", [])]
    with Workbook(str(target)) as book:
        sheet = book.add_worksheet(shape.get("sheet", "Data"))
        for number, line in enumerate([*above, list(listed[0]), *(list(row.values()) for row in listed)]):
            sheet.write_row(number, 0, line)


def _json(rows: Rows, target: Path, shape: dict[str, Any]) -> None:
    target.write_text(json.dumps(list(rows), ensure_ascii=False, indent=1), encoding="utf-8")


def _geojson(rows: Rows, target: Path, shape: dict[str, Any]) -> None:
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]},
            "properties": {name: value for name, value in row.items() if name not in ("latitude", "longitude")},
        }
        for row in rows
    ]
    content = {"type": "FeatureCollection", "features": features}
    target.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
