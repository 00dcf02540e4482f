"""Fixtures every test may ask for. The people are in tests/people.py, the servers in tests/servers.py."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.cache import cache

pytest_plugins = ["tests.people", "tests.running", "tests.accessibility.coverage"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Connections end with their request, so that a test's database can be dropped."""
    settings.DATABASES["default"]["CONN_MAX_AGE"] = 0


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    """Throttles count in the cache: each test starts with an empty one."""
    cache.clear()
