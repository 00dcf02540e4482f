"""A run that walked through every group of pages is judged as a whole, and can be written down.

It fails when a template of the project was on no page, when two kinds of page share a title, or when an Arabic page
and its English twin differ. The groups are spread over the workers of a run, so each tells the process that leads them
what it saw. With AXE_RESULTS in the environment the results are written to that file: `manage.py axe` reads them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

Walk = dict[str, Any]
walks = pytest.StashKey[list[Walk]]()
started = pytest.StashKey[datetime]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[walks] = []
    config.stash[started] = datetime.now(UTC)


@pytest.fixture
def walked(pytestconfig: pytest.Config) -> Callable[[Walk], None]:
    """Call it with what a walk found."""
    return pytestconfig.stash[walks].append


def pytest_testnodedown(node: Any) -> None:
    """A worker has ended: take over what it saw."""
    told = getattr(node, "workeroutput", {}).get("walks", "[]")
    node.config.stash[walks].extend(json.loads(told))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    if hasattr(config, "workeroutput"):
        config.workeroutput["walks"] = json.dumps(config.stash[walks])
        return
    if across_all(config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    if path := os.environ.get("AXE_RESULTS"):
        Path(path).write_text(json.dumps(results(config), ensure_ascii=False), encoding="utf-8")


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for line in across_all(config):
        terminalreporter.write_line(f"FAILED {line}", red=True)


def is_whole(config: pytest.Config) -> bool:
    """Whether all groups were walked in both languages: else they were a part of the suite."""
    if not config.stash[walks] or os.environ.get("AXE_ONLY"):
        return False
    from tests.accessibility.registry import GROUPS

    return len(config.stash[walks]) >= 2 * len(GROUPS)


def across_all(config: pytest.Config) -> list[str]:
    """What is wrong with all pages together."""
    if not is_whole(config):
        return []
    from accessibility.scanner import across, document

    found, seen = [], config.stash[walks]
    found += [f"template on no scanned page: {name}" for name in across.unseen(seen, document.written_templates())]
    for one in (*across.unique_titles(seen), *across.twins(seen)):
        found.append(f"{one['scene']} ({one['language'] or 'ar, en'}): {one['check_name']}: {one['detail']}")
    return found


def results(config: pytest.Config) -> dict[str, Any]:
    """The results of the run."""
    from accessibility.scanner.document import compose

    times = {"started_at": config.stash[started], "finished_at": datetime.now(UTC)}
    return compose(config.stash[walks], is_whole=is_whole(config), **times)
