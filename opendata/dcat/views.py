"""The catalogue for harvesters. Everything here is open to all, varies by address only, and is asked about each time:
what was withdrawn is in no copy somebody kept on the way."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from opendata.catalogue.models import Dataset, Version
from opendata.catalogue.serving import LOOKED_AT_AGAIN, answer_bytes, is_known, opened, problem
from opendata.dcat import data_json, names
from opendata.dcat.catalogue import document
from opendata.dcat.datasets import nodes_of
from opendata.dcat.paging import Asked, NoSuchPage, Wrong, page_of
from opendata.dcat.rdf import Document
from opendata.dcat.rows import by_uuid, described, extent, published
from opendata.dcat.writing import WRITERS
from portal.http import public


@public
@require_safe
def catalogue(request: HttpRequest, kind: str) -> HttpResponseBase:
    """A page of the catalogue as Turtle (and N3), RDF/XML or JSON-LD."""
    if kind not in WRITERS:
        return _not_found("There is no such file.")
    try:
        asked = Asked.read(request.GET)
        page, keys = page_of(asked, f"/catalog.{kind}", published())
    except Wrong as wrong:
        return problem(400, "A parameter cannot be read", wrong.detail, parameter=wrong.parameter)
    except NoSuchPage:
        return _not_found("The catalogue has fewer pages.")
    whole = extent()
    found = document(page, described(published().filter(pk__in=keys)), whole)
    return _answer(request, found, kind, whole.changed_at)


@public
@require_safe
def dataset(request: HttpRequest, uuid: UUID, kind: str) -> HttpResponseBase:
    """A dataset as Turtle, RDF/XML or JSON-LD; 410 once every version of it was withdrawn."""
    if kind not in WRITERS:
        return _not_found("There is no such file.")
    found = by_uuid(uuid)
    if found is None:
        return _missing_or_gone(uuid)
    return _answer(request, Document(nodes_of(found)), kind, found.dataset.modified_at)


@public
@require_safe
def dataset_by_slug(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """The same by its address in the catalogue, as CKAN gives it out."""
    uuid = Dataset.objects.filter(slug=slug).values_list("uuid", flat=True).first()
    return dataset(request, uuid, kind) if uuid else _not_found("There is no such dataset.")


@public
@require_safe
def catalogue_name(request: HttpRequest) -> HttpResponse:
    """The catalogue's own name leads to its page for people; programs find the others in the headers."""
    return _see("/ar/data/", names.catalogue())


@public
@require_safe
def dataset_name(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The same of a dataset."""
    slug = Dataset.objects.published().filter(uuid=uuid).values_list("slug", flat=True).first()
    return _see(f"/ar/data/{slug}/", names.dataset(uuid)) if slug else _missing_or_gone(uuid)


@public
@require_safe
def inventory(request: HttpRequest) -> HttpResponseBase:
    """Every data asset of the public inventory, open or not, by DCAT-US 1.1."""
    standing = data_json.standing()
    etag = f'"{standing.fingerprint}"'
    response: HttpResponseBase
    if is_known(request, etag):
        response = HttpResponseNotModified()
    else:
        pieces = () if request.method == "HEAD" else data_json.document()
        response = StreamingHttpResponse(pieces, content_type=data_json.MEDIA_TYPE)
    response.headers["ETag"] = etag
    return _dated(opened(response, LOOKED_AT_AGAIN), standing.changed_at)


def _answer(request: HttpRequest, found: Document, kind: str, changed_at: datetime | None) -> HttpResponse:
    write, media_type = WRITERS[kind]
    content = write(found)
    digest = hashlib.sha256(content).hexdigest()
    return _dated(answer_bytes(request, content, digest, media_type, cache=LOOKED_AT_AGAIN), changed_at)


def _dated(response: Any, changed_at: datetime | None) -> Any:
    """For people to read and harvesters to note. Only the ETag tells whether something changed: names of bodies and
    their contacts change without any dataset."""
    if changed_at:
        response.headers["Last-Modified"] = http_date(changed_at.timestamp())
    return response


def _see(path: str, name: str) -> HttpResponse:
    others = (f'<{name}.{kind}>; rel="alternate"; type="{media_type.partition(";")[0]}"'
              for kind, (_write, media_type) in WRITERS.items() if kind not in ("xml", "n3"))  # fmt: skip
    return opened(HttpResponse(status=303, headers={"Location": path, "Link": ", ".join(others)}), LOOKED_AT_AGAIN)


def _not_found(detail: str) -> HttpResponse:
    return problem(404, "Not found", detail)


def _missing_or_gone(uuid: UUID) -> HttpResponse:
    """404 for what was never published; what was, and when and why it went, stays known. Its title may not."""
    versions = Version.objects.filter(dataset__uuid=uuid, withdrawn_at__isnull=False).order_by("-sequence")
    last = versions.only("withdrawn_at", "withdrawn_because_ar", "withdrawn_because_en", "manifest_sha256").first()
    if last is None or last.withdrawn_at is None:
        return _not_found("There is no such dataset.")
    reasons: Any = last
    return problem(
        410,
        "This dataset was withdrawn",
        reasons.withdrawn_because_en,
        detail_ar=reasons.withdrawn_because_ar,
        dataset=str(uuid),
        withdrawn_at=last.withdrawn_at.isoformat(),
        manifest_sha256=last.manifest_sha256,
    )
