"""Did you mean: the known word nearest to one that finds nothing.

A vocabulary of our own, because pg_trgm is not everywhere to be had and reads no Arabic letter under the C locale.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from django.db import connection, transaction

from portal.search import registry
from portal.search.folding import LONGEST_TOKEN, STOP_WORDS, index_forms, tokens
from portal.search.indexing import OUR_LOCKS
from portal.search.models import Word
from portal.search.words import words_of

SHORTEST = 4
"""Letters of a word from which on it may be a slip of another."""
MOST_CANDIDATES = 200
BATCH = 2_000
LONGEST_SHOWN = 80


def learn() -> int:
    """Write down every word of what is public now, as it is most often written; says how many there are."""
    written: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for source in registry.sources():
        for document in source.documents(None):
            for word in words_of(f"{document.title} {document.text}"):
                _count(written, word.group())
    rows = [
        Word(folded=folded, shown=shown.most_common(1)[0][0], count=shown.total(), variants=variants(folded))
        for folded, shown in written.items()
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [OUR_LOCKS])
        Word.objects.all().delete()
        Word.objects.bulk_create(rows, batch_size=BATCH)
    return len(rows)


def _count(written: defaultdict[str, Counter[str]], word: str) -> None:
    folded = tokens(word)
    if len(folded) == 1 and _may_be_meant(folded[0]) and len(word) <= LONGEST_SHOWN:
        written[folded[0]][word] += 1


def _may_be_meant(token: str) -> bool:
    return SHORTEST <= len(token) < LONGEST_TOKEN and not token.isdecimal() and token not in STOP_WORDS


def variants(word: str) -> list[str]:
    """The word, and what is left of it without any one letter."""
    return list(dict.fromkeys([word, *(word[:at] + word[at + 1 :] for at in range(len(word)))]))


def corrected(question: str) -> str | None:
    """The question with each unknown word replaced by the known one nearest to it; None where nothing was replaced."""
    found = list(words_of(question))
    better = _nearest({token for word in found for token in tokens(word.group()) if _may_be_meant(token)})
    text, end = "", 0
    for word in found:
        folded = tokens(word.group())
        known = better.get(folded[0]) if len(folded) == 1 else None
        text += question[end : word.start()] + (known or word.group())
        end = word.end()
    return text + question[end:] if better else None


def _nearest(asked: set[str]) -> dict[str, str]:
    """For each of these words that no page has in any form, the nearest one that some page has, as it is written."""
    unknown = asked - _known(asked)
    wanted = {token: variants(token) for token in unknown}
    if not wanted:
        return {}
    everything = sorted({variant for some in wanted.values() for variant in some})
    candidates = list(Word.objects.near(everything).order_by("-count", "folded")[:MOST_CANDIDATES])
    best = {token: _best(token, candidates) for token in wanted}
    return {token: word.shown for token, word in best.items() if word}


def _known(asked: Iterable[str]) -> set[str]:
    forms = {token: index_forms(token) for token in asked}
    present = set(
        Word.objects.filter(pk__in=[form for some in forms.values() for form in some]).values_list("pk", flat=True)
    )
    return {token for token, some in forms.items() if not present.isdisjoint(some)}


def _best(token: str, candidates: list[Word]) -> Word | None:
    """The candidate with the fewest slips between, of these the one met most often."""
    allowed = 1 if len(token) <= 5 else 2
    scored = [(slips(token, word.folded), number, word) for number, word in enumerate(candidates)]
    near = [score for score in scored if score[0] <= allowed]
    return min(near)[2] if near else None


def slips(one: str, other: str) -> int:
    """How many slips make one word of the other: a letter too many, missing, wrong, or two that changed places."""
    before_last: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        now = [row]
        for column, against in enumerate(other, start=1):
            cost = min(last[column] + 1, now[column - 1] + 1, last[column - 1] + (letter != against))
            swapped = row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against
            now.append(min(cost, before_last[column - 2] + 1) if swapped else cost)
        before_last, last = last, now
    return last[-1]
