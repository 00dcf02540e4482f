"""The shapes of answers as JSON Schema (2020-12): every member documented, every one always there."""

from __future__ import annotations

from typing import Any

from opendata.api.wrong import KINDS
from opendata.building.schema import TYPES
from opendata.catalogue.choices import FORMATS, Kind, Licence
from opendata.inventory.choices import Frequency, Theme
from portal.organisations.models import Governorate

Schema = dict[str, Any]


def ref(name: str) -> Schema:
    """A shape by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def listed(items: Schema) -> Schema:
    """An array of such items."""
    return {"type": "array", "items": items}


def whole(about: str = "", /, **members: Schema) -> Schema:
    """An object all of whose members are always there."""
    found: Schema = {"type": "object", "properties": members, "required": list(members)}
    return {"description": about, **found} if about else found


def text(description: str = "", **more: Any) -> Schema:
    """A text."""
    return {"type": "string", **({"description": description} if description else {}), **more}


def number(description: str = "") -> Schema:
    """A whole number from 0."""
    return {"type": "integer", "minimum": 0, **({"description": description} if description else {})}


def or_null(schema: Schema) -> Schema:
    """The same, or nothing."""
    return {"anyOf": [schema, {"type": "null"}]}


_MOMENT = text("In UTC.", format="date-time")
_URL = text(format="uri")
_SHA256 = text(pattern="^[0-9a-f]{64}$")
_CURSOR = or_null(text("Address of the next page; null on the last.", format="uri"))
_TYPE = text(enum=list(TYPES))

_SUMMARY: Schema = {
    "slug": text("Its lasting name in addresses."),
    "id": text(format="uuid"),
    "title": ref("Bilingual"),
    "description": ref("Bilingual"),
    "keywords": whole(ar=listed(text()), en=listed(text())),
    "organisation": whole("Who publishes it.", code=text(), name=ref("Bilingual")),
    "theme": text(enum=list(Theme.values)),
    "frequency": text("How often new data comes.", enum=list(Frequency.values)),
    "is_high_value": {"type": "boolean"},
    "licence": ref("Licence"),
    "coverage": ref("Coverage"),
    "figures": or_null(text("Where the portal publishes it from its own records: the name of that table.")),
    "modified_at": {
        **_MOMENT,
        "description": "Moves with every change the public can see, texts and versions. In UTC.",
    },
    "version": whole(
        "Its newest version.",
        sequence=number("1, 2, 3, ...; stands in addresses."),
        number=text("MAJOR.MINOR.PATCH."),
        published_at=_MOMENT,
        rows=number(),
        formats=listed(text(enum=list(FORMATS))),
    ),
    "urls": whole(self=_URL, page_ar=_URL, page_en=_URL, rows=_URL, columns=_URL, versions=_URL),
}
_VERSION: Schema = {
    "sequence": number("1, 2, 3, ...; stands in addresses."),
    "number": text("MAJOR.MINOR.PATCH."),
    "kind": text("New or more data, or a correction of an error.", enum=list(Kind.values)),
    "published_at": _MOMENT,
    "change_note": ref("Bilingual"),
    "licence": ref("Licence"),
    "rows": number(),
    "manifest_sha256": {**_SHA256, "description": "Of the signed manifest."},
    "withdrawn": or_null(whole("Its files and rows are gone since then.", at=_MOMENT, because=ref("Bilingual"))),
    "urls": whole(self=_URL, page_ar=_URL, page_en=_URL, rows=_URL, manifest=_URL, signature=_URL),
}
_COUNTS = {name: number() for name in ("added", "removed", "changed", "unchanged")}
_WRONG: Schema = {
    "type": text(),
    "title": text("The kind of error, in words."),
    "status": {"type": "integer"},
    "code": text("The kind of error; stays the same.", enum=list(KINDS)),
    "detail": text("What to do about it."),
    "documentation": _URL,
}

SCHEMAS: dict[str, Schema] = {
    "Bilingual": whole("The same in both languages; empty where there is no text.", ar=text(), en=text()),
    "Licence": whole(id=text("SPDX identifier.", enum=list(Licence.values)), url=_URL),
    "Coverage": {
        **whole(governorates=listed(text(enum=list(Governorate.values)))),
        "description": "Days and places the data is about; without governorates, the whole country.",
    },
    "Dataset": whole(**_SUMMARY),
    "Column": whole(
        name=text("As rows, files and filters call it."),
        type=_TYPE,
        title=ref("Bilingual"),
        description=ref("Bilingual"),
        unit=text(),
        formula=text(),
        is_key={"type": "boolean", "description": "Is it one of those whose values together name a row?"},
        operators=listed(text("What a filter of it may be called: `<column>__<operator>`.")),
    ),
    "File": whole(
        name=text(),
        format=text(enum=list(FORMATS)),
        media_type=text(),
        bytes=number(),
        sha256=_SHA256,
        url={**_URL, "description": "The same bytes for ever; with Range and ETag, not limited."},
    ),
    "Version": whole(**_VERSION),
    "WholeDataset": whole(
        **_SUMMARY,
        methods=ref("Bilingual"),
        columns=listed(ref("Column")),
        files={**listed(ref("File")), "description": "Of the newest version."},
        manifest_sha256=_SHA256,
        versions={**listed(ref("Version")), "description": "The newest 20; `urls.versions` has all."},
    ),
    "WholeVersion": whole(
        **_VERSION,
        dataset=text("Slug of its dataset."),
        columns=listed(ref("Column")),
        files=listed(ref("File")),
        changes=or_null(whole("How many rows differ from the version before.", previous=number(), **_COUNTS)),
    ),
    "Datasets": whole(datasets=listed(ref("Dataset")), total=number(), next=_CURSOR),
    "Versions": whole(dataset=text(), versions=listed(ref("Version")), total=number(), next=_CURSOR),
    "Columns": whole(dataset=text(), version=number("Sequence of the version."), columns=listed(ref("Column"))),
    "Rows": whole(
        dataset=text(),
        version=whole(sequence=number(), number=text()),
        columns=listed(whole(name=text(), type=_TYPE)),
        rows=listed(ref("Row")),
        total={
            "type": ["integer", "null"],
            "minimum": 0,
            "description": "Rows or groups that fit, on all pages; null with `total=false`.",
        },
        next=_CURSOR,
    ),
    "Row": {
        "type": "object",
        "description": "A member for each column, null where a cell is empty. Decimals are numbers with all their "
        "digits, days and moments texts in ISO 8601.",
        "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
    },
    "Index": whole(
        title=ref("Bilingual"),
        documentation=ref("Bilingual"),
        openapi=_URL,
        endpoints={"type": "object", "additionalProperties": text("Address; {names} in braces are to be filled in.")},
        limit=whole("Points a client address may use.", points=number(), seconds=number()),
    ),
    "Problem": {
        **whole("An error (RFC 9457).", **_WRONG),
        "additionalProperties": True,
    },
}
SCHEMAS["Coverage"]["properties"] |= {name: or_null(text(format="date")) for name in ("from", "until")}
SCHEMAS["Coverage"]["required"] += ["from", "until"]
SCHEMAS["Problem"]["properties"] |= {
    "parameter": text("The parameter that is wrong; empty where it is the address as a whole."),
    "retry_after": number("Seconds to wait."),
}
