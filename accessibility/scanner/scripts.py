"""Running what lies in `js/` on the page that is open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

FOLDER = Path(__file__).resolve().parent / "js"
WEAR = "const s = new CSSStyleSheet(); s.replaceSync(arguments[0]); document.adoptedStyleSheets = [s];"
UNDRESS = "document.adoptedStyleSheets = []"


@cache
def _script(name: str) -> str:
    return "\n".join((FOLDER / file).read_text(encoding="utf-8") for file in ("common.js", f"{name}.js"))


def run(browser: Chrome, name: str, *arguments: Any, css: str = "") -> Any:
    """Run js/<name>.js and give what it returns: for a check, a list of what is wrong.

    With `css` the page wears these rules meanwhile: one message to the browser, where `wearing` takes two more.
    """
    if not css:
        return browser.execute_script(_script(name), *arguments)
    script = "(function () {" + _script(name) + "\n}).apply(null, [...arguments].slice(1))"
    return browser.execute_script(f"{WEAR} try {{ return {script} }} finally {{ {UNDRESS} }}", css, *arguments)


@contextmanager
def wearing(browser: Chrome, css: str) -> Iterator[None]:
    """The page with further rules that no policy for its content forbids; afterwards as it was."""
    browser.execute_script(WEAR, css)
    try:
        yield
    finally:
        browser.execute_script(UNDRESS)
