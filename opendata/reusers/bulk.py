"""Everything at once: the newest standing version of each dataset as CSV, described and signed, in one archive."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.db.models import Prefetch
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from opendata.catalogue.addresses import KEYS, absolute
from opendata.catalogue.licences import plainly
from opendata.catalogue.models import Dataset, Version, VersionFile
from opendata.catalogue.storage import store
from opendata.reusers.zipping import Member, zipped
from portal.bilingual import LANGUAGE_CODES

logger = logging.getLogger(__name__)

LAYOUT = 1
"""Goes up with every change of what an archive holds of the same versions."""
FILES = ("data.csv", "datapackage.json")
README = "README.txt"
AT_ONCE = 20
"""Versions read from the database together."""
FRESH = 2.0
"""Seconds after which it is asked again which of them stand: a slow reader takes long for what was read at once."""
PLACES = 2
"""Archives a web process makes at the same time: each holds a thread until its reader has it."""
CHUNK = 256 * 1024
LONGEST = 4 * 3600.0
"""Seconds after which an archive is broken off: whoever takes it so slowly is better served file by file."""
_BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Bulk:
    """What an archive is made of; `versions` are keys, in the order of the addresses of their datasets."""

    versions: Sequence[int]
    newest: datetime
    sha256: str
    """Of all that is in it: the same as long as nothing is published, withdrawn or mended."""

    def __iter__(self) -> Iterator[bytes]:
        return zipped(_members(self))


@dataclass(frozen=True)
class _Line:
    """What the README says of a version, in both languages."""

    slug: str
    number: str
    day: date
    rows: int
    licence: str
    title: dict[str, str]
    publisher: dict[str, str]


@dataclass
class _Told:
    """What the README says of what came before it."""

    lines: list[_Line] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def bulk(agency: str = "") -> Bulk:
    """Of all datasets, or of those of the agency with this address."""
    rows = Dataset.objects.published().order_by("slug")
    if agency:
        rows = rows.filter(asset__organisation__open_data__slug=agency)
    found = list(rows.values_list("latest_id", "latest__manifest_sha256", "latest__published_at", "modified_at"))
    said = [LAYOUT, agency, [[hashed, modified.isoformat()] for _key, hashed, _published, modified in found]]
    return Bulk(
        [key for key, *_rest in found],
        max([published for _key, _hashed, published, _modified in found], default=_BEFORE_ALL),
        hashlib.sha256(json.dumps(said).encode()).hexdigest(),
    )


def _members(wanted: Bulk) -> Iterator[Member]:
    told, until = _Told(), time.monotonic() + LONGEST
    for version in _versions(wanted.versions):
        yield from _files(version, told, until)
    text = _readme(told).encode()
    yield Member(README, wanted.newest, [text], len(text))


def _versions(keys: Sequence[int]) -> Iterator[Version]:
    """Read a few at a time; what is withdrawn before its turn comes is not in the archive either."""
    for start in range(0, len(keys), AT_ONCE):
        read_at = time.monotonic()
        rows = Version.objects.standing().filter(pk__in=keys[start : start + AT_ONCE]).order_by("dataset__slug")
        files = Prefetch("files", VersionFile.objects.filter(name__in=FILES), to_attr="wanted")
        rows = rows.select_related("dataset__asset__organisation").defer("preview", "columns")
        for version in rows.prefetch_related(files):
            is_fresh = time.monotonic() - read_at < FRESH
            if is_fresh or Version.objects.standing().filter(pk=version.pk).exists():
                yield version


def _files(version: Version, told: _Told, until: float) -> Iterator[Member]:
    """The files of a version in the folder of its dataset, where its own checks find them together."""
    folder, at, kept = version.dataset.slug, version.published_at, store()
    rows = {row.name: row for row in version.wanted}  # type: ignore[attr-defined]
    for name in FILES:
        row = rows.get(name)
        if row is None or not kept.has(row.sha256):
            logger.error("%s of %s is not at hand for an archive", name, version)
            told.missing.append(f"{folder}/{name}")
            continue
        yield Member(f"{folder}/{name}", at, _pieces(kept.path(row.sha256), until), row.size)
    for name, text in (("manifest.json", version.manifest), ("manifest.jws", version.signature)):
        yield Member(f"{folder}/{name}", at, [text.encode()], len(text.encode()))
    told.lines.append(_line(version))


def _pieces(path: Path, until: float) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            if time.monotonic() > until:
                raise TimeoutError("an archive was taken too slowly")
            yield piece


def _line(version: Version) -> _Line:
    dataset, organisation = version.dataset, version.dataset.asset.organisation
    titles, names = (
        {code: getattr(one, f"{name}_{code}") or "" for code in LANGUAGE_CODES}
        for one, name in ((dataset, "title"), (organisation, "name"))
    )
    day = version.published_at.astimezone(UTC).date()
    return _Line(dataset.slug, version.number, day, version.rows, version.licence, titles, names)


def _readme(told: _Told) -> str:
    """In both languages, one after the other."""
    found = []
    for language in LANGUAGE_CODES:
        with translation.override(language):
            found.append(render_to_string("opendata/reusers/readme.txt", _context(told, language)))
    return "\n\n".join(found)


def _context(told: _Told, language: str) -> dict[str, Any]:
    rows = "opendata/catalogue/parts/rows.html"
    lines = [
        (line, line.title[language], line.publisher[language], render_to_string(rows, {"rows": line.rows}).strip())
        for line in told.lines
    ]
    return {
        "lines": lines,
        "licences": [(code, plainly(code)) for code in sorted({line.licence for line in told.lines})],
        "missing": told.missing,
        "guide_url": absolute(reverse("reusers_pages:guide")),
        "verify_url": absolute(reverse("catalogue:verify")),
        "keys_url": absolute(KEYS),
        "site": absolute("/"),
    }
