"""What a walk visits, and how it looks at it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from selenium.webdriver import Chrome


@dataclass(frozen=True)
class Scene:
    """A page in a state. `enter` brings the browser there from the base address of a language."""

    name: str
    enter: Callable[[Chrome, str], Any]


@dataclass(frozen=True)
class Look:
    """A viewport of `width` CSS pixels in one colour scheme. A dark page is scanned for its colours only."""

    width: int
    dark: bool = False

    def __str__(self) -> str:
        return f"{self.width} px{' dark' if self.dark else ''}"


WIDE, NARROW, DARK = Look(1280), Look(320), Look(1280, dark=True)
LOOKS = (WIDE, NARROW, DARK)
HEIGHT = 900


def set_look(browser: Chrome, look: Look) -> None:
    """Set the viewport (the window itself cannot be narrower than 500 px), the colour scheme and other media."""
    set_size(browser, look.width, HEIGHT)
    set_media(browser, look)


def set_media(browser: Chrome, look: Look, **media: str) -> None:
    """Set the colour scheme and other media: features with underscores, `forced_colors="active"`."""
    wanted = {"prefers_color_scheme": "dark" if look.dark else "light"} | media
    features = [{"name": name.replace("_", "-"), "value": value} for name, value in wanted.items()]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def set_size(browser: Chrome, width: int, height: int) -> None:
    """Set the viewport in CSS pixels."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
