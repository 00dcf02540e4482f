"""Files of versions as CKAN's resources.

A resource has two identifiers, and both are asked for in the same way. Its `id` is that of the dataset's file of a
format: it stays when a new version comes, and then means the new file, as scripts and harvesters of CKAN expect. Its
`version_resource_id` means the file of that one version for ever, until the version is withdrawn.

Both are the dataset's own identifier with the format and the number of the version (0: the newest) laid over its last
48 bits, so that one look into the index of datasets finds what an identifier means, however many there are.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from django.utils.translation import gettext_lazy as _

from opendata.catalogue.addresses import absolute, file_path
from opendata.catalogue.choices import FORMATS
from opendata.catalogue.models import Dataset, Version, VersionFile
from opendata.ckan.texts import moment
from opendata.ckan.wrong import not_found
from portal.bilingual import LANGUAGE_CODES, in_language

_CODES = {"csv": 1, "xlsx": 2, "json": 3, "xml": 4, "parquet": 5, "geojson": 6, "original": 7, "datapackage": 8}
"""Numbers of the formats in identifiers: never to be changed, only added to."""
_FORMATS = {code: name for name, code in _CODES.items()}
_ENDING = (1 << 48) - 1
ROWS = "csv"
"""The resource of this format answers `datastore_search`."""
HEAVY = ("preview", "manifest", "signature")
"""Of a version, what no resource needs."""
DESCRIPTIONS: dict[str, Any] = {
    "original": _("The file as the publisher sent it"),
    "datapackage": _("Description of the table and its files for programs (Data Package)"),
}
WHOLE_TABLE = _("The whole table as %(format)s")


@dataclass(frozen=True)
class Resource:
    """A file of a version, and whether it was asked for by the identifier of that version."""

    file: VersionFile
    version: Version
    dataset: Dataset
    is_of_version: bool = False

    @property
    def id(self) -> str:
        return resource_id(self.dataset, self.file.format, self.version.sequence if self.is_of_version else 0)

    @property
    def has_rows(self) -> bool:
        """Can its rows be asked for?"""
        return self.file.format == ROWS and bool(self.version.query_sha256)


def resource_id(dataset: Dataset, format: str, sequence: int = 0) -> str:
    """The identifier of a dataset's file in a format: of one version, or of whichever is newest (0)."""
    return str(uuid.UUID(int=dataset.uuid.int ^ (sequence << 8 | _CODES[format])))


def find(text: str) -> Resource:
    """The resource of an identifier; raises Refused (404)."""
    missing = not_found(f'Resource "{text}" was not found.')
    try:
        asked = uuid.UUID(text)
    except ValueError:
        raise missing from None
    if str(asked) != text.lower():
        raise missing
    within = {"uuid__gte": uuid.UUID(int=asked.int & ~_ENDING), "uuid__lte": uuid.UUID(int=asked.int | _ENDING)}
    for dataset in Dataset.objects.filter(**within).select_related("asset__organisation"):
        sequence, code = divmod(dataset.uuid.int ^ asked.int, 256)
        if found := _file(dataset, sequence, _FORMATS.get(code, "")):
            return found
    raise missing


def _file(dataset: Dataset, sequence: int, format: str) -> Resource | None:
    rows = VersionFile.objects.filter(version__dataset=dataset, format=format, version__withdrawn_at__isnull=True)
    wanted = {"version__sequence": sequence} if sequence else {"version": dataset.latest_id}
    deferred = [f"version__{name}" for name in HEAVY]
    # A sequence beyond what the database counts to is none.
    file = rows.filter(**wanted).select_related("version").defer(*deferred).first() if sequence < 2**31 else None
    return Resource(file, file.version, dataset, sequence > 0) if file else None


def resources_of(dataset: Dataset) -> list[Resource]:
    """The files of the version everybody sees, tables first."""
    version = dataset.latest
    assert version is not None
    order = list(FORMATS)
    files = sorted(version.files.all(), key=lambda file: order.index(file.format))
    return [Resource(file, version, dataset) for file in files]


def resource_dict(one: Resource, position: int = 0) -> dict[str, Any]:
    """A resource as CKAN shows it."""
    file, version = one.file, one.version
    words = {code: _description(file, code) for code in LANGUAGE_CODES}
    return {
        "id": one.id,
        "package_id": str(one.dataset.uuid),
        "position": position,
        "name": file.name,
        "description": words["en"],
        "description_translated": words,
        "format": _format(file),
        "mimetype": file.media_type,
        "mimetype_inner": None,
        "size": file.size,
        "hash": file.sha256,
        "created": moment(version.published_at),
        "last_modified": moment(version.published_at),
        "metadata_modified": moment(version.published_at),
        "url": absolute(file_path(one.dataset.slug, version.sequence, file.name)),
        "url_type": None,
        "resource_type": None,
        "state": "active",
        "cache_url": None,
        "cache_last_updated": None,
        "datastore_active": one.has_rows,
        "version": version.number,
        "version_resource_id": resource_id(one.dataset, file.format, version.sequence),
    }


def _format(file: VersionFile) -> str:
    """What it is, from the ending of its name where the name of the format does not say."""
    if FORMATS[file.format].is_table:
        return FORMATS[file.format].label
    return PurePosixPath(file.name).suffix.removeprefix(".").upper() or "DATA"


def _description(file: VersionFile, language: str) -> str:
    with in_language(language):
        words = DESCRIPTIONS.get(file.format)
        return str(words or WHOLE_TABLE % {"format": FORMATS[file.format].label})
