"""Engines that answer row queries end with the tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from opendata.querying import client


@pytest.fixture(scope="package", autouse=True)
def engines_ended() -> Iterator[None]:
    yield
    client.end()
