"""What can be told from the HTML a page was sent as: whether it is valid, and whether it needs scripts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from accessibility.scanner import html_names

Element = Any
REFERRING = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "headers", "form", "list")
SHOWN = 6
MOMENT = re.compile(r"\d{4}-\d\d(-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:?\d\d)?)?)?|P[\dTDHMS.]+|\d\d:\d\d")
"""A day, a month, a moment with at most milliseconds, a duration or a time of day, as HTML writes them."""


def parse(html: str) -> tuple[Element, list[str]]:
    """The document as a tree, and every error of a strict parser."""
    import html5lib  # type: ignore[import-untyped]

    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    tree = parser.parse(html)
    errors = [f"line {line}: {code} {data or ''}".strip() for (line, _column), code, data in parser.errors]
    return tree, errors


def invalid(html: str, *, is_letter: bool = False) -> list[str]:
    """What is wrong with the markup. Letters may have the old attributes that mail programs need."""
    tree, found = parse(html)
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    found += _ids(elements)
    for element in elements:
        if not element.tag.startswith("{"):
            found += _unknown(element, is_letter=is_letter)
    return list(dict.fromkeys(found))[:SHOWN]


def _ids(elements: list[Element]) -> Iterator[str]:
    counted = Counter(element.get("id") for element in elements if element.get("id") is not None)
    yield from (f"id {name!r} stands {times} times" for name, times in counted.items() if times > 1)
    for element in elements:
        if element.tag == "input" and element.get("type") == "hidden":
            continue  # nobody is read what describes it
        for attribute in REFERRING:
            if attribute == "headers" and element.tag not in ("td", "th"):
                continue
            missing = [name for name in (element.get(attribute) or "").split() if name not in counted]
            yield from (f"{element.tag} {attribute}={name!r} refers to nothing" for name in missing)
        target = element.get("href") or ""
        if element.tag == "a" and re.match("#.", target) and target[1:] not in counted:
            yield f"link to {target!r}, which is not on the page"


def _unknown(element: Element, *, is_letter: bool) -> Iterator[str]:
    own = html_names.ELEMENTS.get(element.tag)
    if own is None and element.tag not in html_names.PLAIN:
        yield f"unknown element <{element.tag}>"
        return
    allowed = html_names.GLOBAL | (own or frozenset()) | (html_names.OLD if is_letter else frozenset())
    for name in element.attrib:
        if name not in allowed and not name.startswith(("aria-", "data-")):
            yield f"unknown attribute {name!r} of <{element.tag}>"
        elif name == "datetime" and not MOMENT.fullmatch(element.get("datetime")):
            yield f"no moment: datetime={element.get('datetime')!r}"
        elif name == "role" and element.get("role") not in html_names.ROLES:
            yield f"unknown role {element.get('role')!r} of <{element.tag}>"


def needs_scripts(html: str) -> list[str]:
    """Where a page holds a script, or has something that does nothing without one."""
    tree, _errors = parse(html)
    found: list[str] = []
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        found += [f"<{element.tag}> has {name!r}" for name in element.attrib if name.startswith("on")]
        found += _idle(element)
    return list(dict.fromkeys(found))[:SHOWN]


def _idle(element: Element) -> Iterator[str]:
    tag = element.tag
    if tag == "script" and element.get("type", "") not in ("application/json", "application/ld+json"):
        yield "holds a script"
    elif tag == "a" and (element.get("href") or "").strip().startswith("javascript:"):
        yield "has a link to a script"
    elif tag == "button" and element.get("type") == "button":
        yield f"has a button that does nothing by itself: {''.join(element.itertext()).strip()!r}"
    elif tag == "form" and not any(_sends(part) for part in element.iter()):
        yield f"has a form that cannot be sent: {element.get('action') or element.get('id') or ''!r}"


def _sends(part: Element) -> bool:
    if part.tag == "button":
        return part.get("type", "submit") == "submit"
    return part.tag == "input" and part.get("type") in ("submit", "image")
