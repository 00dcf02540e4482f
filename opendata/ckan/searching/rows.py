"""Of every published dataset the few values that searches, filters, orders and facets of CKAN look at.

One statement reads them all: a catalogue of thousands is looked through faster here than a filter of any shape can be
put to the database, and what a filter means is written down once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from opendata.catalogue.choices import FORMATS
from opendata.catalogue.models import Dataset, VersionFile
from opendata.ckan.licences import licence_id
from opendata.ckan.packages import modified_at, tags_of
from opendata.ckan.publishers import Publisher


@dataclass
class Row:
    """A dataset as filters see it."""

    pk: int
    id: str
    name: str
    title: str
    title_ar: str
    keywords: tuple[str | None, str | None]
    theme: str
    licence: str
    formats: list[str]
    created: datetime
    modified: datetime
    publisher: Publisher

    @cached_property
    def tags(self) -> list[str]:
        return tags_of(self.keywords, self.theme)


FIELDS: dict[str, Callable[[Row], list[str]]] = {
    "id": lambda row: [row.id],
    "name": lambda row: [row.name],
    "organization": lambda row: [row.publisher.name],
    "owner_org": lambda row: [row.publisher.id],
    "groups": lambda row: [],
    "tags": lambda row: row.tags,
    "license_id": lambda row: [licence_id(row.licence)],
    "res_format": lambda row: [FORMATS[code].label for code in row.formats if FORMATS[code].is_table],
    "state": lambda row: ["active"],
    "type": lambda row: ["dataset"],
    "dataset_type": lambda row: ["dataset"],
    "entity_type": lambda row: ["package"],
    "capacity": lambda row: ["public"],
    "private": lambda row: ["false"],
}
"""What the values of a field are; a term fits where one of them does."""
MOMENTS: dict[str, Callable[[Row], datetime]] = {
    "metadata_created": lambda row: row.created,
    "metadata_modified": lambda row: row.modified,
}
_COLUMNS = (
    "pk", "uuid", "slug", "title_en", "title_ar", "keywords_en", "keywords_ar", "asset__theme", "latest__licence",
    "formats", "created_at", "modified_at", "asset__updated_at", "asset__organisation_id",
)  # fmt: skip


def read_rows(known: Mapping[int, Publisher]) -> list[Row]:
    """Every published dataset."""
    offered = VersionFile.objects.filter(version=OuterRef("latest")).order_by("pk").values("format")
    rows: Any = Dataset.objects.published()
    found = rows.rewrite(False).annotate(formats=ArraySubquery(offered)).order_by("pk").values_list(*_COLUMNS)
    return [_row(values, known) for values in found if values[-1] in known]


def _row(values: tuple[Any, ...], known: Mapping[int, Publisher]) -> Row:
    pk, key, slug, title, title_ar, english, arabic, theme, licence, formats, created, modified, updated, body = values
    publisher = known[body]
    return Row(
        pk, str(key), slug, title, title_ar, (english, arabic), theme, licence, formats, created,
        modified_at(modified, updated, publisher), publisher,
    )  # fmt: skip
