from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.portal.feeds.shelf import Shelf, empty_registry, put_up


@pytest.fixture
def no_topics() -> Iterator[None]:
    with empty_registry():
        yield


@pytest.fixture
def news(no_topics: None) -> Shelf:
    return put_up("news", 1)


@pytest.fixture
def polls(no_topics: None) -> Shelf:
    return put_up("polls", 2)
