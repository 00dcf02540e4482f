"""A run that scanned every group of pages fails when a template of the project was on none of them.

The groups are spread over the workers of a run, so each walk's templates are told to the process that leads them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
WALKS = 12
"""Six groups of scenes, each in two languages: fewer than these were a part of the suite."""
walks = pytest.StashKey[list[list[str]]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[walks] = []


@pytest.fixture
def templates_on_pages(pytestconfig: pytest.Config) -> Callable[[set[str]], None]:
    """Call it with the names of the templates a walk has seen."""
    return lambda names: pytestconfig.stash[walks].append(sorted(names))


def pytest_testnodedown(node: Any) -> None:
    """A worker has ended: take over what it saw."""
    node.config.stash[walks].extend(json.loads(getattr(node, "workeroutput", {}).get("walks", "[]")))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    if hasattr(config, "workeroutput"):
        config.workeroutput["walks"] = json.dumps(config.stash[walks])
    elif unseen(config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for name in unseen(config):
        terminalreporter.write_line(f"FAILED template on no scanned page: {name}", red=True)


def unseen(config: pytest.Config) -> list[str]:
    """The templates no walk has seen; empty while not all walks were taken."""
    if len(config.stash[walks]) < WALKS:
        return []
    written = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html")}
    return sorted(written.difference(*config.stash[walks]))
