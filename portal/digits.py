"""Digits and invisible marks: whatever keyboard a person uses, the portal stores and compares one form."""

ARABIC_INDIC = "٠١٢٣٤٥٦٧٨٩"
PERSIAN = "۰۱۲۳۴۵۶۷۸۹"
WESTERN = "0123456789"

# Marks that change the reading direction (ALM, LRM, RLM, embeddings, overrides, isolates). In stored text
# they can make a name or a file extension read backwards. NUL is not a mark, but PostgreSQL refuses it.
_INVISIBLE = "\x00\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

_DIGITS = str.maketrans(ARABIC_INDIC + PERSIAN, WESTERN * 2)
_NUMBER = str.maketrans({"٫": ".", "٬": None, "\u2212": "-"})  # the last one is the typographic minus sign
_BIDI = str.maketrans(dict.fromkeys(_INVISIBLE))


def fold_digits(text: str) -> str:
    """Return the text with Arabic-Indic (٠-٩) and Persian (۰-۹) digits written 0-9."""
    return text.translate(_DIGITS)


def fold_number(text: str) -> str:
    """Return a typed number in the form Python reads: Western digits, "." as decimal point, no thousands mark.

    Only the Arabic marks ٫ and ٬ are touched: a Western comma may mean either, so the caller decides.
    """
    return strip_bidi(fold_digits(text)).translate(_NUMBER).strip()


def strip_bidi(text: str) -> str:
    """Return the text without direction marks and NUL characters."""
    return text.translate(_BIDI)


def isolate(text: str) -> str:
    """Text on one line that keeps its own left-to-right order inside Arabic, in plain text too.

    Without it `1234-ABCD-5` reads `ABCD-5-1234` there: the hyphens belong to neither direction.
    """
    line = " ".join(strip_bidi(text).split())
    return f"\u2066{line}\u2069"
