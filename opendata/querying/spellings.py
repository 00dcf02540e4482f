"""Looking for folded words without folding the texts: a regular expression of all the ways a word can be written.

Folding turns nearly every character into one other, into a blank, or into nothing. So whether a folded text holds a
folded word can be asked of the text as it is: each letter of the word may be any character that folds to it, with
nothings between them. What is left - ligatures that fold to several letters, rare scripts, numbers with thousands
commas - is told by a second expression (`rest`) and must be folded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

SPELLED, SPELLED_TOGETHER, LEAST_SPELLED = 40, 160, 3
"""Letters that are looked for so: of one text, and of all texts of a query. What goes on longer is then compared by
folding. An expression takes 3 ms a letter before anything is looked at, and nothing can stop that."""
ORDINARY = ((0x01, 0x2FFF), (0xFB00, 0xFFFD))
"""Characters whose folding is looked up; others count as rest."""
_LONE_MARKS = r"[\x{FC5E}-\x{FC63}\x{FE70}-\x{FE7F}]*"
NUMBERS_WITH_COMMAS = rf"\p{{Nd}}{_LONE_MARKS}[,٬]{_LONE_MARKS}\p{{Nd}}"


class Spellings:
    """The spellings of every letter, worked out from the folding itself when first needed."""

    def __init__(self, fold: Callable[[str], str]) -> None:
        self._fold = fold
        self._of: dict[str, list[int]] | None = None
        self._rest = ""

    def rest(self, folded: str) -> str:
        """Finds texts that only the folding itself can compare with this."""
        self._work_out()
        commas = any(character.isdecimal() for character in folded)
        return f"{self._rest}|{NUMBERS_WITH_COMMAS}" if commas else self._rest

    def pattern(self, folded: str, letters: int = SPELLED) -> str:
        """Finds texts that hold the folded text, or the first letters of it, but for what `rest` finds."""
        of = self._work_out()
        nothing, blank = _class(of[""]), _class(of[" "])
        between = f"[{nothing}]*"
        gap = f"[{nothing}{blank}]*[{blank}][{nothing}{blank}]*"
        words = [
            between.join(f"[{_class(of.get(letter, [ord(letter)]))}]" for letter in word)
            for word in folded[:letters].split()
        ]
        return gap.join(words)

    def _work_out(self) -> dict[str, list[int]]:
        if self._of is None:
            of, alone = defaultdict[str, list[int]](list), list[int]()
            for code in (code for first, last in ORDINARY for code in range(first, last + 1)):
                folded = self._fold(f"a{chr(code)}b")
                inside = folded[1:-1]
                if len(inside) < 2:
                    of[inside].append(code)
                    alone.append(code)
            self._rest = f"[^{_class(alone)}]"
            self._of = of
        return self._of


def letters_each(texts: int) -> int:
    """How many letters are looked for of each of so many texts."""
    return max(LEAST_SPELLED, min(SPELLED, SPELLED_TOGETHER // max(texts, 1)))


def _class(codes: Iterable[int]) -> str:
    """The inside of a character class."""
    found: list[list[int]] = []
    for code in sorted(codes):
        if found and code == found[-1][1] + 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return "".join(_one(first) if first == last else f"{_one(first)}-{_one(last)}" for first, last in found)


def _one(code: int) -> str:
    return f"\\x{{{code:X}}}"
