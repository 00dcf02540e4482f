"""Addresses of the read API: without a language prefix, the same for ever."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from opendata.catalogue.addresses import absolute

ROOT = "/api/v1/"
DOCS = "/api/docs/"
DOCS_IN_ARABIC = "/api/docs/ar/"
OPENAPI = f"{ROOT}openapi.json"


def dataset_path(slug: str, *below: object) -> str:
    """A dataset, or something below it: `dataset_path("x", "versions", 2, "rows")`."""
    return "/".join([f"{ROOT}datasets/{slug}", *map(str, below)])


def next_page(path: str, asked: Sequence[tuple[str, str]], cursor: str | None) -> str | None:
    """The address of the page after, which asks the same; None where there is none."""
    if cursor is None:
        return None
    return absolute(f"{path}?{urlencode([*(pair for pair in asked if pair[0] != 'cursor'), ('cursor', cursor)])}")
