"""Reference numbers and tracking secrets that people read aloud, write down and type again.

Both use 31 symbols: digits and capital letters without I, L, O, U and S, which are mistaken for others.
A reference is eight random symbols and a check symbol; a secret is eight symbols derived from a form token,
so that sending the same form twice shows the same secret although only its hash is stored.
"""

import secrets
import unicodedata

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from portal.digits import fold_digits, strip_bidi

ALPHABET = "0123456789ABCDEFGHJKMNPQRTVWXYZ"
BODY_LENGTH = 8  # 31 ** 8 = 8.5e11 references
_BASE = len(ALPHABET)
_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}
_LOOKALIKES = str.maketrans("OILUS", "011V5")
_LONGEST_INPUT = 80  # beyond this nobody is typing a reference


def new_reference() -> str:
    """Return a fresh random reference `XXXX-XXXX-C`; uniqueness is the database's business."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(BODY_LENGTH))
    return _written(body + check_symbol(body))


def check_symbol(body: str) -> str:
    """Return the check symbol of eight symbols: the sum of value times position, modulo 31.

    31 is prime and the weights (1..8, and -1 for the check symbol) all differ modulo 31, so one wrong
    symbol or two swapped ones always change the sum.
    """
    total = sum(position * _VALUE[symbol] for position, symbol in enumerate(body, start=1))
    return ALPHABET[total % _BASE]


def read_reference(text: str) -> str | None:
    """Return the canonical reference a person meant, or None when it cannot be one.

    Any digits, any case, any hyphens or spaces; O is read as 0, I and L as 1, U as V, S as 5.
    """
    symbols = _symbols(text)
    if symbols is None or len(symbols) != BODY_LENGTH + 1:
        return None
    return _written(symbols) if check_symbol(symbols[:-1]) == symbols[-1] else None


def secret_from(token: str) -> str:
    """Return the tracking secret `XXXX-XXXX` of a form token: the same token gives the same secret."""
    number = int.from_bytes(salted_hmac("portal.references.secret", token, algorithm="sha256").digest(), "big")
    symbols = ""
    for _ in range(BODY_LENGTH):
        number, value = divmod(number, _BASE)
        symbols += ALPHABET[value]
    return _written(symbols)


def read_secret(text: str) -> str | None:
    """Return the canonical secret a person meant, or None; reads as generously as `read_reference`."""
    symbols = _symbols(text)
    return _written(symbols) if symbols is not None and len(symbols) == BODY_LENGTH else None


def hash_secret(secret: str, *, key: str | bytes | None = None) -> str:
    """Return what is stored of a secret (canonical form): 64 hexadecimal digits, keyed by SECRET_KEY."""
    return salted_hmac("portal.references.hash", secret, secret=key, algorithm="sha256").hexdigest()


def secret_matches(text: str, stored_hash: str) -> bool:
    """Tell whether what a person typed is the secret behind the stored hash.

    The work done is the same for a malformed, a wrong and a right secret; keys in SECRET_KEY_FALLBACKS count.
    """
    secret = read_secret(text)
    found = False
    for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        found |= constant_time_compare(hash_secret(secret or "", key=key), stored_hash)
    return found and secret is not None


def _written(symbols: str) -> str:
    return "-".join(part for part in (symbols[:4], symbols[4:8], symbols[8:]) if part)


def _symbols(text: str) -> str | None:
    """Return the symbols in what was typed, or None when anything but separators stands between them."""
    if len(text) > _LONGEST_INPUT:
        return None
    folded = strip_bidi(fold_digits(unicodedata.normalize("NFKC", text))).upper().translate(_LOOKALIKES)
    kept = "".join(char for char in folded if not _is_separator(char))
    return kept if all(char in _VALUE for char in kept) else None


def _is_separator(char: str) -> bool:
    """Tell whether a character is a space, a hyphen or dash of any kind, a tatweel or an invisible mark."""
    return char.isspace() or char in "_ـ\u2212" or unicodedata.category(char) in {"Pd", "Cf"}
