"""What the search finds of policies: each one in force, with the figures it shows."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection, Iterable, Iterator

from django.core.cache import cache
from django.utils.translation import gettext_lazy

from policies.pages.models import PolicyVersion, PolicyVersionQuerySet
from policies.pages.reading import markdown
from portal.bilingual import LANGUAGE_CODES, in_language
from portal.richtext import to_plain
from portal.search.indexing import fingerprint
from portal.search.registry import Document, Source

logger = logging.getLogger(__name__)

KEPT = 60
"""Seconds for which results show a text as it was rendered; its figures lag no longer than that."""


def documents(keys: Iterable[int | str] | None) -> Iterator[Document]:
    """Each policy in force, in both languages, with its facts as they are at this moment."""
    rows = list(_in_force(keys))
    for code in LANGUAGE_CODES:
        values: dict[str, str] = {}
        with in_language(code):
            made = [_document(row, code, to_plain(markdown(row, values))) for row in rows]
        yield from made


def versions(keys: Iterable[int | str] | None) -> Iterator[tuple[int, str]]:
    """Each policy in force with what its documents follow from: its text, filled in and not rendered."""
    prints: dict[int, list[str]] = {}
    rows = list(_in_force(keys))
    for code in LANGUAGE_CODES:
        values: dict[str, str] = {}
        with in_language(code):
            for row in rows:
                made = _document(row, code, markdown(row, values))
                prints.setdefault(row.policy_id, []).append(fingerprint(made))
    for key, both in prints.items():
        yield key, hashlib.sha256("".join(both).encode()).hexdigest()


def shown(keys: Iterable[int | str], languages: Collection[str]) -> Iterator[Document]:
    """Those of these policies that are in force, in some languages, for a page of results."""
    rows = list(_in_force(keys))
    for code in languages:
        with in_language(code):
            texts = _kept_texts(rows, code)
            made = [_document(row, code, texts[row.pk]) for row in rows]
        yield from made


def _in_force(keys: Iterable[int | str] | None) -> PolicyVersionQuerySet:
    rows = PolicyVersion.objects.current().select_related("policy__unit__organisation").order_by("policy_id")
    return rows if keys is None else rows.filter(policy__in=[int(key) for key in keys])


def _document(row: PolicyVersion, code: str, text: str) -> Document:
    unit = row.policy.unit
    return Document(
        pk=row.policy_id,
        language=code,
        title=row.title,
        text=f"{row.summary} {text}",
        path=row.policy.path,
        published_at=row.publish_at,  # type: ignore[arg-type]
        organisation=str(unit.organisation) if unit else "",
    )


def _kept_texts(rows: list[PolicyVersion], code: str) -> dict[int, str]:
    """The plain texts of versions in the active language, rendered where nobody searched for them just now."""
    names = {row.pk: f"policies:plain:{row.pk}:{code}" for row in rows}
    try:
        kept = cache.get_many(names.values())
    except Exception as error:  # the driver's errors depend on the server in use
        logger.warning("cache unavailable: %s", type(error).__name__)
        return _rendered(rows)
    made = _rendered([row for row in rows if names[row.pk] not in kept])
    if made:
        _keep({names[pk]: text for pk, text in made.items()})
    return made | {pk: kept[name] for pk, name in names.items() if name in kept}


def _rendered(rows: list[PolicyVersion]) -> dict[int, str]:
    values: dict[str, str] = {}
    return {row.pk: to_plain(markdown(row, values)) for row in rows}


def _keep(texts: dict[str, str]) -> None:
    try:
        cache.set_many(texts, KEPT)
    except Exception as error:
        logger.warning("cache unavailable: %s", type(error).__name__)


SOURCE = Source(
    kind="policy",
    label=gettext_lazy("Policies"),
    documents=documents,
    model="pages.policy",
    position=40,
    versions=versions,
    shown=shown,
)
