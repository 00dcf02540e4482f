"""Fixtures every test may ask for. The people are in tests/people.py, the servers in tests/servers.py."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import translation

pytest_plugins = ["tests.emptying", "tests.people", "tests.running", "tests.accessibility.coverage"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Connections end with their request, so that a test's database can be dropped."""
    settings.DATABASES["default"]["CONN_MAX_AGE"] = 0


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    """Throttles count in the cache: each test starts with an empty one."""
    cache.clear()


@pytest.fixture(autouse=True)
def portal_language() -> None:
    """A request leaves its language behind in its thread: each test starts in the portal's own."""
    translation.deactivate()


@pytest.fixture
def in_english(portal_language: None) -> Iterator[None]:
    """The words of this test are English."""
    with translation.override("en"):
        yield
