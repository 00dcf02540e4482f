"""Single cells: what is trimmed, what stands for empty, what looks like a number."""

from __future__ import annotations

import re

# Taken off the ends of cells: blanks of every kind, direction marks, zero-width marks; and tatweel, see trimmed().
TRIMMED = (
    " \t\r\n\x0b\x0c\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029"
    "\u202f\u205f\u3000\u200b\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)
TATWEEL = "\u0640"
_HIJRI_SIGN = re.compile(r"(?:^|[\s\d])هـ$")
OTHER_DIGITS = "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹"
_FOLD = str.maketrans(OTHER_DIGITS + "−٪", "0123456789" * 2 + "-%")

# Lower-case. In columns of numbers, dates or yes/no these mean that nothing is known; in text they stay what they are.
STANDS_FOR_EMPTY = (
    "-", "--", "---", "–", "—", ".", "..", "...", "…", "*", "?", "؟",
    "n/a", "na", "n.a.", "n.a", "#n/a", "null", "none", "nil", "nan",
    "غير متوفر", "غير متوفرة", "غير متاح", "غير متاحة", "غير محدد", "غير معروف",
    "لا يوجد", "لا توجد", "لا ينطبق", "غ.م", "غ م",
)  # fmt: skip
_NUMBERISH = re.compile(r"[-+(]?\s*(?=[^\s]*\d)[\d.,٫٬،:/\-%() T]+Z?|\d{1,2}[ -][^\W\d]+(?: [^\W\d]+)?[ -]\d{4}")
_YEAR = re.compile(r"(?:19|20)\d\d(?:\s*[/-]\s*(?:19|20)?\d\d)?\s*(?:م|AD)?")


def trimmed(text: str) -> str:
    """The cell without blanks and invisible marks at its ends, nor tatweel unless it belongs to "1445 هـ"."""
    text = text.strip(TRIMMED)
    if TATWEEL in (text[:1], text[-1:]):
        text = text.lstrip(TRIMMED + TATWEEL)
        text = text if _HIJRI_SIGN.search(text) else text.rstrip(TRIMMED + TATWEEL)
    return text


def fold(text: str) -> str:
    """The cell with Western digits, minus and percent signs."""
    return text.translate(_FOLD)


def is_missing(text: str) -> bool:
    """Whether the trimmed cell is empty or stands for it."""
    return not text or text.lower() in STANDS_FOR_EMPTY


def is_numberish(text: str) -> bool:
    """Whether the trimmed cell is a number, date or time rather than words."""
    return bool(_NUMBERISH.fullmatch(fold(text)))


def is_year(text: str) -> bool:
    """Whether the trimmed cell is a year or school year, as headers of wide tables are."""
    return bool(_YEAR.fullmatch(fold(text)))
