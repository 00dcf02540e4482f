"""Live facts in the text of a policy: `{{ working_hours }}` stands for what the portal knows at reading time."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from portal.live_facts import fact

logger = logging.getLogger(__name__)

PLACE = re.compile(r"\{\{[ \t]*([a-z][a-z0-9_]*)[ \t]*\}\}")
LINE = re.compile(r"[ \t]{0,3}\{\{[ \t]*([a-z][a-z0-9_]*)[ \t]*\}\}[ \t]*")
NO_PLACE = re.compile(r"\{\{[^{}\n]{0,40}(?:\}\})?|\}\}")
"""Braces that are left once every place is taken out."""


def names_in(text: str) -> list[str]:
    """The facts a text names, each once, in the order of their first appearance."""
    return list(dict.fromkeys(PLACE.findall(text)))


def problems(text: str) -> Iterator[str]:
    """What is wrong with the places of a text, in the active language: unknown, misspelt, or a table in a sentence."""
    for name in names_in(text):
        if fact(name) is None:
            yield _("No live fact is called “%(name)s”. The list beside the form names them all.") % {"name": name}
    for left in dict.fromkeys(NO_PLACE.findall(PLACE.sub("", text))):
        yield _("“%(text)s” is no place for a live fact. Write its name in small letters between two pairs of braces, "
                "such as {{ working_hours }}.") % {"text": left}  # fmt: skip
    for name in names_in(text):
        known = fact(name)
        if known is not None and known.is_block and not _stands_alone(text, name):
            yield _("“%(name)s” is a table or a list: put it in a line of its own, with an empty line before and after "
                    "it.") % {"name": name}  # fmt: skip


def _stands_alone(text: str, name: str) -> bool:
    """Whether every place of this name has a line of its own that is no part of a paragraph."""
    lines = ["", *text.splitlines(), ""]
    for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
        if name not in PLACE.findall(line):
            continue
        if not LINE.fullmatch(line) or before.strip() or after.strip():
            return False
    return True


def fill(text: str, values: dict[str, str] | None = None, *, must_know: bool = False) -> str:
    """The text with each place replaced by its fact in the active language. What facts say is not looked at again.

    What a fact said is read from `values` and kept there. A fact that fails leaves words that say so; with
    `must_know` it raises its own error.
    """
    said = {} if values is None else values

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name not in said:
            said[name] = _value(name, must_know=must_know)
        return said[name]

    return PLACE.sub(value, text or "")


def describe(text: str) -> str:
    """The text with its facts named instead of told, for comparing what was written: figures are of one day only."""

    def words(match: re.Match[str]) -> str:
        known = fact(match[1])
        return f"[{known.description if known else match[1]}]"

    return PLACE.sub(words, text or "")


def _value(name: str, *, must_know: bool) -> str:
    """What a fact says; a sentence stays a sentence where it has no answer, and a page stays a page where it fails."""
    known = fact(name)
    try:
        said = str(known.value()).strip() if known is not None else ""
    except Exception:
        if must_know:
            raise
        logger.exception("the live fact %s has no value", name)
        said = ""
    if not said:
        return _("(not known at the moment)")
    return said if known is not None and known.is_block else " ".join(said.split())
