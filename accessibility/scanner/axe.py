"""A current axe-core on the page that is open, fed through axe-selenium-python."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accessibility.criteria import from_tags
from accessibility.models import Outcome
from accessibility.scanner.explained import is_explained
from accessibility.scanner.scene import Look, set_size

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STANDARD = "WCAG 2.2 AA"
FEWEST_RULES = 20
"""An unknown tag silently runs no rule, so a scan that ran fewer than this many is not one."""
TALLEST = 12_000
STILL = """
*, *::before, *::after { transition: none !important; animation: none !important }
.table-scroll, .results { overflow: visible !important }
"""
"""Moving parts give false contrast, and so does text that a scrolling region cuts."""
WORST_FIRST = [Outcome.VIOLATION, Outcome.INCOMPLETE, Outcome.EXPLAINED, Outcome.PASS, Outcome.INAPPLICABLE]
NODES_SHOWN = 3


@dataclass(frozen=True)
class RuleOutcome:
    """What a rule said in one look; `detail` names what is wrong."""

    rule: str
    outcome: Outcome
    detail: str = ""


@cache
def engine_file() -> Path:
    """axe-core itself: the package for Playwright carries a current one as a plain file."""
    spec = find_spec("axe_playwright_python")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0]) / "axe.min.js"


@contextmanager
def in_every_page(browser: Chrome) -> Iterator[Any]:
    """The engine, which the browser meanwhile puts into every page it opens.

    Sending half a megabyte of it to each page anew takes three times as long.
    """
    from axe_selenium_python import Axe  # type: ignore[import-untyped]

    source = {"source": engine_file().read_text(encoding="utf-8")}
    script = browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", source)
    try:
        yield Axe(browser)
    finally:
        browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)


def describe(browser: Chrome) -> dict[str, Any]:
    """Version and rules of the engine on the page: {"engine": ..., "rules": {rule: [criterion, ...]}}."""
    script = "return [axe.version, axe.getRules(arguments[0]).map(rule => [rule.ruleId, rule.tags])]"
    version, rules = browser.execute_script(script, TAGS)
    return {"engine": f"axe-core {version}", "rules": {rule: from_tags(tags) for rule, tags in rules}}


def run(browser: Chrome, engine: Any, look: Look) -> list[RuleOutcome]:
    """Every rule's outcome in this look; in the dark only contrast is run, for nothing else can differ."""
    show_whole(browser)
    rules = {"type": "rule", "values": ["color-contrast"]} if look.dark else {"type": "tag", "values": TAGS}
    results = engine.run(options=json.dumps({"runOnly": rules, "resultTypes": ["violations", "incomplete"]}))
    found = list(_outcomes(results, look.width))
    assert len(found) >= (1 if look.dark else FEWEST_RULES), f"only {len(found)} rules ran"
    return found


def _outcomes(results: dict[str, Any], width: int) -> Iterator[RuleOutcome]:
    yield from (RuleOutcome(item["id"], Outcome.PASS) for item in results["passes"])
    yield from (RuleOutcome(item["id"], Outcome.INAPPLICABLE) for item in results["inapplicable"])
    yield from (RuleOutcome(item["id"], Outcome.VIOLATION, _where(item["nodes"])) for item in results["violations"])
    for item in results["incomplete"]:
        left = [node for node in item["nodes"] if not is_explained(item["id"], node["target"], width)]
        if left:
            yield RuleOutcome(item["id"], Outcome.INCOMPLETE, _where(left))
        else:
            yield RuleOutcome(item["id"], Outcome.EXPLAINED)


def _where(nodes: list[dict[str, Any]]) -> str:
    return "; ".join(f"{' '.join(map(str, node['target']))} {_why(node)}" for node in nodes[:NODES_SHOWN])


def _why(node: dict[str, Any]) -> str:
    checks = node["any"] + node["all"] + node["none"]
    return checks[0]["message"] if checks else ""


def show_whole(browser: Chrome) -> None:
    """Make the window as high as the page, so that nothing sticky lies over what is scanned."""
    script = "return [innerWidth, document.documentElement.scrollHeight]"
    width, height = browser.execute_script(script)
    set_size(browser, width, max(900, min(TALLEST, height)))
