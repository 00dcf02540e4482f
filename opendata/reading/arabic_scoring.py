"""How much a decoded text reads like Arabic: what tells the three old Arabic encodings apart.

The same bytes are letters in each of them, so "is it a letter" does not decide; how often letters follow each other
does.
Scores are mean logarithms per non-ASCII character, about -1.5 for good Arabic and below -4 for the wrong encoding.
"""

from __future__ import annotations

import itertools
import math
import re

# Share of each letter in running Modern Standard Arabic, per thousand (rounded; rare ones get 1).
_LETTERS = {
    "ا": 145, "ل": 120, "ي": 75, "م": 65, "و": 60, "ن": 60, "ر": 55, "ت": 50, "ب": 38, "ع": 38, "ة": 40, "د": 35,
    "س": 30, "ه": 30, "ف": 27, "ح": 22, "ق": 22, "ك": 22, "أ": 22, "إ": 10, "ج": 15, "ش": 12, "ص": 12, "ط": 12,
    "خ": 9, "ى": 9, "ض": 7, "ذ": 7, "ز": 8, "ث": 7, "غ": 5, "ئ": 5, "ء": 5, "ظ": 4, "آ": 3, "ؤ": 3,
}  # fmt: skip
_MARKS = dict.fromkeys("ًٌٍَُِّْـ،؛؟٪٠١٢٣٤٥٦٧٨٩\u200e\u200f\xa0«»–—“”‘’…°", 2)
_RARE = dict.fromkeys("پچژگکیڤ", 0.3)
_KNOWN = {char: math.log(share / 1000) for char, share in {**_LETTERS, **_MARKS, **_RARE}.items()}
_STRANGE = math.log(0.00001)

_ARABIC_WORD = re.compile(r"[\u0621-\u0652]+")
_PAIRS = """
ال لم لا مح حا اف فظ ظة ية ات ان ون ين دد عد اس سم نة سن لع لس لت لق لب لو لج لح لخ
لد لر لش لص لط لف لك لن له لي ما مد مس من مر وا وز زا ار رة ري را رق تا تع تر ست تم
بي بن با ير يا يم يو يت جم جا جن دا در دي عم عا عل عر قا في كا كو نا ني نو ها هي هن
سك كا سا سي شم شر شا صح صا ضا ظا طر طا خا خد ذك ذا ثا ثى غي فر فا قط قة لة لى مة مي
نش وح ور ول وي يد يس يق يل ين أن أو أر إل إن إج حد حص حم حل رك رس رو زي تس تش تح ته
بل بر بع بة بو
"""
_COMMON_PAIRS = frozenset(_PAIRS.split())


def arabic_score(text: str) -> float:
    """Mean logarithm per non-ASCII character of the text; the closer to zero the more it reads like Arabic."""
    foreign = [char for char in text if ord(char) > 127]
    if not foreign:
        return 0.0
    letters = sum(_KNOWN.get(char, _STRANGE) for char in foreign) / len(foreign)
    return letters + 2.5 * _share_of_common_pairs(text) + 1.5 * _share_of_whole_words(text) - 4.0


def _share_of_common_pairs(text: str) -> float:
    """How many neighbouring letters inside Arabic words are pairs that Arabic uses often."""
    pairs = common = 0
    for word in _ARABIC_WORD.findall(text):
        for first, second in itertools.pairwise(word):
            pairs += 1
            common += (first + second) in _COMMON_PAIRS
    return common / pairs if pairs else 0.0


def _share_of_whole_words(text: str) -> float:
    """How many Arabic letters stand in words of two letters or more that touch no Latin letter or strange sign.

    A word of another encoding shows as Arabic letters broken by é, ç or box drawings.
    """
    whole = letters = 0
    for run in re.findall(r"[^\s,;|\t\"'()/.:\-0-9]+", text):
        arabic = sum("\u0621" <= char <= "\u0652" for char in run)
        letters += arabic
        strange = any(ord(char) > 127 and char not in _KNOWN for char in run)
        if arabic >= 2 and not strange:
            whole += arabic
    return whole / letters if letters else 0.0
