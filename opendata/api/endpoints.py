"""Everything the read API answers, described once: views read their parameters from here, documents are made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop as _

from opendata.api.parameters import Parameter
from opendata.api.places import ROOT
from opendata.api.row_parameters import ROW_PARAMETERS
from opendata.catalogue import limits
from opendata.inventory.choices import Theme

JSON = "application/json"
ROW_TYPES = {
    "json": JSON,
    "ndjson": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Value of `format` -> media type."""


@dataclass(frozen=True)
class Endpoint:
    """One address: what it tells, its parameters, the shape of its answer, the errors it may answer with."""

    name: str
    path: str
    summary: str
    answer: str = ""
    """A shape of `opendata.api.schemas.SCHEMAS`; empty: described by the standard it follows."""
    parameters: tuple[Parameter, ...] = ()
    errors: tuple[str, ...] = ()
    """Codes of `opendata.api.wrong.KINDS` beside those every address may answer with."""
    points: int = limits.PAGE
    """What it costs; 0: nothing. Rows cost by what the query does, and this where they are refused."""
    takes_filters: bool = False
    """Do columns of the table count as parameters too?"""

    @property
    def address(self) -> str:
        """The whole path, with names in braces."""
        return f"{ROOT}{self.path}"


LIMIT = Parameter("limit", _("How many to tell at once."), "integer", 20, 1, 100, example=20)
CURSOR = Parameter("cursor", _("Where the page begins: take it from “next” of the page before."), most=100)
_OF_DATASET = ("not-found", "withdrawn")
_OF_ROWS = ("no-rows", "too-slow", "too-big", "unavailable")

INDEX = Endpoint("index", "", _("What there is."), "Index", points=0)
OPENAPI = Endpoint("openapi", "openapi.json", _("This description, OpenAPI 3.1."), points=0)
DATASETS = Endpoint(
    "datasets",
    "datasets",
    _("Published datasets, found by words and narrowed."),
    "Datasets",
    (
        Parameter(
            "q",
            _(
                "Words to find, in Arabic or English, however they are spelt, as the search of the catalogue does. "
                "What they fit best comes first."
            ),
            most=200,
            example="السكان",
        ),
        Parameter("organisation", _("Code of the publisher."), most=80),
        Parameter("theme", _("What it is about."), "choice", choices=tuple(Theme.values)),
        Parameter(
            "modified_since",
            _("Only what has changed since this day or moment (UTC where it names no zone)."),
            "moment",
            example="2026-01-31T08:00:00Z",
        ),
        LIMIT,
        CURSOR,
    ),
    points=limits.LIST,
)
FIGURES = Endpoint(
    "figures",
    "figures",
    _("Open figures: datasets the portal publishes from its own records."),
    "Datasets",
    (LIMIT, CURSOR),
    points=limits.LIST,
)
DATASET = Endpoint(
    "dataset",
    "datasets/{slug}",
    _("A dataset: texts, licence, coverage, dictionary, files of its newest version."),
    "WholeDataset",
    errors=_OF_DATASET,
)
COLUMNS = Endpoint(
    "columns",
    "datasets/{slug}/columns",
    _("Its data dictionary, with the operators each column takes."),
    "Columns",
    errors=_OF_DATASET,
)
VERSIONS = Endpoint(
    "versions",
    "datasets/{slug}/versions",
    _("Its versions, newest first, also those that were withdrawn."),
    "Versions",
    (LIMIT, CURSOR),
    errors=("not-found",),
)
VERSION = Endpoint(
    "version",
    "datasets/{slug}/versions/{sequence}",
    _("One version: dictionary, files with their SHA-256, what has changed."),
    "WholeVersion",
    errors=_OF_DATASET,
)
ROWS = Endpoint(
    "rows",
    "datasets/{slug}/rows",
    _("Rows of the newest version: filtered, sorted, grouped."),
    "Rows",
    ROW_PARAMETERS,
    (*_OF_DATASET, *_OF_ROWS),
    takes_filters=True,
)
VERSION_ROWS = Endpoint(
    "version_rows",
    "datasets/{slug}/versions/{sequence}/rows",
    _("The same of one version, which never change."),
    "Rows",
    ROW_PARAMETERS,
    (*_OF_DATASET, *_OF_ROWS),
    takes_filters=True,
)
ENDPOINTS = (INDEX, DATASETS, DATASET, COLUMNS, ROWS, VERSIONS, VERSION, VERSION_ROWS, FIGURES, OPENAPI)

PATH_PARAMETERS: dict[str, dict[str, Any]] = {
    "slug": {
        "description": "The dataset's name in addresses.",
        "schema": {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{1,79}$"},
    },
    "sequence": {
        "description": "The version: 1, 2, 3, ...",
        "schema": {"type": "integer", "minimum": 1, "maximum": 2**31 - 1},
    },
}
