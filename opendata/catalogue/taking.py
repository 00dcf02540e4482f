"""In which codings a visitor takes an answer (RFC 9110, Accept-Encoding)."""

from __future__ import annotations

_GZIP = ("gzip", "x-gzip")


def takes_gzip(header: str) -> bool:
    """Does this header allow gzip? What it names stands above what it allows by an asterisk."""
    weights = dict(_weighed(one) for one in header.lower().split(","))
    named = [weights[name] for name in _GZIP if name in weights]
    return max(named) > 0 if named else weights.get("*", 0) > 0


def _weighed(text: str) -> tuple[str, float]:
    """A coding and its weight; one that cannot be read is not wanted."""
    name, _semicolon, rest = text.partition(";")
    key, equals, value = rest.partition("=")
    if not (key.strip() == "q" and equals):
        return name.strip(), 0 if rest.strip() else 1
    try:
        return name.strip(), float(value.strip())
    except ValueError:
        return name.strip(), 0
