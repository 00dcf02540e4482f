"""Keeping the index up to what is public: one object at once after each audited change, everything by a sweep.

What is stored is only what a source gives out at this moment, read under a lock of its kind: of two workers that index
the same object, the later one reads the later state.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models, transaction

from portal.search import registry
from portal.search.asking import as_written
from portal.search.folding import MOST_FORMS, fold, to_index_text, tokens
from portal.search.models import SearchEntry
from portal.search.registry import Document, Source
from portal.tasks import nudge

logger = logging.getLogger(__name__)
BATCH = 200
LONGEST_TEXT = 100_000
"""Characters of a page that are indexed."""
EDITION = "1"
"""To be changed whenever the same text would be indexed otherwise: the next thorough sweep then does it."""
OUR_LOCKS = 0x5EA8
STORED = ("title", "title_words", "title_forms", "forms", "path", "published_at", "organisation", "version",
          "fingerprint")  # fmt: skip


def changed(subject: models.Model) -> None:
    """Something was recorded about this object: have it indexed once that is committed."""
    for kind in registry.kinds_of(subject._meta.label_lower):
        if subject.pk is not None:
            nudge("search.index", kind, str(subject.pk))


def index(kind: str, keys: Iterable[str]) -> int:
    """Bring the index up to what is public of these objects now; says how many pages it holds of them."""
    source, keys = registry.source(kind), [str(key) for key in keys]
    if source is None:
        return forget(kind)
    with transaction.atomic():
        _wait_for_turn(kind)
        # Versions are read first: of an object that changes meanwhile, too old a version is stored, and the next
        # sweep looks again.
        versions = _versions(source, keys)
        shown = {(str(document.pk), document.language): document for document in source.documents(keys)}
        rows = [_row(kind, document, versions) for document in shown.values()]
        stored = SearchEntry.objects.filter(kind=kind, key__in=keys)
        gone = [pk for pk, key, code in stored.values_list("pk", "key", "language") if (key, code) not in shown]
        SearchEntry.objects.filter(pk__in=gone).delete()
        SearchEntry.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["kind", "key", "language"], update_fields=STORED
        )
    return len(rows)


def forget(kind: str) -> int:
    """Take out what is left of a kind that nobody publishes any more."""
    SearchEntry.objects.filter(kind=kind).delete()
    return 0


def refresh(*, thorough: bool = False) -> int:
    """Find what appeared, changed or went, also by the mere passing of time, and index it; says how many objects.

    Where a source knows versions, those alone are compared, unless `thorough`.
    """
    for kind in _kinds_left_over():
        forget(kind)
    found = 0
    for source in registry.sources():
        try:
            found += _refresh(source, thorough=thorough)
        except Exception:  # whatever an area's own code raises: the kinds after it have their turn all the same
            logger.exception("pages of the kind %s could not be indexed", source.kind)
    return found


def reindex(kinds: Iterable[str] = ()) -> Iterator[tuple[str, int]]:
    """Index everything anew, kind by kind, while the old index goes on answering; gives kind and number of pages."""
    wanted = set(kinds)
    for source in registry.sources():
        if not wanted or source.kind in wanted:
            stored = SearchEntry.objects.filter(kind=source.kind).values_list("key", flat=True)
            keys = dict.fromkeys([*_prints(source), *stored.distinct().order_by()])
            yield source.kind, sum(index(source.kind, batch) for batch in _batches(keys))


def _refresh(source: Source, *, thorough: bool) -> int:
    by_version = source.versions is not None and not thorough
    current = _versions(source, None) if by_version else _prints(source)
    stored = _stored_versions(source.kind) if by_version else _stored_prints(source.kind)
    stale = [key for key in current.keys() | stored.keys() if current.get(key) != stored.get(key)]
    for batch in _batches(sorted(stale)):
        index(source.kind, batch)
    return len(stale)


def _kinds_left_over() -> list[str]:
    known = [source.kind for source in registry.sources()]
    return list(SearchEntry.objects.exclude(kind__in=known).order_by().values_list("kind", flat=True).distinct())


def _versions(source: Source, keys: list[str] | None) -> dict[str, Any]:
    return {str(key): str(version) for key, version in source.versions(keys)} if source.versions else {}


def _stored_versions(kind: str) -> dict[str, Any]:
    return dict(SearchEntry.objects.filter(kind=kind).order_by().values_list("key", "version"))


def _prints(source: Source) -> dict[str, Any]:
    """By key, the fingerprint in each language of what is public now."""
    prints: dict[str, dict[str, str]] = {}
    for document in source.documents(None):
        prints.setdefault(str(document.pk), {})[document.language] = fingerprint(document)
    return prints


def _stored_prints(kind: str) -> dict[str, Any]:
    prints: dict[str, dict[str, str]] = {}
    rows = SearchEntry.objects.filter(kind=kind).order_by().values_list("key", "language", "fingerprint")
    for key, language, stored in rows.iterator():
        prints.setdefault(key, {})[language] = stored
    return prints


def _batches(keys: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(keys)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _wait_for_turn(kind: str) -> None:
    """One transaction at a time indexes a kind. Each takes one lock only, so none waits for another in a circle."""
    number = int.from_bytes(hashlib.sha256(kind.encode()).digest()[:4], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [OUR_LOCKS, number])


def fingerprint(document: Document) -> str:
    """What changes whenever the document would be stored otherwise."""
    texts = [document.title, document.text, document.keywords, document.path, document.organisation]
    parts = [EDITION, str(document.published_at), *texts]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


class _Vector(models.Func):
    """Words as they are, without their positions, of which nothing is asked."""

    template = "strip(to_tsvector('simple', %(expressions)s))"
    output_field = SearchVectorField()


def _vector(text: str) -> _Vector:
    return _Vector(models.Value(text, output_field=models.TextField()))


def _row(kind: str, document: Document, versions: dict[str, Any]) -> SearchEntry:
    key = str(document.pk)
    return SearchEntry(
        kind=kind,
        key=key,
        language=document.language,
        title=document.title,
        title_words=f" {fold(document.title)} ",
        title_forms=_vector(to_index_text(document.title)),
        forms=_vector(_indexed(_words(document))),
        path=document.path,
        published_at=document.published_at,
        organisation=document.organisation,
        version=versions.get(key, ""),
        fingerprint=fingerprint(document),
    )


def _words(document: Document) -> str:
    """All the text it is found by, from what matters most to what is cut first."""
    return f"{document.title}\n{document.keywords}\n{document.text}"[:LONGEST_TEXT]


def _indexed(text: str) -> str:
    """Every form of every word, and every word as it is written."""
    written = list(dict.fromkeys(tokens(text)))[:MOST_FORMS]
    return f"{to_index_text(text)} {' '.join(as_written(written))}"
