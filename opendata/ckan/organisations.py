"""Organisations as actions. There are no groups: themes are tags and an extra of each dataset."""

from __future__ import annotations

from collections import Counter
from typing import Any

from opendata.catalogue.models import Dataset
from opendata.ckan.asked import Parameters
from opendata.ckan.packages import packages
from opendata.ckan.publishers import Publisher, full_dict, publishers
from opendata.ckan.wrong import not_found

MOST_NAMES, MOST_WHOLE, MOST_DATASETS = 1_000, 25, 1_000


def organization_list(asked: Parameters) -> list[Any]:
    """Names of the organisations with published datasets. Parameters: all_fields (then 25 at most), limit, offset,
    sort (name, title or package_count, with asc or desc), organizations (names to choose from)."""
    is_whole = asked.truth("all_fields")
    most = MOST_WHOLE if is_whole else MOST_NAMES
    counts = _counts() if is_whole or "package_count" in asked.text("sort") else Counter()
    found = _in_order(list(publishers().values()), asked.text("sort"), counts)
    if wanted := asked.several("organizations"):
        found = [one for one in found if one.name in wanted]
    start = asked.number("offset", 0)
    found = found[start : start + asked.number("limit", most, most)]
    return [full_dict(one, counts[one.pk]) for one in found] if is_whole else [one.name for one in found]


def organization_show(asked: Parameters) -> dict[str, Any]:
    """An organisation. Parameters: id (its name or its id), include_datasets."""
    wanted = asked.wanted("id")
    known = publishers()
    one = next((one for one in known.values() if wanted in (one.id, one.name)), None)
    if one is None:
        raise not_found()
    rows = Dataset.objects.published().filter(asset__organisation=one.pk).order_by("slug")
    keys = list(rows.values_list("pk", flat=True))
    found = full_dict(one, len(keys))
    if asked.truth("include_datasets"):
        found["packages"] = list(packages(keys[:MOST_DATASETS], known))
    return found


def group_list(asked: Parameters) -> list[Any]:
    """Groups: there are none."""
    return []


def group_show(asked: Parameters) -> dict[str, Any]:
    """A group: there are none. Parameters: id."""
    asked.wanted("id")
    raise not_found()


def _counts() -> Counter[int]:
    rows = Dataset.objects.published().order_by().values_list("asset__organisation_id", flat=True)
    return Counter(rows)


def _in_order(found: list[Publisher], sort: str, counts: Counter[int]) -> list[Publisher]:
    """By name, where no other order is asked for."""
    name, _space, direction = sort.strip().lower().partition(" ")
    if name in ("package_count", "packages"):
        found.sort(key=lambda one: counts[one.pk])
    elif name == "title":
        found.sort(key=lambda one: one.title.casefold())
    if direction.strip() == "desc":
        found.reverse()
    return found
