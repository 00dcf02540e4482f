"""Beginning a release with a file that lies in the store already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from opendata.catalogue.actions.assets import check_asset
from opendata.catalogue.actions.changing import Reason, Refused, lock, note, refused
from opendata.catalogue.choices import Kind
from opendata.catalogue.models import Dataset, Release
from opendata.catalogue.names import clean_name
from opendata.reading.choices import Choices
from portal.bilingual import LANGUAGE_CODES
from portal.tasks import nudge


@dataclass(frozen=True)
class Received:
    """An upload: the name the browser gave it, its bytes, and the hash it lies under in the store."""

    name: str
    size: int
    sha256: str


def busy(dataset: Dataset) -> Reason | None:
    """Who works on a release of the dataset since when; None where nobody does."""
    found = Release.objects.open().filter(dataset=dataset).select_related("uploaded_by").first()
    if found is None:
        return None
    return Reason("release_open", {"who": str(found.uploaded_by or ""), "since": found.created_at})


@transaction.atomic
def begin_release(
    *, dataset: Dataset, by: Any, upload: Received, kind: str = Kind.NEW, choices: dict[str, Any] | None = None,
    **change_note: str,
) -> Release:  # fmt: skip
    """A release of what was uploaded; a worker reads it next.

    `change_note_ar` and `change_note_en` are wanted from the second version on. Raises Refused where another release
    of the dataset is under way, or its asset is not open; TypeError for choices the reader does not know.
    """
    Choices(**(choices or {}))
    dataset = lock(dataset)
    check_asset(dataset.asset)
    if reason := busy(dataset):
        raise Refused(reason)
    notes = {f"change_note_{code}": change_note.get(f"change_note_{code}", "") for code in LANGUAGE_CODES}
    if dataset.versions.exists() and not all(notes.values()):
        raise refused("change_note_missing")
    release = Release.objects.create(
        dataset=dataset, kind=kind, choices=choices or {}, uploaded_by=by, file_name=clean_name(upload.name),
        file_size=upload.size, file_sha256=upload.sha256, edited_by=[by.pk] if by else [], **notes,
    )  # fmt: skip
    note(release, "begun", by=by, data={"kind": kind, "sha256": upload.sha256, "revision": release.revision})
    nudge("catalogue.work")
    return release
