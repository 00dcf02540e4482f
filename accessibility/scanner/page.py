"""The page that is open, as the checks see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from accessibility.scanner import scripts
from accessibility.scanner.scene import WIDE, set_media

if TYPE_CHECKING:
    from selenium.webdriver import Chrome


@dataclass
class Page:
    """A page in one state. `parts_walked` is kept over a walk: frames of pages already gone through by keyboard."""

    browser: Chrome
    language: str
    is_public: bool = True
    is_letter: bool = False
    parts_walked: list[str] = field(default_factory=list)

    def run(self, script: str, *arguments: Any, css: str = "") -> Any:
        """What js/<script>.js returns on it, with further rules meanwhile."""
        return scripts.run(self.browser, script, *arguments, css=css)

    def in_media(self, **media: str) -> None:
        """On a wide screen with these media features; without any, as it was."""
        set_media(self.browser, WIDE, **media)

    @cached_property
    def source(self) -> str:
        """The HTML as the server sent it, for the answer to a sent form too. Needs `keep_sources` before the visit."""
        frame = self.browser.execute_cdp_cmd("Page.getFrameTree", {})["frameTree"]["frame"]
        answer = self.browser.execute_cdp_cmd("Network.getResponseBody", {"requestId": frame["loaderId"]})
        return answer["body"]


def keep_sources(browser: Chrome) -> None:
    """Have the browser keep what servers answer from now on."""
    browser.execute_cdp_cmd("Network.enable", {})
