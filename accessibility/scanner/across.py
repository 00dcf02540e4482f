"""What can only be told from all pages together: titles of their own, twins alike, no template left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

Walk = dict[str, Any]
TOLERANCE = 8
"""Pixels: half a scroll bar, which the longer of two centred pages has."""


def unique_titles(walks: Iterable[Walk]) -> Iterator[dict[str, str]]:
    """2.4.2: pages of different kinds have different titles. Pages of one kind differ by what they show.

    Addresses that only a walk has (`_letter/`) show what others show as well, and are left out.
    """
    kinds: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for walked in walks:
        for visit in walked["visits"]:
            if not visit["title"].strip():
                yield _finding("unique_titles", walked, visit, "has no title")
            if "/_" in visit["route"]:
                continue
            kinds[walked["language"], visit["title"]].setdefault(visit["route"], visit["scene"])
    for (language, title), routes in kinds.items():
        first, *others = routes.values()
        for scene in others:
            detail = f"{title!r} is the title of {first!r} as well"
            yield _finding("unique_titles", {"language": language}, {"scene": scene}, detail)


def twins(walks: Iterable[Walk]) -> Iterator[dict[str, str]]:
    """1.3.2, 3.2.3: the Arabic and the English page of a scene have the same landmarks, each at the same distance
    from the side on which reading starts."""
    seen: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
    for walked in walks:
        for visit in walked["visits"]:
            seen[walked["group"], visit["scene"]][walked["language"]] = visit["landmarks"]
    for (_group, scene), by_language in seen.items():
        if {"ar", "en"} <= by_language.keys() and (detail := _differ(by_language["ar"], by_language["en"])):
            yield _finding("twins", {"language": ""}, {"scene": scene}, detail)


def _differ(arabic: list[Any], english: list[Any]) -> str:
    names = [[name for name, _start in one] for one in (arabic, english)]
    if names[0] != names[1]:
        return f"landmarks in Arabic {names[0]}, in English {names[1]}"
    pairs = zip(arabic, english, strict=True)
    apart = [f"{name} at {a} and {e} px" for (name, a), (_name, e) in pairs if abs(a - e) > TOLERANCE]
    return "in Arabic and English: " + ", ".join(apart) if apart else ""


def unseen(walks: Iterable[Walk], written: Iterable[str]) -> list[str]:
    """Templates of the project that no walk rendered."""
    return sorted(set(written).difference(*(walked["templates"] for walked in walks)))


def _finding(name: str, walked: dict[str, Any], visit: dict[str, Any], detail: str) -> dict[str, str]:
    return {
        "check_name": name,
        "outcome": "violation",
        "look": "",
        "detail": detail,
        "scene": visit["scene"],
        "language": walked["language"],
        "template": (visit.get("templates") or [""])[0],
    }
