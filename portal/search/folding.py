"""Arabic-aware matching: one spelling for every way of writing a word, and the forms it is found under.

Text is folded (letters, digits, marks), cut into tokens of letters or of digits, and every token is stored
with its forms: without article, without a one-letter particle, without endings. A query keeps its own few
forms, so that both sides meet without taking words to their root: مكتبة is not found by كتاب.
Forms are plain words, kept in one column under PostgreSQL's `simple` configuration; its `arabic` one cuts
the first letter of فساد and does not bring بيانات and البيانات together.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

LONGEST_TOKEN = 40
MOST_QUERY_TOKENS = 16
# What one tsvector holds, with its word positions, under PostgreSQL's limit of 1 MB.
MOST_FORMS, MOST_BYTES = 60_000, 600_000
PREFIX = ":*"  # how a query form says that it is the beginning of a word

_ARTICLES = ("وبال", "وكال", "فبال", "ولل", "فلل", "وال", "بال", "كال", "فال", "ال", "لل")
_PARTICLES = "وفبلك"
_PRONOUNS = ("هما", "كما", "ها", "هم", "هن", "كم", "نا", "ه", "ي")
_ENDINGS = (*_PRONOUNS, "ات", "ان", "ين", "ون", "وا", "ا")
_QUERY_ENDINGS = tuple(ending for ending in _ENDINGS if ending != "ي")  # عماني asks for less than عمان

_SAME_LETTER = {
    **dict.fromkeys("ٱٲٳٵ", "ا"),
    **dict.fromkeys("ىیېےۍ", "ي"),
    **dict.fromkeys("ةەہھۃ", "ه"),
    **dict.fromkeys("کڪ", "ك"),
    **dict.fromkeys("ءٴـ", None),
}
# Marks shown alone, in text copied from a PDF: NFKC would put a space before them, inside the word.
_LONE_MARKS = dict.fromkeys([*range(0xFC5E, 0xFC64), *range(0xFE70, 0xFE80)])
_THOUSANDS = re.compile(r"(?<=\d)(?:٬|,(?=\d{3}(?!\d)))(?=\d)")
_TOKEN = re.compile(r"[0-9]+|[^\W\d_]+")
_ARABIC = re.compile(r"[\u0620-\u06ff]")


class _Folding(dict[int, str | None]):
    """A translation table that works out each character once."""

    def __missing__(self, code: int) -> str | None:
        char = chr(code)
        category = unicodedata.category(char)
        folded: str | None = " "
        if char in _SAME_LETTER:
            folded = _SAME_LETTER[char]
        elif category[0] == "M" or category == "Cf":  # harakat, accents, joiners, direction marks
            folded = None
        elif category == "Nd":
            folded = str(unicodedata.decimal(char))
        elif category[0] == "L":
            folded = char
        self[code] = folded
        return folded


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Return the text as it is compared: folded letters and Western digits, words parted by one space."""
    text = unicodedata.normalize("NFKD", _THOUSANDS.sub("", text.translate(_LONE_MARKS)))
    return " ".join(text.casefold().lower().translate(_FOLDING).split())


def tokens(text: str) -> list[str]:
    """Return the folded words and numbers of a text in order; `covid19` is a word and a number."""
    return [token[:LONGEST_TOKEN] for token in _TOKEN.findall(fold(text))]


STOP_WORDS = frozenset(
    tokens(
        """
        في من إلى الى على عن مع أن إن أنّ انه أنه أنها إنها أو أم ثم قد لقد كل كان كانت يكون تكون ليس
        هذا هذه ذلك تلك هؤلاء هو هي هم هن نحن أنا أنت الذي التي الذين اللذين اللاتي ما ماذا لماذا هل كيف
        متى أين كم أي لا لم لن لو إذا إذ حتى بعد قبل عند عندما بين كما فيه فيها به بها له لها لهم منه منها
        عليه عليها إليه إليها يا وهو وهي وفي ومن وعلى وعن ولا وما وأن
        a an and are as at be by can do does for from has have how i if in into is it its me my no not of on
        or our so s t that the their there these they this to us was we were what when where which who why
        will with you your
        """
    )
)


def index_forms(text: str) -> list[str]:
    """Return every form under which the text is found, each once, in order of appearance."""
    forms: dict[str, None] = {}
    for token in dict.fromkeys(tokens(text)):
        forms.update(dict.fromkeys(_stored_forms(token)))
    return list(forms)


def query_forms(text: str) -> list[set[str]]:
    """Return one set per word of a query: all words must be found, each by any form of its set.

    Stop words do not count, unless there is nothing else. The last word, when it has three letters or more, is
    also the beginning of a longer one (a form ending in `PREFIX`): people read results while they type.
    """
    typed = tokens(text)
    wanted = _wanted(typed)
    groups = [set(_asked_forms(token)) for token in wanted[:MOST_QUERY_TOKENS]]
    if groups and len(wanted) <= MOST_QUERY_TOKENS and wanted[-1] == typed[-1]:
        last = wanted[-1]
        if len(last) >= 3 and not last.isdecimal():
            groups[-1].add(last + PREFIX)
    return groups


def query_words(text: str) -> list[str]:
    """Return the folded words of a query that `query_forms` has a set for, in the same order."""
    return _wanted(tokens(text))[:MOST_QUERY_TOKENS]


def _wanted(typed: list[str]) -> list[str]:
    return [token for token in typed if token not in STOP_WORDS] or typed


def matches(query: str, text: str) -> bool:
    """Tell whether the database would find the text by the query."""
    groups, forms = query_forms(query), set(index_forms(text))
    return bool(groups) and all(any(_found(form, forms) for form in group) for group in groups)


def to_index_text(text: str) -> str:
    """Return what `to_tsvector('simple', ...)` is given for a text; cut where a tsvector would be full."""
    kept: list[str] = []
    size = 0
    for form in index_forms(text)[:MOST_FORMS]:
        size += len(form.encode()) + 1
        if size > MOST_BYTES:
            break
        kept.append(form)
    return " ".join(kept)


def to_tsquery_string(text: str) -> str | None:
    """Return what `to_tsquery('simple', ...)` is given for a query, or None when nothing is asked.

    Only letters, digits and operators written here get into it, so no query can be a syntax error.
    """
    groups = query_forms(text)
    return " & ".join(f"({' | '.join(sorted(group))})" for group in groups) or None


def _found(form: str, forms: set[str]) -> bool:
    if form.endswith(PREFIX):
        return any(stored.startswith(form.removesuffix(PREFIX)) for stored in forms)
    return form in forms


@lru_cache(maxsize=20_000)  # people write the same words again and again
def _stored_forms(token: str) -> tuple[str, ...]:
    return tuple(_forms(token))


def _forms(token: str) -> Iterator[str]:
    if not _ARABIC.search(token):
        yield from _english_forms(token)
        return
    for base in _bases(token):
        yield base
        for stem in _without_endings(base, _ENDINGS, shortest=3):
            yield stem
            yield from _without_endings(stem, _ENDINGS, shortest=3)


def _asked_forms(token: str) -> Iterator[str]:
    if not _ARABIC.search(token):
        yield from _english_forms(token)
        return
    for base in (token, *_without_article(token)):
        yield base
        yield from _without_endings(base, _QUERY_ENDINGS, shortest=4)


def _english_forms(token: str) -> Iterator[str]:
    """Yield the word and, for a regular English plural, its singular."""
    yield token
    if not token.isascii() or len(token) < 4 or not token.endswith("s") or token.endswith(("ss", "us", "is")):
        return
    yield token[:-1]
    if token.endswith("ies"):
        yield token[:-3] + "y"
    elif token.endswith(("ses", "xes", "ches", "shes", "zes")):
        yield token[:-2]


def _bases(word: str) -> Iterator[str]:
    """Yield the word, then what is left without article, without particle, and without both."""
    yield word
    yield from _without_article(word)
    if len(word) >= 5 and word[0] in _PARTICLES:
        yield word[1:]
        yield from _without_article(word[1:])


def _without_article(word: str) -> Iterator[str]:
    for article in _ARTICLES:
        if word.startswith(article):
            rest = word[len(article) :]
            if len(rest) >= 2 and rest not in STOP_WORDS:  # الله is not له
                yield rest
            return


def _without_endings(word: str, endings: tuple[str, ...], *, shortest: int) -> Iterator[str]:
    """Yield the stems of at least `shortest` letters, and the feminine singular behind ات or ت with a pronoun."""
    for ending in endings:
        stem = word.removesuffix(ending)
        if stem == word or len(stem) < 3:
            continue
        if len(stem) >= shortest:
            yield stem
        if ending == "ات":
            yield stem + "ه"
        elif stem.endswith("ت") and len(stem) >= 4:  # وزارتها, شركتين
            yield stem[:-1] + "ه"
