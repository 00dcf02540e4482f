"""Files of versions, for people and programs alike. What was withdrawn says so; nothing sets a cookie."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from opendata.catalogue.addresses import file_path
from opendata.catalogue.bucket import address_of
from opendata.catalogue.downloads import count_download
from opendata.catalogue.models import Version, VersionFile
from opendata.catalogue.offering import CHARSET, media_type, saved_as
from opendata.catalogue.packing import is_packed
from opendata.catalogue.serving import (
    LOOKED_AT_AGAIN,
    Served,
    answer_bytes,
    answer_file,
    begins_a_download,
    is_known,
    lead_to,
    opened,
    problem,
    readable,
)
from opendata.catalogue.storage import store


@readable
def file(request: HttpRequest, slug: str, sequence: int, name: str) -> HttpResponseBase:
    """A file of a version, the same bytes for ever."""
    found = VersionFile.objects.filter(version__dataset__slug=slug, version__sequence=sequence, name=name)
    row = found.select_related("version__dataset").defer(*_heavy("version__")).first()
    if row is None:
        return _missing_or_gone(slug, sequence)
    if row.version.is_withdrawn:
        return _gone(row.version)
    response = _answer(request, row)
    if begins_a_download(request, response):
        count_download(row.version.dataset_id, row.format)
    return response


def _answer(request: HttpRequest, row: VersionFile) -> HttpResponseBase:
    elsewhere = address_of(row, is_head=request.method == "HEAD")
    if elsewhere and not is_known(request, f'"{row.sha256}"'):
        return lead_to(elsewhere)
    kept = store()
    place, packed = kept.path(row.sha256), kept.packed_path(row.sha256) if is_packed(row) else None
    if not place.is_file():
        return problem(503, "The file is not at hand", "The store of files cannot be read at the moment.")
    return answer_file(request, Served(place, row.sha256, row.size, media_type(row), saved_as(row), packed))


@readable
def latest(request: HttpRequest, slug: str, name: str) -> HttpResponseBase:
    """Leads to the file of this name in the newest version that stands."""
    found = Version.objects.filter(dataset__slug=slug).order_by("-sequence").defer(*_heavy())
    version = found.standing().first() or found.select_related("dataset").first()
    if version is None:
        return _not_found()
    if version.is_withdrawn:
        return _gone(version)
    response = HttpResponse(status=302, headers={"Location": file_path(slug, version.sequence, name)})
    return opened(response, LOOKED_AT_AGAIN)


@readable
def manifest(request: HttpRequest, slug: str, sequence: int) -> HttpResponseBase:
    """The canonical JSON that was signed, byte for byte."""
    version = _version(slug, sequence)
    if version is None or version.is_withdrawn:
        return _not_found() if version is None else _gone(version)
    return answer_bytes(request, version.manifest.encode(), version.manifest_sha256, "application/json")


@readable
def signature(request: HttpRequest, slug: str, sequence: int) -> HttpResponseBase:
    """The signature over it, as a compact JWS."""
    version = _version(slug, sequence)
    if version is None or version.is_withdrawn:
        return _not_found() if version is None else _gone(version)
    content = version.signature.encode()
    return answer_bytes(request, content, hashlib.sha256(content).hexdigest(), "application/jose")


@readable
def difference(request: HttpRequest, slug: str, sequence: int) -> HttpResponseBase:
    """Every row that differs from the version before, as CSV."""
    rows = Version.objects.filter(dataset__slug=slug, sequence=sequence).select_related("dataset", "change__previous")
    version = rows.defer(*_heavy(), *_heavy("change__previous__")).first()
    change = getattr(version, "change", None)
    if version is not None and version.is_withdrawn:
        return _gone(version)
    if version is None or change is None or not change.file_sha256:
        return _not_found()
    if change.previous.is_withdrawn:  # the difference holds rows of both
        return _gone(change.previous, slug)
    name = f"{slug}-{change.previous.number}-to-{version.number}.csv"
    place = store().path(change.file_sha256)
    if not place.is_file():
        return problem(503, "The file is not at hand", "The store of files cannot be read at the moment.")
    return answer_file(request, Served(place, change.file_sha256, change.file_size, f"text/csv{CHARSET}", name))


def _version(slug: str, sequence: int) -> Version | None:
    rows = Version.objects.filter(dataset__slug=slug, sequence=sequence)
    return rows.select_related("dataset").defer("preview", "columns").first()


def _heavy(path: str = "") -> list[str]:
    """What a file's answer has no use for."""
    return [f"{path}{name}" for name in ("preview", "columns", "manifest", "signature")]


def _missing_or_gone(slug: str, sequence: int) -> HttpResponse:
    """A file that is not there; of a withdrawn version any name is answered alike."""
    version = _version(slug, sequence)
    return _gone(version) if version is not None and version.is_withdrawn else _not_found()


def _not_found() -> HttpResponse:
    return problem(404, "Not found", "There is no such file. The dataset's page lists the files of each version.")


def _gone(version: Version, slug: str = "") -> HttpResponse:
    """What was withdrawn, when and why, and by which hash whoever kept a copy knows it."""
    assert version.withdrawn_at is not None
    return problem(
        410,
        "This version was withdrawn",
        _reason(version, "en"),
        detail_ar=_reason(version, "ar"),
        dataset=slug or version.dataset.slug,
        version=version.number,
        sequence=version.sequence,
        withdrawn_at=version.withdrawn_at.isoformat(),
        manifest_sha256=version.manifest_sha256,
    )


def _reason(version: Version, language: str) -> str:
    return getattr(version, f"withdrawn_because_{language}") or ""
