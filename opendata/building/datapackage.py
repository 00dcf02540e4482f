"""datapackage.json: Data Package v2 with a Table Schema for the CSV file.

The standard has no rule for two languages yet. This follows its recipe "Language Support": `languages` names both, the
first is that of `title` and `description`; the other stands beside them as `title@en`, as the recipe "Translation
Support" writes names. Readers that do not know either see an ordinary package. `unit` and `formula` are ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from opendata.building.built import BuiltFile
from opendata.building.schema import ColumnSpec, Schema

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
LANGUAGES = ("ar", "en")
_FIELD_TYPES = {"text": "string", "decimal": "number"}
_TEXT_FORMATS = {"csv", "json", "xml", "geojson"}


@dataclass(frozen=True)
class Licence:
    """By its identifier in the Open Definition's list ("CC-BY-4.0"), with its address and its name."""

    name: str
    path: str = ""
    title: str = ""


@dataclass(frozen=True)
class Party:
    """Who made it (`contributors`) or where it comes from (`sources`): a name in both languages, an address, roles."""

    title_ar: str
    title_en: str
    path: str = ""
    email: str = ""
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Meta:
    """What is said of a version as a whole. `name` is the slug, `created` when it was published."""

    name: str
    id: str
    version: str
    created: datetime
    title_ar: str
    title_en: str
    description_ar: str = ""
    description_en: str = ""
    homepage: str = ""
    licences: tuple[Licence, ...] = ()
    contributors: tuple[Party, ...] = ()
    sources: tuple[Party, ...] = ()
    keywords: tuple[str, ...] = ()


def datapackage(meta: Meta, schema: Schema, files: Iterable[BuiltFile]) -> dict[str, Any]:
    """The descriptor of a version and of the files it offers; what is empty is left out."""
    return _without_empty(
        {
            "$schema": PROFILE,
            "name": meta.name,
            "id": meta.id,
            "languages": list(LANGUAGES),
            **_both("title", meta.title_ar, meta.title_en),
            **_both("description", meta.description_ar, meta.description_en),
            "homepage": meta.homepage,
            "version": meta.version,
            "created": meta.created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "licenses": [_without_empty(vars(licence)) for licence in meta.licences],
            "contributors": [_party(party) for party in meta.contributors],
            "sources": [_party(party) for party in meta.sources],
            "keywords": list(meta.keywords),
            "resources": [_resource(file, schema) for file in files if file.offered],
        }
    )


def table_schema(schema: Schema) -> dict[str, Any]:
    """The Table Schema of the CSV file: nothing between two commas means that there is no value."""
    found: dict[str, Any] = {"fields": [_field(column) for column in schema.columns], "missingValues": [""]}
    if schema.key:
        found["primaryKey"] = list(schema.key)
    return found


def _resource(file: BuiltFile, schema: Schema) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": file.name.lower().replace(" ", "-"),
        "path": file.name,
        "format": file.format,
        "mediatype": file.media_type,
        "encoding": "utf-8" if file.format in _TEXT_FORMATS else "",
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
    }
    if file.name == "data.csv":
        dialect = {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "header": True}
        found |= {"type": "table", "dialect": dialect, "schema": table_schema(schema)}
    return {name: value for name, value in found.items() if value != ""}


def _field(column: ColumnSpec) -> dict[str, Any]:
    return _without_empty(
        {
            "name": column.name,
            "type": _FIELD_TYPES.get(column.type, column.type),
            **_both("title", column.title_ar, column.title_en),
            **_both("description", column.description_ar, column.description_en),
            "unit": column.unit,
            "formula": column.formula,
        }
    )


def _party(party: Party) -> dict[str, Any]:
    names = _both("title", party.title_ar, party.title_en)
    return _without_empty({**names, "path": party.path, "email": party.email, "roles": list(party.roles)})


def _both(name: str, arabic: str, english: str) -> dict[str, str]:
    """A text in both languages; where the first is missing the other stands in its place."""
    return {name: arabic or english, f"{name}@en": english if arabic else ""}


def _without_empty(found: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if value not in ("", [], ())}
