"""What the engine does not test, each a function that gives a line for everything wrong on a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accessibility.scanner import source
from accessibility.scanner.page import Page
from accessibility.scanner.scene import NARROW, WIDE, Look

SPACED = "* { word-spacing: .16em !important } p { margin-block-end: 2em !important }"
SPACED_LATIN = " * { line-height: 1.5 !important; letter-spacing: .12em !important }"
"""WCAG 1.4.12 excepts what a script does not use: Arabic letters are joined. Its lines are further apart already."""
AT_ONCE = "*, *::before, *::after { transition: none !important } "
"""What a page would fade into its new size is measured at that size, not on the way."""
LARGE = "html { font-size: 200% !important }"
MOST_STOPS = 400


def keyboard(page: Page) -> list[str]:
    """2.1.1, 2.1.2, 2.4.3, 2.4.7, 2.4.11: Tab reaches every control in the order of the page and leaves it again;
    each stop can be seen, has an outline (shadows vanish in forced colours) and lies under nothing."""
    stops = page.run("keyboard_start", page.parts_walked)
    key = {"type": "rawKeyDown", "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
    for _press in range(min(stops, MOST_STOPS)):
        page.browser.execute_cdp_cmd("Input.dispatchKeyEvent", key)
    frame, found = page.run("keyboard_end")
    if not found:
        page.parts_walked.append(frame)
    return found


def headings(page: Page) -> list[str]:
    """1.3.1, 2.4.6: one heading of level 1, no level left out, none empty."""
    return page.run("headings")


def language_of_parts(page: Page) -> list[str]:
    """3.1.2: words in the other script say which language they are in."""
    return page.run("languages")


def mirrored(page: Page) -> list[str]:
    """1.3.2 in both directions: every box keeps its distance from the side on which reading starts."""
    return page.run("mirrored")


def large_text(page: Page) -> list[str]:
    """1.4.4: with text at 200 % nothing is cut off or overlaps, and nothing scrolls sideways."""
    return page.run("fits", css=AT_ONCE + LARGE)


def text_spacing(page: Page) -> list[str]:
    """1.4.12: with the reader's own spacing nothing is cut off or overlaps, and nothing scrolls sideways."""
    return page.run("fits", css=AT_ONCE + SPACED + (SPACED_LATIN if page.language == "en" else ""))


def forced_colours(page: Page) -> list[str]:
    """1.4.11: where the reader's colours replace those of the page, controls still have borders."""
    page.in_media(forced_colors="active")
    try:
        return page.run("forced")
    finally:
        page.in_media()


def reduced_motion(page: Page) -> list[str]:
    """2.2.2, 2.3.1: for readers who asked for less motion nothing moves."""
    page.in_media(prefers_reduced_motion="reduce")
    try:
        return page.run("motion")
    finally:
        page.in_media()


def target_size(page: Page) -> list[str]:
    """2.5.8: targets of 24 by 24 pixels, or as much room round them; links within a sentence are excepted."""
    return page.run("targets")


def reflow(page: Page) -> list[str]:
    """1.4.10: at 320 pixels nothing scrolls sideways, is cut off or overlaps."""
    return page.run("fits")


def valid_html(page: Page) -> list[str]:
    """4.1.1, 4.1.2: a strict parser finds no error; ids are unique, what is referred to is there, no unknown names."""
    return source.invalid(page.source, is_letter=page.is_letter)


def without_scripts(page: Page) -> list[str]:
    """2.1.1 for browsers without scripts: public pages hold none and need none, and their forms can be sent."""
    return source.needs_scripts(page.source) if page.is_public and not page.is_letter else []


@dataclass(frozen=True)
class Check:
    """A check with its criteria, and in which looks it is made.

    `in_arabic`: what cannot differ between the languages is checked in one, for time.
    """

    run: Callable[[Page], list[str]]
    title: object
    criteria: tuple[str, ...]
    looks: tuple[Look, ...] = (WIDE,)
    public_only: bool = False
    in_arabic: bool = False

    @property
    def name(self) -> str:
        return self.run.__name__

    def concerns(self, page: Page) -> bool:
        """Staff pages use another toolkit, and letters are shown by programs of their own kind."""
        if self.in_arabic and page.language != "ar":
            return False
        return not self.public_only or (page.is_public and not page.is_letter)


CHECKS: tuple[Check, ...] = (
    Check(headings, _("One main heading, and no level left out"), ("1.3.1", "2.4.6")),
    Check(language_of_parts, _("Words of the other language are marked"), ("3.1.2",)),
    Check(mirrored, _("Arabic and English mirror each other"), ("1.3.2",), public_only=True, in_arabic=True),
    Check(large_text, _("Text at 200 %"), ("1.4.4",)),
    Check(text_spacing, _("The reader's own text spacing"), ("1.4.12",)),
    Check(forced_colours, _("Controls in the reader's own colours"), ("1.4.11",), in_arabic=True),
    Check(reduced_motion, _("No motion for those who asked for none"), ("2.2.2", "2.3.1"), in_arabic=True),
    Check(target_size, _("Size of targets"), ("2.5.8",), looks=(WIDE, NARROW)),
    Check(reflow, _("320 pixels wide without sideways scrolling"), ("1.4.10",), looks=(NARROW,)),
    Check(valid_html, _("Valid HTML"), ("4.1.1", "4.1.2")),
    Check(without_scripts, _("Usable without scripts"), ("2.1.1",), public_only=True),
    Check(
        keyboard,
        _("Everything by keyboard, with visible focus"),
        ("2.1.1", "2.1.2", "2.4.3", "2.4.7", "2.4.11"),
        in_arabic=True,
    ),
)
ACROSS: dict[str, tuple[object, tuple[str, ...]]] = {
    "unique_titles": (_("Each page has a title of its own"), ("2.4.2",)),
    "twins": (_("Arabic and English pages have the same parts in the same places"), ("3.2.3",)),
    "coverage": (_("Every template was on a scanned page"), ()),
}
"""Checks that need all pages: see across.py."""
TITLES: dict[str, object] = {check.name: check.title for check in CHECKS} | {n: t for n, (t, _c) in ACROSS.items()}
CRITERIA: dict[str, tuple[str, ...]] = {c.name: c.criteria for c in CHECKS} | {n: c for n, (_t, c) in ACROSS.items()}
