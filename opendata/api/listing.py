"""Lists of datasets: found by words, narrowed, in pages that neither repeat nor skip while datasets change.

A dataset keeps its place for ever: where words are asked for, those they fit best come first, else datasets stand in
the order in which they were entered. A cursor says after which one a page begins.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from opendata.api.finding import HEAVY
from opendata.api.wrong import bad
from opendata.catalogue.listing import steps_of
from opendata.catalogue.models import Dataset
from portal.forms import clean_text

_CURSOR = re.compile(r"(\d{1,2})\.(\d{1,18})", re.ASCII)


@dataclass(frozen=True)
class Page:
    """Some datasets, each with what lists show; how many there are in all; the cursor of the next page."""

    datasets: list[Dataset]
    total: int
    cursor: str | None


def page_of(asked: dict[str, Any], *, figures: bool = False) -> Page:
    """The page of what was asked: values of the parameters of a list, None for those that were not given."""
    rows = _narrowed(asked, figures)
    step, after = _read(asked["cursor"]) if asked["cursor"] else (9, 0)
    steps = steps_of(clean_text(asked["q"], lines=False).strip()) if asked.get("q") else None
    if steps is None:
        keys = list(rows.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[: asked["limit"] + 1])
        total = len(keys) if not after and len(keys) <= asked["limit"] else rows.count()
    else:
        fitting = set(rows.filter(pk__in=steps).values_list("pk", flat=True))
        places = sorted((-steps[key], key) for key in fitting)
        keys = [key for place, key in places if (place, key) > (-step, after)]
        total = len(places)
    shown = keys[: asked["limit"]]
    more = len(keys) > len(shown)
    cursor = _written(steps[shown[-1]] if steps else 0, shown[-1]) if more else None
    return Page(_whole(shown), total, cursor)


def _narrowed(asked: dict[str, Any], figures: bool) -> QuerySet[Dataset]:
    fits = Q(figures_slug__isnull=False) if figures else Q()
    if asked.get("organisation"):
        fits &= Q(asset__organisation__code=asked["organisation"])
    if asked.get("theme"):
        fits &= Q(asset__theme=asked["theme"])
    if asked.get("modified_since"):
        fits &= Q(modified_at__gte=asked["modified_since"])
    return Dataset.objects.published().filter(fits).order_by()


def _whole(keys: list[int]) -> list[Dataset]:
    """These datasets, in this order."""
    rows = Dataset.objects.in_lists().defer(*(f"latest__{name}" for name in HEAVY)).prefetch_related("latest__files")
    found = {row.pk: row for row in rows.filter(pk__in=keys)}
    return [found[key] for key in keys if key in found]


def _written(step: int, key: int) -> str:
    return base64.urlsafe_b64encode(f"{step}.{key}".encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[int, int]:
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        text = ""
    found = _CURSOR.fullmatch(text)
    if found is None:
        raise bad("cursor", "Take it as it stands in `next` of the page before, with the same other parameters.")
    return int(found[1]), int(found[2])
