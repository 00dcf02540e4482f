"""The guide for whoever builds upon the data."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from opendata.catalogue.addresses import KEYS, LOG
from opendata.catalogue.showing import crumbs
from opendata.reusers import examples, licensing
from opendata.reusers.notices import notices
from opendata.reusers.sample import sample
from opendata.reusers.standing import standing
from portal.http import public

MACHINES = {
    "api": "/api/v1/",
    "openapi": "/api/v1/openapi.json",
    "ckan": "/api/3/action/package_list",
    "turtle": "/catalog.ttl",
    "jsonld": "/catalog.jsonld",
    "rdf": "/catalog.rdf",
    "dcat_us": "/data.json",
    "archive": "/files/all.zip",
    "log": LOG,
    "keys": KEYS,
}
_DOCS = {"ar": "/api/docs/ar/", "en": "/api/docs/"}


@public
@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """Examples against this portal's own addresses, licences, notices of changes, and how the interfaces are."""
    of = sample()
    context: dict[str, Any] = {
        "sample": of,
        "groups": examples.groups(of) if of else [],
        "addresses": examples.addresses(of) if of else [],
        "licences": licensing.licences(),
        "sentences": licensing.sentences(of.version) if of else [],
        "notices": notices(),
        "standing": standing(),
        "machine": MACHINES | {"docs": _DOCS[get_language() or "ar"]},
        "breadcrumbs": crumbs(),
    }
    return render(request, "opendata/reusers/guide.html", context)
