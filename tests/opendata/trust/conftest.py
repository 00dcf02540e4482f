"""A published version as people download it, for the tests of trust."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from opendata.trust.canonical import canonical
from opendata.trust.hashing import hash_file
from opendata.trust.keys import KeyRing
from opendata.trust.manifest import NamedFile, Text, manifest
from opendata.trust.signing import sign

CREATED = datetime(2026, 1, 1, tzinfo=UTC)
PUBLISHED = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    """A ring with one key, valid since the first of January."""
    return KeyRing.create(tmp_path / "keys", now=CREATED)


def manifest_of(folder: Path, **changes: Any) -> dict[str, Any]:
    """The manifest of the files in a folder."""
    files = [
        NamedFile(path.name, path.suffix[1:], "text/csv", path.stat().st_size, hash_file(path))
        for path in folder.iterdir()
        if path.name not in ("manifest.json", "manifest.jws")
    ]
    values: dict[str, Any] = {
        "dataset_id": "7d4d2a5c",
        "slug": "population",
        "version": "1.0.0",
        "sequence": 1,
        "title": Text("السكان", "Population"),
        "publisher_code": "NCSI",
        "publisher": Text("المركز الوطني للإحصاء", "National Centre for Statistics"),
        "licence": "CC-BY-4.0",
        "licence_url": "https://creativecommons.org/licenses/by/4.0/",
        "published_at": PUBLISHED,
        "kind": "new",
        "schema": {"columns": [{"name": "id", "type": "integer"}], "key": ["id"]},
        "rows": 2,
        "files": files,
        "approved_by": ["publisher", "approver"],
        "previous": None,
    }
    return manifest(**{**values, **changes})


def write_signed(folder: Path, ring: KeyRing, **changes: Any) -> dict[str, Any]:
    """Sign the files of a folder as they are; returns the manifest."""
    made = manifest_of(folder, **changes)
    (folder / "manifest.json").write_bytes(canonical(made))
    (folder / "manifest.jws").write_text(sign(made, ring))
    return made


@pytest.fixture
def download(tmp_path: Path, ring: KeyRing) -> Path:
    """A folder with a version of two files and its signed manifest."""
    folder = tmp_path / "download"
    folder.mkdir()
    (folder / "data.csv").write_bytes("id,name\n1,مسقط\n2,صحار\n".encode())
    (folder / "data file (2).json").write_bytes(b'[{"id":1}]')
    write_signed(folder, ring)
    return folder
