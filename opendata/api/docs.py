"""The documentation for people, in English and Arabic: made of the same description as the OpenAPI document."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from opendata.api import examples
from opendata.api.endpoints import ENDPOINTS, Endpoint
from opendata.api.places import DOCS, DOCS_IN_ARABIC, OPENAPI, ROOT, dataset_path
from opendata.api.row_parameters import FILTERS
from opendata.api.sheets import MOST_CELLS, MOST_ROWS
from opendata.api.telling import operators
from opendata.api.wrong import KINDS
from opendata.building.schema import TYPES
from opendata.catalogue import limits
from opendata.catalogue.addresses import absolute, reverse_or_nothing
from opendata.catalogue.words.problems import TYPES as TYPE_WORDS
from portal.http import public

PLACES = {"en": DOCS, "ar": DOCS_IN_ARABIC}
_OTHER = {"en": {"code": "ar", "name": "العربية", "dir": "rtl"}, "ar": {"code": "en", "name": "English", "dir": "ltr"}}


@public
@require_safe
def docs(request: HttpRequest, language: str = "") -> HttpResponse:
    """How to ask, and what is answered. The address alone says in which language: `?language=ar` is one more for it."""
    language = language or ("ar" if request.GET.get("language") == "ar" else "en")
    request.path = PLACES[language]  # the frame of the page names it as the one to be found under
    with override(language):
        response = render(request, "opendata/api/docs.html", _context(language))
    response.headers["Content-Language"] = language
    return response


def _context(language: str) -> dict[str, Any]:
    sample = examples.sample()
    points, seconds = limits.bucket()
    other = _OTHER[language]
    return {
        "other_language": {**other, "url": PLACES[other["code"]]},
        "breadcrumbs": [
            {"label": _("Home"), "url": reverse("home:home")},
            {"label": _("Open data"), "url": reverse("catalogue:list")},
        ],
        "endpoints": [_endpoint(one) for one in ENDPOINTS],
        "row_parameters": _parameters(next(one for one in ENDPOINTS if one.takes_filters)),
        "filters": _(FILTERS),
        "operators": _operators(),
        "curl": {name: _curl(address) for name, address in examples.asked(sample).items()},
        "answer": _pretty(examples.ROWS),
        "answered": f"{dataset_path(examples.SLUG, 'rows')}?{examples.ROWS_ASKED}",
        "problem": _pretty(examples.PROBLEM),
        "errors": [{"status": one.status, "code": one.code, "words": _(one.title)} for one in KINDS.values()],
        "prices": _prices(),
        "points": points,
        "seconds": seconds,
        "sheet_rows": f"{MOST_ROWS:,}",
        "sheet_cells": f"{MOST_CELLS:,}",
        "openapi_url": OPENAPI,
        "root_url": ROOT,
        "root": absolute(ROOT),
        "verify_url": reverse_or_nothing("catalogue:verify"),
    }


def _endpoint(one: Endpoint) -> dict[str, Any]:
    return {
        "name": one.name,
        "path": one.address,
        "isolated": f"\u2066{one.address}\u2069",  # within an Arabic sentence, also where no markup may stand
        "words": _(one.summary),
        "parameters": [] if one.takes_filters else _parameters(one),
        "takes_filters": one.takes_filters,
    }


def _parameters(of: Endpoint) -> list[dict[str, Any]]:
    return [
        {
            "name": one.name,
            "words": _(one.description),
            "values": ", ".join(one.choices),
            "default": _written(one.default),
        }
        for one in of.parameters
    ]


def _written(default: Any) -> str:
    return "" if default is None else json.dumps(default).strip('"')


def _operators() -> list[dict[str, Any]]:
    return [
        {"type": kind, "words": TYPE_WORDS.get(kind, kind), "operators": ", ".join(operators(kind))} for kind in TYPES
    ]


def _prices() -> list[dict[str, Any]]:
    return [
        {
            "words": _("Anything read by its name; a page of rows as they stand; a query that is refused"),
            "points": limits.PAGE,
        },
        {"words": _("A list of datasets"), "points": limits.LIST},
        {"words": _("Rows filtered by values, or reached by an offset: in addition"), "points": limits.NARROWED},
        {
            "words": _(
                "Rows sorted, searched in, grouped or made distinct: in addition, and once more for every %(rows)s "
                "rows of the table"
            )
            % {"rows": f"{limits.LARGE_ROWS:,}"},
            "points": limits.SORTED,
        },
        {"words": _("All rows at once (CSV, NDJSON or XLSX without a limit)"), "points": limits.WHOLE},
        {
            "words": _("Every %(rows)s rows of a page of datastore_search: in addition")
            % {"rows": f"{limits.POINT_ROWS:,}"},
            "points": 1,
        },
        {"words": _("Each second a query takes beyond the first quarter: in addition"), "points": limits.SECOND},
        {"words": _("What has not changed since the ETag you send; files below /files/"), "points": 0},
    ]


def _curl(address: str) -> str:
    return f"curl '{address.replace(chr(39), '%27')}'"


def _pretty(told: Any) -> str:
    return json.dumps(told, ensure_ascii=False, indent=2)
