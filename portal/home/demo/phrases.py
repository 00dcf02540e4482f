"""What is said in a case beside its own written texts, in its language."""

from __future__ import annotations

from functools import cache

from portal.home.demo.cast import Part
from portal.home.demo.content import load


@cache
def _common() -> dict[str, dict[str, str]]:
    common: dict[str, dict[str, str]] = load("phrases")
    return common


def phrases(part: Part) -> dict[str, str]:
    """Every text a plot may need: the case's own where it was written, a common one elsewhere."""
    own = {key: part.source[key] for key in ("reply", "note", "followup", "ground") if part.source.get(key)}
    return {**_common()[part.source["language"]], **own}
