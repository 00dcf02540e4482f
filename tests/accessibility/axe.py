"""Running a current axe-core on pages in Chromium, and knowing which templates these pages were made of."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from axe_selenium_python import Axe
from django.test.signals import template_rendered
from selenium.webdriver import Chrome

ENGINE = Path(find_spec("axe_playwright_python").submodule_search_locations[0]) / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FEWEST_RULES = 20
"""An unknown tag silently runs no rule, so a scan that ran fewer than this many is not one."""
STILL = """
*, *::before, *::after { transition: none !important; animation: none !important }
.table-scroll, .results { overflow: visible !important }
"""
"""Moving parts give false contrast, and so does text that a scrolling region cuts."""


@dataclass(frozen=True)
class Look:
    """A viewport of `width` CSS pixels in one colour scheme. A dark page is scanned for its colours only."""

    width: int
    dark: bool = False

    def __str__(self) -> str:
        return f"{self.width} px{' dark' if self.dark else ''}"


def set_look(browser: Chrome, look: Look) -> None:
    """Set the viewport (the window itself cannot be narrower than 500 px) and the colour scheme."""
    metrics = {"width": look.width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    scheme = {"name": "prefers-color-scheme", "value": "dark" if look.dark else "light"}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})


def scan(browser: Chrome, looks: Sequence[Look]) -> list[str]:
    """Scan the page that is open in each look; returns what is wrong, one line each.

    That is what axe calls a violation, what it could not decide and nobody explained, and sideways scrolling.
    """
    engine = Axe(browser, script_url=str(ENGINE))
    found = []
    for number, look in enumerate(looks):
        set_look(browser, look)
        browser.execute_script("document.adoptedStyleSheets = []")
        if (extra := sideways_scroll(browser)) > 0:
            found.append(f"{look}: scrolls sideways by {extra} px")
        browser.execute_script(
            "const s = new CSSStyleSheet(); s.replaceSync(arguments[0]); document.adoptedStyleSheets = [s]", STILL
        )
        if number == 0:
            engine.inject()
        show_whole(browser)
        found += [f"{look}: {line}" for line in _run(browser, engine, look)]
    set_look(browser, looks[0])
    return found


def _run(browser: Chrome, engine: Axe, look: Look) -> list[str]:
    rules = {"type": "rule", "values": ["color-contrast"]} if look.dark else {"type": "tag", "values": TAGS}
    results = engine.run(options=json.dumps({"runOnly": rules, "resultTypes": ["violations", "incomplete"]}))
    ran = sum(len(results[part]) for part in ("passes", "violations", "incomplete", "inapplicable"))
    assert ran >= (1 if look.dark else FEWEST_RULES), f"only {ran} rules ran"
    found = [("violation", item) for item in results["violations"]]
    width = browser.execute_script("return innerWidth")
    undecided = [_unexplained(item, width) for item in results["incomplete"]]
    found += [("undecided", item) for item in undecided if item["nodes"]]
    return [f"{kind} {item['id']}: {_where(item)}" for kind, item in found]


EXPLAINED = [
    (
        "color-contrast",
        10_000,
        re.compile(r"href=\"\?o="),
        "Django lays the sort controls of a sorted column over its heading; unsorted headings are decided",
    ),
    (
        "color-contrast",
        10_000,
        re.compile(r"(^|\W)text(\W|$)|chart-times"),
        "text drawn in a chart; its colours are measured in tests/portal/figures",
    ),
    (
        "color-contrast",
        600,
        re.compile(r"#id_answer_(ar|en)"),
        "on a phone a long text field is cut by its own scrolling; the same field is decided at 1280 px",
    ),
    (
        "color-contrast",
        600,
        re.compile(r"\b(table|tr|td|th|tbody|field-\w+)\b|:nth-child"),
        "on a phone a table is cut by its scrolling region; the same cells are decided at 1280 px",
    ),
]
"""What axe cannot decide and why that hides nothing: rule, widths below, pattern of the element, reason."""


def _unexplained(item: dict[str, Any], width: int) -> dict[str, Any]:
    patterns = [pattern for rule, below, pattern, _reason in EXPLAINED if rule == item["id"] and width < below]
    nodes = [n for n in item["nodes"] if not any(p.search(" ".join(map(str, n["target"]))) for p in patterns)]
    return {**item, "nodes": nodes}


def _where(item: dict[str, Any]) -> str:
    nodes = [f"{' '.join(map(str, node['target']))} {_why(node)}" for node in item["nodes"][:3]]
    return "; ".join(nodes)


def _why(node: dict[str, Any]) -> str:
    checks = node["any"] + node["all"] + node["none"]
    return checks[0]["message"] if checks else ""


def show_whole(browser: Chrome) -> None:
    """Make the window as high as the page, so that nothing sticky lies over what is scanned."""
    width, height = browser.execute_script(
        "return [innerWidth, Math.max(900, Math.min(12000, document.documentElement.scrollHeight))]"
    )
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def sideways_scroll(browser: Chrome) -> int:
    """By how many pixels the page is wider than its window."""
    return browser.execute_script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")


@contextmanager
def rendered_templates() -> Iterator[set[str]]:
    """Collects the names of the templates rendered meanwhile, by the live server's threads too."""
    names: set[str] = set()

    def note(sender: Any, template: Any, **_kwargs: Any) -> None:
        if template.name:
            names.add(template.name)

    template_rendered.connect(note)
    try:
        yield names
    finally:
        template_rendered.disconnect(note)
