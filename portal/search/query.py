"""Finding pages: one statement ranks and counts, then the sources say what of it is still public."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import OperationalError, connection, transaction
from django.utils.safestring import SafeString

from portal.search import registry
from portal.search.asking import Question, read_question
from portal.search.models import SearchEntry, Synonym
from portal.search.registry import Document, Source
from portal.search.showing import extract, marked
from portal.search.spelling import corrected

PAGE_SIZE = 10
MOST_PAGES = 50
MOST_LOOKED_AT = 3_000
"""Entries looked at on each step."""
PATIENCE = 3_000
"""Milliseconds the database gets to answer."""

# The page's own language comes first, and of a page that fits in both languages only that one is shown. Within a
# language the steps count most: the question stands in the title; all its words are in the title; all are in the page
# as they were typed; all are there in some form, or by a synonym. On the same step, more of the words in the title is
# better, and so is a younger page, but less so. Each step is answered by an index alone, and of pages that very many
# words lead to only so many are looked at, the better steps first.
_FOUND = """
WITH fitting AS MATERIALIZED (
    (SELECT {columns}, CASE WHEN title_words LIKE %(phrase)s THEN 3 ELSE 2 END AS step
        FROM {table} WHERE title_forms @@ to_tsquery('simple', %(in_own_words)s) LIMIT %(most)s)
    UNION ALL
    (SELECT {columns}, 1 FROM {table} WHERE forms @@ to_tsquery('simple', %(as_typed)s) LIMIT %(most)s)
    UNION ALL
    (SELECT {columns}, 0 FROM {table} WHERE forms @@ to_tsquery('simple', %(anywhere)s) LIMIT %(most)s)
), found AS MATERIALIZED (
    SELECT DISTINCT ON (kind, key) *, language = %(language)s AS is_here, ({titled})::float / %(words)s AS titled
    FROM fitting ORDER BY kind, key, language = %(language)s DESC, step DESC
), counted AS (
    SELECT jsonb_object_agg(kind, number) AS counts, (SELECT count(*) FROM fitting WHERE step = 0) >= %(most)s AS is_cut
    FROM (SELECT kind, count(*) AS number FROM found GROUP BY kind) AS numbers
), shown AS (
    SELECT kind, key, language, row_number() OVER (ORDER BY is_here DESC,
        step + 0.6 * titled + 0.3 / (1 + greatest(0, extract(epoch FROM now() - published_at)) / 31557600.0) DESC,
        published_at DESC, kind, key) AS place
    FROM found WHERE %(kind)s = '' OR kind = %(kind)s
    ORDER BY place LIMIT %(limit)s OFFSET %(offset)s
)
SELECT counts, is_cut, shown.kind, shown.key, shown.language FROM counted LEFT JOIN shown ON true ORDER BY place
"""
_COLUMNS = "kind, key, language, published_at, title_forms"


class TooSlow(Exception):
    """The database did not answer in time."""


@dataclass(frozen=True)
class Result:
    """A page that fits, as it is now."""

    source: Source
    document: Document
    title: SafeString
    extract: SafeString

    @property
    def url(self) -> str:
        return f"/{self.document.language}{self.document.path}"

    @property
    def direction(self) -> str:
        return "rtl" if self.document.language == "ar" else "ltr"


@dataclass(frozen=True)
class Found:
    """A page of results. The numbers are those of the index, which may lag behind for a moment."""

    results: list[Result] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    """How many pages fit, by kind."""
    kind: str = ""
    number: int = 1
    """Which page of results it is."""
    is_cut: bool = False
    """Whether so many fit that not all were looked at."""

    @property
    def total(self) -> int:
        """How many fit, of the kind that was chosen."""
        return self.counts.get(self.kind, 0) if self.kind else sum(self.counts.values())


def search(text: str, *, language: str, kind: str = "", number: int = 1) -> Found:
    """The pages that fit a question, best first: of one kind or of all, the results' page of this number or the last.

    Raises TooSlow; whatever was asked, it is no error.
    """
    question = ask(text)
    kind = kind if registry.source(kind) else ""
    if question is None:
        return Found(kind=kind)
    number = max(1, min(number, MOST_PAGES))
    ranked = _ranked(question, language, kind, number)
    last = min(MOST_PAGES, -(-Found(counts=ranked.counts, kind=kind).total // PAGE_SIZE)) or 1
    if number > last:
        ranked = _ranked(question, language, kind, number := last)
    return Found(_still_public(question, ranked.keys), ranked.counts, kind, number, ranked.is_cut)


def ask(text: str) -> Question | None:
    """What a text asks, with the synonyms staff have written down; None where it has no word."""
    if not any(map(str.isalnum, text)):
        return None
    return read_question(text, [group.terms for group in Synonym.objects.order_by("pk")])


def did_you_mean(text: str, *, language: str) -> str | None:
    """Another question that comes close to one without results, and has some."""
    better = corrected(text)
    return better if better and search(better, language=language).results else None


Key = tuple[str, str, str]
"""Kind, key and language."""


@dataclass(frozen=True)
class _Ranked:
    """A page of results as the index has it."""

    keys: list[Key]
    counts: dict[str, int]
    is_cut: bool


def _ranked(question: Question, language: str, kind: str, number: int) -> _Ranked:
    each = {f"word{place}": word for place, word in enumerate(question.each)}
    titled = " + ".join(f"(title_forms @@ to_tsquery('simple', %({name})s))::int" for name in each)
    statement = _FOUND.format(table=SearchEntry._meta.db_table, columns=_COLUMNS, titled=titled)
    values = {
        "language": language, "phrase": f"% {question.phrase} %", "in_own_words": question.in_own_words,
        "as_typed": question.as_typed, "anywhere": question.anywhere, "words": len(each), "kind": kind,
        "limit": PAGE_SIZE, "offset": (number - 1) * PAGE_SIZE, "most": MOST_LOOKED_AT, **each,
    }  # fmt: skip
    rows = _rows(statement, values)
    counts, is_cut = rows[0][:2]
    return _Ranked([row[2:] for row in rows if row[2] is not None], json.loads(counts or "{}"), is_cut)


def _rows(statement: str, values: dict[str, Any]) -> list[Any]:
    try:
        with _in_good_time(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            rows = cursor.fetchall()
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.QueryCanceled):
            raise TooSlow from error
        raise
    return rows


@contextmanager
def _in_good_time() -> Iterator[None]:
    """Statements inside may take PATIENCE milliseconds each, and use the indexes.

    To the planner reading everything looks cheap for a frequent word, because it does not count fetching the vectors.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('statement_timeout', %s, true), set_config('enable_seqscan', 'off', true)",
            [str(PATIENCE)],
        )
        yield
        cursor.execute("SET LOCAL statement_timeout TO DEFAULT; SET LOCAL enable_seqscan TO DEFAULT")


def _still_public(question: Question, keys: list[Key]) -> list[Result]:
    """The results in their order, without what has left since it was indexed; one call for each kind."""
    wanted = question.wanted
    documents: dict[Key, Document] = {}
    for kind in {kind for kind, _key, _language in keys}:
        source = registry.source(kind)
        asked = [key for of_kind, key, _language in keys if of_kind == kind]
        languages = {language for of_kind, _key, language in keys if of_kind == kind}
        for document in source.results(asked, languages) if source else ():
            documents[kind, str(document.pk), document.language] = document
    results = []
    for key in keys:
        if (shown := documents.get(key)) and (source := registry.source(key[0])):
            results.append(Result(source, shown, marked(shown.title, wanted), extract(shown.text, wanted)))
    return results
