"""Demonstration content for a whole module of tests: making it takes longer than all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.test import override_settings

from tests.emptying import empty
from tests.participation.faq.entries import make_entry  # noqa: F401


@contextmanager
def kept_for_the_module(blocker: Any, folder: Path) -> Iterator[None]:
    """What is written inside is there for every test of the module, each of which undoes what it does itself."""
    with blocker.unblock(), override_settings(DATA_DIR=folder):
        try:
            yield
        finally:
            empty()
