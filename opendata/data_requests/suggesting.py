"""What may already answer a request before it is sent: datasets, rows of the inventory, requests of others."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from opendata.data_requests.models import DataRequest
from opendata.inventory.models import Asset
from portal.search.folding import matches, query_forms, query_words
from portal.search.models import SearchEntry

logger = logging.getLogger(__name__)

DATASET, ASSET, REQUEST = "dataset", "data-asset", "data-request"
LABELS = {DATASET: _("Dataset"), ASSET: _("Row of the data inventory"), REQUEST: _("Request for data")}
CANDIDATES = 40
MOST = 4
GOOD_ENOUGH = 0.6
"""The share of the words asked for that a title has to have."""


@dataclass(frozen=True)
class Suggestion:
    """Something that exists, in the active language."""

    kind: str
    title: str
    url: str
    share: float

    @property
    def label(self) -> Any:
        return LABELS[self.kind]


def suggestions_for(title: str, asset: Asset | None = None) -> list[Suggestion]:
    """The best fits by title, the closest first. Whatever fails here never stands in the way of sending."""
    try:
        return _found(title, asset)
    except Exception as error:
        logger.warning("no suggestions: %s", type(error).__name__)
        return []


def _found(title: str, asset: Asset | None) -> list[Suggestion]:
    about = list(_about(asset)) if asset is not None else []
    known = {one.url for one in about}
    skipped = {asset.get_absolute_url()} if asset is not None else set()
    close = [one for one in _close(title) if one.url not in known | skipped]
    return [*about, *close][:MOST]


def _about(asset: Asset) -> Iterable[Suggestion]:
    """What there is of the asset itself: its dataset, and a request that still waits."""
    dataset = getattr(asset, "dataset", None)
    if dataset is not None and dataset.latest_id is not None:
        yield Suggestion(DATASET, str(dataset), dataset.get_absolute_url(), 1)
    for asked in DataRequest.objects.listed().unfinished().filter(asset=asset).order_by("-support_count", "pk")[:2]:
        yield Suggestion(REQUEST, asked.shown_title, asked.get_absolute_url(), 1)


def _close(title: str) -> list[Suggestion]:
    words = query_words(title)
    forms = sorted({form for group in query_forms(title) for form in group})
    if not forms:
        return []
    query = SearchQuery(" | ".join(forms), search_type="raw", config="simple")
    rows = SearchEntry.objects.filter(kind__in=LABELS, language=get_language() or "ar", title_forms=query)
    ranked = rows.annotate(rank=SearchRank(F("title_forms"), query)).order_by("-rank", "pk")
    prefix = reverse("data_requests:list").partition("/data/")[0]
    found = [
        Suggestion(kind, entry_title, prefix + path, _share(words, entry_title))
        for kind, entry_title, path in ranked.values_list("kind", "title", "path")[:CANDIDATES]
    ]
    order = list(LABELS)
    good = [one for one in found if one.share >= GOOD_ENOUGH]
    return sorted(good, key=lambda one: (-one.share, order.index(one.kind)))


def _share(words: list[str], title: str) -> float:
    """How many of the words the title has; one word alone says too little of several."""
    count = sum(matches(word, title) for word in words)
    return count / len(words) if count >= min(2, len(words)) else 0.0
