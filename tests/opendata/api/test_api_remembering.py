"""Pages of rows a worker remembers: the latest, within a bound, and none of a version that no longer stands."""

from __future__ import annotations

import pytest
from django.test import Client

from opendata.api.remembering import Remembered
from opendata.querying.client import Answer
from tests.opendata import making


def answer(size: int) -> Answer:
    return Answer(b"x" * size, [], 1, None, None)


def test_the_latest_are_kept_and_the_oldest_forgotten_first() -> None:
    kept = Remembered(largest=10, most=25)
    for name in ("a", "b"):
        kept.put(name, answer(10))
    assert kept.get("a") == answer(10)
    kept.put("c", answer(10))
    assert kept.get("b") is None
    assert kept.get("a") == kept.get("c") == answer(10)


def test_a_large_answer_pushes_out_none() -> None:
    kept = Remembered(largest=10, most=25)
    kept.put("a", answer(10))
    kept.put("large", answer(11))
    assert kept.get("large") is None
    assert kept.get("a") is not None


def test_the_same_answer_counts_once() -> None:
    kept = Remembered(largest=10, most=25)
    kept.put("a", answer(10))
    for _again in range(5):
        kept.put("b", answer(10))
    assert kept.get("a") is not None


@pytest.mark.django_db
def test_rows_of_a_withdrawn_version_are_not_given_out_of_memory(client: Client) -> None:
    version = making.published()
    address = f"/api/v1/datasets/{version.dataset.slug}/versions/1/rows?sort=-population"
    first = client.get(address)
    assert first.status_code == 200
    assert client.get(address).content == first.content
    making.withdrawn(version)
    assert client.get(address).status_code == 410
