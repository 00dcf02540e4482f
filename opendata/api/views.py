"""The addresses of the API, each a few lines: what is in them is found by others."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from opendata.api import endpoints
from opendata.api.answering import answer_json
from opendata.api.asking import answer_rows
from opendata.api.doors import answers
from opendata.api.examples import sample
from opendata.api.finding import dataset_of, latest_of, rows_version, version_of, versions_of
from opendata.api.listing import page_of
from opendata.api.openapi import document
from opendata.api.parameters import Pairs
from opendata.api.places import DOCS, DOCS_IN_ARABIC, OPENAPI, next_page
from opendata.api.telling import columns, moment, summary, version_line, version_whole, whole
from opendata.catalogue.addresses import absolute
from opendata.catalogue.limits import bucket

Values = dict[str, Any]
SHOWN_VERSIONS = 20
"""Versions told of beside a dataset; the others have an address of their own."""


@answers(endpoints.INDEX)
def index(request: HttpRequest, values: Values) -> HttpResponseBase:
    """What there is."""
    points, seconds = bucket()
    told = {
        "title": {"ar": "البيانات المفتوحة: واجهة برمجة التطبيقات للقراءة", "en": "Open data: read API"},
        "documentation": {"ar": absolute(DOCS_IN_ARABIC), "en": absolute(DOCS)},
        "openapi": absolute(OPENAPI),
        "endpoints": {one.name: absolute(one.address) for one in endpoints.ENDPOINTS},
        "limit": {"points": points, "seconds": seconds},
    }
    return answer_json(request, told)


@answers(endpoints.OPENAPI)
def openapi(request: HttpRequest, values: Values) -> HttpResponseBase:
    """The description programs read."""
    return answer_json(request, document(settings.SITE_URL, sample()))


@answers(endpoints.DATASETS)
def datasets(request: HttpRequest, values: Values) -> HttpResponseBase:
    """Published datasets."""
    return _datasets(request, values, endpoints.DATASETS)


@answers(endpoints.FIGURES)
def figures(request: HttpRequest, values: Values) -> HttpResponseBase:
    """Those the portal publishes from its own records."""
    return _datasets(request, values, endpoints.FIGURES)


def _datasets(request: HttpRequest, values: Values, endpoint: endpoints.Endpoint) -> HttpResponseBase:
    page = page_of(values, figures=endpoint is endpoints.FIGURES)
    after = next_page(endpoint.address, _as_asked(values), page.cursor)
    told = {"datasets": [summary(one) for one in page.datasets], "total": page.total, "next": after}
    return answer_json(request, told, after=after)


@answers(endpoints.DATASET)
def dataset(request: HttpRequest, values: Values, slug: str) -> HttpResponseBase:
    """A dataset by its newest version."""
    found = dataset_of(slug)
    versions, _total, _after = versions_of(slug, SHOWN_VERSIONS)
    return answer_json(request, whole(found, versions))


@answers(endpoints.COLUMNS)
def dictionary(request: HttpRequest, values: Values, slug: str) -> HttpResponseBase:
    """The dictionary of a dataset's newest version."""
    version = latest_of(slug)
    return answer_json(request, {"dataset": slug, "version": version.sequence, "columns": columns(version)})


@answers(endpoints.VERSIONS)
def versions(request: HttpRequest, values: Values, slug: str) -> HttpResponseBase:
    """Its versions, newest first."""
    found, total, cursor = versions_of(slug, values["limit"], values["cursor"])
    after = next_page(endpoints.VERSIONS.address.format(slug=slug), _as_asked(values), cursor)
    told = {"dataset": slug, "versions": [version_line(slug, one) for one in found], "total": total, "next": after}
    return answer_json(request, told, after=after)


@answers(endpoints.VERSION)
def version(request: HttpRequest, values: Values, slug: str, sequence: int) -> HttpResponseBase:
    """One version that stands."""
    return answer_json(request, version_whole(version_of(slug, sequence)))


@answers(endpoints.ROWS)
def rows(request: HttpRequest, pairs: Pairs, slug: str) -> HttpResponseBase:
    """Rows of the newest version."""
    return answer_rows(request, latest_of(slug), pairs, is_latest=True)


@answers(endpoints.VERSION_ROWS)
def version_rows(request: HttpRequest, pairs: Pairs, slug: str, sequence: int) -> HttpResponseBase:
    """Rows of one version."""
    return answer_rows(request, rows_version(slug, sequence), pairs, is_latest=False)


def _as_asked(values: Values) -> list[tuple[str, str]]:
    """What was asked, as it stands in an address."""
    given = {name: moment(value) if hasattr(value, "astimezone") else value for name, value in values.items()}
    return [(name, str(value)) for name, value in given.items() if value is not None]
