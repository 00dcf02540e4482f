"""Asking CKAN's actions as a client does, and datasets to ask about."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from opendata.catalogue.models import Dataset
from portal.search.indexing import index
from tests.opendata import making
from tests.opendata.catalogue import shown

JSON = "application/json;charset=utf-8"


def listed(slug: str, house: making.House | None = None, **fields: Any) -> Dataset:
    """A published dataset with a version put straight into the tables, and found by its words."""
    formats = fields.pop("formats", ("csv", "xlsx"))
    dataset = shown.dataset(house, slug, **fields)
    shown.version(dataset, formats=formats)
    index("dataset", [str(dataset.pk)])
    return dataset


def body(response: Any) -> bytes:
    """The whole body, streamed or not."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def envelope(response: Any) -> Any:
    """The JSON that was answered, whatever the status."""
    assert response.headers["Content-Type"] == JSON, (response.status_code, response.headers)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Location" not in response.headers
    assert not response.cookies
    return json.loads(body(response), parse_constant=lambda word: 1 / 0)


def get(action: str, **params: Any) -> Any:
    """The result of an action asked by GET."""
    response = Client(enforce_csrf_checks=True).get(f"/api/3/action/{action}", params)
    found = envelope(response)
    assert response.status_code == 200, found
    assert found["success"] is True
    return found["result"]


def post(action: str, params: Any = None) -> Any:
    """The answer to an action asked by POST of JSON: status and envelope."""
    response = Client(enforce_csrf_checks=True).post(
        f"/api/action/{action}", json.dumps(params or {}), content_type="application/json"
    )
    return response.status_code, envelope(response)


def refused(action: str, **params: Any) -> Any:
    """Status and error of an action that is refused."""
    response = Client().get(f"/api/3/action/{action}", params)
    found = envelope(response)
    assert found["success"] is False
    assert found["help"].endswith(f"help_show?name={action}")
    return response.status_code, found["error"]


def names(**params: Any) -> list[str]:
    """Names of the datasets a search finds, in order."""
    return [one["name"] for one in get("package_search", **params)["results"]]
