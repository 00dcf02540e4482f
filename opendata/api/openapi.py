"""The OpenAPI 3.1 document, made of the same description the views read."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from opendata.api.endpoints import ENDPOINTS, JSON, PATH_PARAMETERS, ROW_TYPES, Endpoint
from opendata.api.examples import EXAMPLES, Sample
from opendata.api.parameters import Parameter
from opendata.api.row_parameters import FILTERS
from opendata.api.schemas import SCHEMAS, ref
from opendata.api.wrong import KINDS
from opendata.catalogue.limits import bucket

PROBLEM = "application/problem+json"
EVERYWHERE = ("bad-parameter",)
"""Errors any address may answer with; with a limit kept, `too-many-requests` too."""
_ABOUT = """
Everything published in the portal's catalogue of open data, to read: datasets, their versions and files, and the rows
of their tables, filtered, sorted and grouped. No key is needed, nothing is written, and pages of any site may ask.
Errors are problem details (RFC 9457) that name the parameter to mend.
Each address may use {points} points in {seconds} seconds: reading by name and a page of rows cost 1, what has to look
at every row costs more. Downloads below /files/ are not limited. Answers have an ETag: ask again with If-None-Match,
which costs nothing for rows.
"""

Told = dict[str, Any]


def document(site: str, sample: Sample) -> Told:
    """The document for the portal at this address; examples name a dataset of it."""
    points, seconds = bucket()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Musharaka - open data, read API",
            "version": "1.0.0",
            "description": " ".join(_ABOUT.format(points=points, seconds=seconds).split()),
        },
        "servers": [{"url": site}],
        "paths": {one.address: {"get": _operation(one, sample)} for one in ENDPOINTS},
        "components": {"schemas": SCHEMAS, "headers": _HEADERS, "responses": _problems()},
    }


def _operation(endpoint: Endpoint, sample: Sample) -> Told:
    parameters = [_in_path(name, sample) for name in PATH_PARAMETERS if f"{{{name}}}" in endpoint.path]
    parameters += [_in_query(one) for one in endpoint.parameters]
    if endpoint.takes_filters:
        parameters.append(_filters())
    parameters.append(_IF_NONE_MATCH)
    return {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "parameters": parameters,
        "responses": {
            "200": _found(endpoint),
            "304": {"description": "Nothing has changed since the ETag that was sent.", "headers": _named("ETag")},
            **_errors(endpoint),
            "414": {"description": "The address is longer than the server reads (64 KB). Without a body."},
        },
    }


def _found(endpoint: Endpoint) -> Told:
    schema = ref(endpoint.answer) if endpoint.answer else {"type": "object"}
    content: Told = {JSON: {"schema": schema}}
    if endpoint.name in EXAMPLES:
        content[JSON]["example"] = EXAMPLES[endpoint.name]
    if endpoint.takes_filters:
        content |= {_bare(kind): {"schema": {"type": "string"}} for name, kind in ROW_TYPES.items() if name != "json"}
    has_pages = any(one.name == "cursor" for one in endpoint.parameters)
    return {
        "description": endpoint.summary,
        "headers": _named("ETag", *(["Link"] if has_pages else [])),
        "content": content,
    }


def _errors(endpoint: Endpoint) -> Told:
    """Status -> the errors it stands for."""
    limited = ("too-many-requests",) if endpoint.points or endpoint.takes_filters else ()
    statuses = {KINDS[code].status for code in (*EVERYWHERE, *endpoint.errors, *limited)}
    return {str(status): {"$ref": f"#/components/responses/{status}"} for status in sorted(statuses)}


def _problems() -> Told:
    by_status: dict[int, list[str]] = defaultdict(list)
    for one in KINDS.values():
        by_status[one.status].append(f"{one.title} (`{one.code}`)")
    return {
        str(status): {
            "description": "; ".join(titles) + ".",
            "content": {PROBLEM: {"schema": ref("Problem")}},
            **({"headers": _named("Retry-After")} if status in (429, 503) else {}),
        }
        for status, titles in by_status.items()
    }


_HEADERS: dict[str, Told] = {
    "ETag": {"description": "Send it back as If-None-Match.", "schema": {"type": "string"}},
    "Link": {"description": "The next page (rel=next), where there is one.", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}},
}
_IF_NONE_MATCH: Told = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The ETag of what you have: 304 where nothing has changed.",
    "schema": {"type": "string"},
}


def _named(*headers: str) -> Told:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in headers}


def _in_path(name: str, sample: Sample) -> Told:
    return {"name": name, "in": "path", "required": True, **PATH_PARAMETERS[name],
            "example": getattr(sample, name)}  # fmt: skip


def _in_query(one: Parameter) -> Told:
    found: Told = {"name": one.name, "in": "query", "description": one.description, "schema": one.schema()}
    return found if one.example is None else {**found, "example": one.example}


def _filters() -> Told:
    return {
        "name": "filters",
        "in": "query",
        "description": FILTERS,
        "style": "form",
        "explode": True,
        "schema": {"type": "object", "additionalProperties": {"type": "string"}},
    }


def _bare(media_type: str) -> str:
    return media_type.partition(";")[0]
