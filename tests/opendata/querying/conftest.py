"""Files for queries, written once for all tests of a process; engines end with the tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from opendata.querying import client
from tests.opendata.querying.queried import Asked, large_table, small_table


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    return small_table(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    """300,000 rows."""
    return large_table(tmp_path_factory.mktemp("large"), 300_000)


@pytest.fixture(scope="package", autouse=True)
def ended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield tmp_path_factory.getbasetemp()
    client.end()
