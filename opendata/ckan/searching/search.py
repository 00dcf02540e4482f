"""`package_search`: what fits, in order, counted by facets."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opendata.ckan.asked import Parameters, parsed
from opendata.ckan.publishers import Publisher
from opendata.ckan.searching.fitting import Fits, Search
from opendata.ckan.searching.grammar import read
from opendata.ckan.searching.rows import FIELDS, Row, read_rows
from opendata.ckan.wrong import Refused, not_understood

logger = logging.getLogger(__name__)
ROWS, MOST_ROWS = 10, 1_000
"""Datasets given out at once: where nothing is asked for, and at most."""
FACET_LIMIT, MOST_FACETS = 50, 20
USUAL_SORT = "score desc, metadata_modified desc"
MOST_SORTS = 10
_HAS_FIELD = re.compile(r"(?:^|[\s(+!-])(?:[A-Za-z_]\w*:\S|\*:\*)")
_SORT = re.compile(r"\s*(\w+)(?:\s+(asc|desc))?\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """What fits: the keys of the page, how many there are, and what `package_search` says beside them."""

    keys: list[int]
    count: int
    sort: str
    facets: dict[str, dict[str, int]]
    search_facets: dict[str, Any]


def search(asked: Parameters, known: Mapping[int, Publisher]) -> Found:
    """The page that was asked for. Raises Refused; what is outside the grammar is logged as well, because a harvester
    that meets an error takes it for "nothing has changed"."""
    try:
        return _search(asked, known)
    except Refused as refused:
        if refused.status == 400:
            # The filter is a harvester's setting; what people search for is not written down.
            filters = [str(asked.values.get(name, ""))[:300] for name in ("fq", "fq_list", "sort")]
            logger.warning("package_search refused: %s", filters)
        raise


def _search(asked: Parameters, known: Mapping[int, Publisher]) -> Found:
    finder = Search()
    start, count = asked.number("start", 0), asked.number("rows", ROWS, MOST_ROWS)
    order, fields = asked.text("sort").strip() or USUAL_SORT, _facet_fields(asked)
    order = USUAL_SORT if order == "rank" else order
    sorts = _sorts(order)
    fits = [_question(finder, asked.text("q").strip())]
    fits += [finder.fits(read(text)) for text in [asked.text("fq"), *_filters(asked)]]
    rows = [row for row in read_rows(known) if all(fit(row) for fit in fits)]
    _put_in_order(rows, sorts, finder.steps)
    limit, least = _facet_limit(asked), asked.number("facet.mincount", 1)
    counted = {name: _counted(rows, name, limit, least) for name in fields}
    return Found(
        [row.pk for row in rows[start : start + count]], len(rows), order, counted,
        {name: _titled(name, counts, known) for name, counts in counted.items()},
    )  # fmt: skip


def _question(finder: Search, text: str) -> Fits:
    """Words as people type them are no query: only where a field is named is it read as one."""
    if not text or _HAS_FIELD.search(text):
        return finder.fits(read(text))
    return finder.words(text) if text != "*" else lambda row: True


def _filters(asked: Parameters) -> list[str]:
    value = asked.values.get("fq_list", [])
    if isinstance(value, str):
        value = parsed("fq_list", value) if value.lstrip().startswith("[") else [value]
    return Parameters({"fq_list": value}).several("fq_list")


def _sorts(text: str) -> list[tuple[str, bool]]:
    """Each field with whether the largest comes first."""
    parts = text.split(",")
    found = [_SORT.fullmatch(part) for part in parts]
    if len(parts) > MOST_SORTS or not all(match and match[1] in _KEYS for match in found):
        raise not_understood(f'Can\'t determine a Sort Order (asc or desc) in sort spec "{text[:100]}"')
    return [(match[1], (match[2] or "asc").lower() == "desc") for match in found if match]


_KEYS: dict[str, Any] = {
    "score": lambda row, steps: steps.get(row.pk, 0),
    "relevance": lambda row, steps: steps.get(row.pk, 0),
    "id": lambda row, steps: row.id,
    "name": lambda row, steps: row.name,
    "title": lambda row, steps: row.title.casefold(),
    "title_string": lambda row, steps: row.title.casefold(),
    "organization": lambda row, steps: row.publisher.name,
    "metadata_created": lambda row, steps: row.created,
    "metadata_modified": lambda row, steps: row.modified,
}


def _put_in_order(rows: list[Row], sorts: Sequence[tuple[str, bool]], steps: Mapping[int, int]) -> None:
    """The last criterion is sorted by first; what is equal in all stands in the order of its identifier."""
    rows.sort(key=lambda row: row.id)
    for name, downwards in reversed(sorts):
        rows.sort(key=lambda row, key=_KEYS[name]: key(row, steps), reverse=downwards)  # type: ignore[misc]


def _facet_fields(asked: Parameters) -> list[str]:
    fields = asked.several("facet.field")[: MOST_FACETS + 1] if asked.truth("facet", True) else []
    if unknown := [name for name in fields if name not in FIELDS]:
        raise not_understood(f"undefined field {unknown[0][:60]}")
    if len(fields) > MOST_FACETS:
        raise not_understood(f"More than {MOST_FACETS} facets")
    return list(dict.fromkeys(fields))


def _facet_limit(asked: Parameters) -> int | None:
    """-1 is no limit."""
    if str(asked.values.get("facet.limit", "")).strip() == "-1":
        return None
    return asked.number("facet.limit", FACET_LIMIT)


def _counted(rows: Sequence[Row], name: str, limit: int | None, least: int) -> dict[str, int]:
    counts = Counter(value for row in rows for value in FIELDS[name](row))
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:limit]
    return {value: number for value, number in ordered if number >= least}


def _titled(name: str, counts: Mapping[str, int], known: Mapping[int, Publisher]) -> dict[str, Any]:
    titles = {one.name: one.title for one in known.values()} if name == "organization" else {}
    items = [{"name": one, "display_name": titles.get(one, one), "count": number} for one, number in counts.items()]
    return {"title": name, "items": items}
