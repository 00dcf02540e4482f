"""As what a file of a version is given out: its media type, and the name it is saved under."""

from __future__ import annotations

from pathlib import PurePosixPath

from opendata.catalogue.models import VersionFile

CHARSET = "; charset=utf-8"


def media_type(file: VersionFile) -> str:
    """Its media type, with the encoding where the type has none of its own."""
    return file.media_type + (CHARSET if file.media_type in ("text/csv", "application/xml") else "")


def saved_as(file: VersionFile) -> str:
    """The dataset's name and version, because many files are called data.csv."""
    version = file.version
    path = PurePosixPath(file.name)
    own = "" if path.stem == "data" and file.format != "original" else f"-{path.stem}"
    return f"{version.dataset.slug}-{version.number}{own}{path.suffix}"
