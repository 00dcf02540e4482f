"""Finding two words among 200,000 pages, and how fast pages are indexed: `python -m bench.stage search`.

The pages are made of words that are as unevenly frequent as those of a language: a few in every page, most in hardly
any. A part of them goes through the portal's own indexing; copies of those, with keys of their own, fill the index up.
What is asked are two words that stand somewhere in a page, as people remember them, and for comparison words that
stand in very many.
"""

from __future__ import annotations

import sys
import time
from bisect import bisect
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import accumulate
from random import Random
from statistics import median, quantiles

from django.db import connection
from django.utils import timezone

from bench.figures import demand, seconds, show
from bench.herd import execute, multiply, settle
from portal.search import registry
from portal.search.indexing import index, refresh
from portal.search.models import SearchEntry
from portal.search.query import search
from portal.search.registry import Document, Source

TARGET = 0.050
PAGES, ENTRIES = 2_000, 200_000
"""Pages that are indexed as the portal does it, each in two languages; entries in the end."""
COPIES = ENTRIES // (2 * PAGES) - 1
WORDS = 30_000
TITLE, TEXT = 6, 90
STOPPING = 100
"""So many of the most frequent words nobody remembers a page by: in a real language they are its stop words."""
QUESTIONS = 300
BATCH = 200
LETTERS = {"ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهويء", "en": "abcdefghijklmnopqrstuvwxyz"}


class Language:
    """Words of a made-up language, the first of them the most frequent (Zipf)."""

    def __init__(self, code: str) -> None:
        random = Random(code)
        self.words = ["".join(random.choices(LETTERS[code], k=random.randint(3, 9))) for _ in range(WORDS)]
        self.weights = list(accumulate(1 / (rank + 2.7) for rank in range(WORDS)))
        self.rank = {word: rank for rank, word in reversed(list(enumerate(self.words)))}
        self.article = "ال" if code == "ar" else ""

    def text(self, random: Random, length: int) -> str:
        """So many words; every other Arabic one has its article."""
        picked = [bisect(self.weights, random.random() * self.weights[-1]) for _ in range(length)]
        return " ".join((self.article if random.random() < 0.5 else "") + self.words[number] for number in picked)


LANGUAGES = {code: Language(code) for code in LETTERS}
NOW = timezone.now()


def page(number: int) -> Iterator[Document]:
    """One page in both languages, the same at every call."""
    for code, language in LANGUAGES.items():
        random = Random(f"{code}{number}")
        title, text = language.text(random, TITLE), language.text(random, TEXT)
        yield Document(
            number, code, title, text, f"/bench/{number}/", NOW - timedelta(days=random.randrange(3_000)), "Bench"
        )


def documents(keys: Iterable[int | str] | None) -> Iterator[Document]:
    """Pages by key; a copy's key begins with that of the page it was made of."""
    for key in range(PAGES) if keys is None else keys:
        for found in page(int(str(key).partition("-")[0])):
            yield Document(**{**found.__dict__, "pk": key})


def versions(keys: Iterable[int | str] | None) -> Iterator[tuple[int | str, int]]:
    """Every page and every copy, none of which ever changes."""
    copies = [f"{number}-{copy}" for number in range(PAGES) for copy in range(1, COPIES + 1)]
    yield from ((key, 1) for key in (keys if keys is not None else [*range(PAGES), *copies]))


def questions() -> list[tuple[str, str]]:
    """Two words of a page each, with its language."""
    random, asked = Random(11), []
    while len(asked) < QUESTIONS:
        found = random.choice(list(page(random.randrange(PAGES))))
        plain = (word.removeprefix(LANGUAGES[found.language].article) for word in f"{found.title} {found.text}".split())
        words = [word for word in plain if LANGUAGES[found.language].rank.get(word, 0) >= STOPPING]
        asked.append((" ".join(random.sample(words, 2)), found.language))
    return asked


def fill() -> None:
    """Index PAGES pages and copy them until there are ENTRIES."""
    keys = [str(number) for number in range(PAGES)]
    took = seconds(lambda: [index("bench", keys[at : at + BATCH]) for at in range(0, PAGES, BATCH)])
    show("entries indexed, one process", f"{2 * PAGES / took:,.0f}/s", f"{2 * PAGES:,} of {TITLE + TEXT} words")
    filled = seconds(copy)
    assert SearchEntry.objects.filter(kind="bench").count() == ENTRIES
    settle(SearchEntry)
    show("the rest copied into the index", f"{filled:,.0f} s", f"{ENTRIES:,} entries, {size():,.0f} MB")


def copy() -> None:
    """Fill up at once; the words' index is built afterwards, as one does with so many rows."""
    index_of_words = next(index for index in SearchEntry._meta.indexes if index.name == "search_entry_forms")
    with connection.schema_editor() as editor:
        editor.remove_index(SearchEntry, index_of_words)
    multiply(SearchEntry, COPIES, "row.kind = 'bench'", key="row.key || '-' || n")
    execute("SET maintenance_work_mem TO '1GB'")
    with connection.schema_editor() as editor:
        editor.add_index(SearchEntry, index_of_words)


def size() -> float:
    """Megabytes of the table with its indexes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size(%s)", [SearchEntry._meta.db_table])
        return float(cursor.fetchone()[0]) / 2**20


def ask(asked: list[tuple[str, str]]) -> tuple[float, float, float]:
    """Seconds of the median question and of the one that 95 in a hundred keep, and the median number found."""
    took, found = [], []
    for words, language in asked:
        began = time.perf_counter()
        found.append(search(words, language=language).total)
        took.append(time.perf_counter() - began)
    return median(took), quantiles(took, n=20)[-1], median(found)


def measure(name: str, asked: list[tuple[str, str]]) -> float:
    """Ask each question once to warm up and once to measure; returns the median."""
    ask(asked)
    middle, most, found = ask(asked)
    show(name, f"{middle * 1000:.1f} ms", f"95 %: {most * 1000:.1f} ms, {found:,.0f} found at the median")
    return middle


def main() -> None:
    """Fill, ask, sweep; fail over the target."""
    refresh()
    registry.register(Source("bench", "Bench", documents, model="", versions=versions))
    fill()
    middle = measure(f"two words among {ENTRIES:,} entries", questions())
    measure("one word", [(words.split()[0], code) for words, code in questions()])
    frequent = [(" ".join(LANGUAGES[code].words[n : n + 2]), code) for code in LANGUAGES for n in (0, 4, 9)]
    measure("two of the most frequent words", frequent * 3)
    measure("two words that are nowhere", [("qqqqq zzzzz", "en"), ("ظظظظظ ءغغغغ", "ar")] * 5)
    swept = seconds(lambda: demand(refresh() == 0, "a sweep that finds nothing new"))
    show("a sweep that finds nothing new", f"{swept:.2f} s", f"{ENTRIES // 2:,} pages by their versions")
    demand(middle <= TARGET, f"{TARGET * 1000:.0f} ms at the median")


if __name__ == "__main__":
    sys.exit("Run it on servers of its own: python -m bench.stage search")
