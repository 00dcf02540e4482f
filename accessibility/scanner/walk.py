"""One visit of each scene, in which everything is looked at; what comes out can be written down as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from django.utils.translation import override

from accessibility.models import Outcome
from accessibility.scanner import axe, scripts
from accessibility.scanner.checks import CHECKS, Check
from accessibility.scanner.page import Page, keep_sources
from accessibility.scanner.rendered import rendered_templates
from accessibility.scanner.scene import LOOKS, WIDE, Look, Scene, set_look

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

Visit = dict[str, Any]
"""scene, path, route, title, templates, landmarks, looks (how many), outcomes {rule: worst}, ran [check],
findings [Finding's fields]."""
LETTER = "_letter/"


def walk(
    browser: Chrome, base: str, scenes: Iterable[Scene], *, group: str, language: str, is_public: bool, only: str = ""
) -> dict[str, Any]:
    """Visit the scenes; gives {group, language, visits, templates, browser, engine, rules}.

    With `only`, scenes without it in their name are passed through, because later ones build on them.
    """
    visits: list[Visit] = []
    about: dict[str, Any] = {}
    parts_walked: list[str] = []
    keep_sources(browser)
    with rendered_templates() as rendered, axe.in_every_page(browser) as engine:
        for scene in scenes:
            set_look(browser, WIDE)
            scene.enter(browser, base)
            if only not in scene.name:
                continue
            page = Page(browser, language, is_public, LETTER in browser.current_url, parts_walked)
            visits.append({"scene": scene.name, "templates": list(rendered.last), **_look_at(page, engine)})
            about = about or axe.describe(browser)
    set_look(browser, WIDE)
    version = browser.capabilities.get("browserVersion", "")
    return {
        **about,
        "group": group,
        "language": language,
        "browser": f"Chromium {version}".strip(),
        "templates": sorted(rendered.all),
        "visits": visits,
    }


def lines(walked: dict[str, Any]) -> str:
    """What was found, a line each; empty where nothing was."""
    return "\n".join(
        f"{visit['scene']}: {one['check_name']}: {one['look']}: {one['detail']}"
        for visit in walked["visits"]
        for one in visit["findings"]
    )


def _look_at(page: Page, engine: Any) -> Visit:
    browser, found = page.browser, []
    visit = _identity(page)
    outcomes: dict[str, Outcome] = {}
    ran = {check.name for check in CHECKS if check.concerns(page)}
    looks = _looks(page)
    for look in LOOKS:
        checks = [check for check in CHECKS if look in check.looks and check.concerns(page)]
        if not checks and look not in looks:
            continue
        set_look(browser, look)
        found += _check(page, checks, look)
        for one in _engine_outcomes(browser, engine, look) if look in looks else ():
            _worst(outcomes, one)
            if one.detail:
                found.append(_finding(one.rule, one.outcome, look, one.detail))
    return {
        **visit,
        "outcomes": {rule: str(worst) for rule, worst in outcomes.items()},
        "ran": sorted(ran),
        "looks": len(looks),
        "findings": found,
    }


def _engine_outcomes(browser: Chrome, engine: Any, look: Look) -> list[axe.RuleOutcome]:
    with scripts.wearing(browser, axe.STILL):
        return axe.run(browser, engine, look)


def _looks(page: Page) -> tuple[Look, ...]:
    """The engine looks at every page in both languages; narrow and in the dark in one, for time.

    What a narrow page shows and hides, and its colours in the dark, are the same in both; whether longer words still
    fit is what the checks of the narrow look find out, in both.
    """
    return LOOKS if page.language == "ar" else (WIDE,)


def _identity(page: Page) -> Visit:
    path = urlsplit(page.browser.current_url).path
    try:
        with override(page.language):  # the prefix of the other language is no address
            route = resolve(path).route
    except Resolver404:
        route = path
    return {"path": path, "route": route, "title": page.browser.title, "landmarks": page.run("landmarks")}


def _check(page: Page, checks: list[Check], look: Look) -> list[dict[str, str]]:
    return [_finding(check.name, Outcome.VIOLATION, look, line) for check in checks for line in check.run(page)]


def _worst(outcomes: dict[str, Outcome], one: axe.RuleOutcome) -> None:
    known = outcomes.get(one.rule, Outcome.INAPPLICABLE)
    outcomes[one.rule] = min(known, one.outcome, key=axe.WORST_FIRST.index)


def _finding(name: str, outcome: Outcome, look: Look, detail: str) -> dict[str, str]:
    return {"check_name": name, "outcome": str(outcome), "look": str(look), "detail": detail}
