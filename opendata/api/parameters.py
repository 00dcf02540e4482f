"""Parameters of addresses: one description each, which reads the text, refuses what is wrong, and documents itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from opendata.api.wrong import bad

MOST_PARAMETERS = 100
LONGEST_QUERY = 16_000
"""Characters behind the question mark."""
Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Parameter:
    """A parameter of the query. `kind`: text, integer, choice, boolean or moment; `most` bounds numbers and lengths."""

    name: str
    description: str
    kind: str = "text"
    default: Any = None
    least: int | None = None
    most: int | None = None
    choices: tuple[str, ...] = ()
    example: Any = None

    def read(self, text: str) -> Any:
        """The value; raises `Wrong` where the text is none."""
        return _READERS[self.kind](self, text)

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        found: dict[str, Any] = {"type": _TYPES.get(self.kind, "string")}
        bounds = ("minimum", "maximum") if self.kind == "integer" else ("minLength", "maxLength")
        limits = dict(zip(bounds, (self.least, self.most), strict=True))
        found |= {"enum": list(self.choices) or None, "default": self.default, **limits}
        return {name: value for name, value in found.items() if value is not None}


_TYPES = {"integer": "integer", "boolean": "boolean"}


def pairs_of(query: str) -> Pairs:
    """Names and values behind a question mark, in order; raises `Wrong` where they cannot be read."""
    if len(query) > LONGEST_QUERY:
        raise bad("", f"The address is too long: at most {LONGEST_QUERY:,} characters may follow the question mark.")
    try:
        text = query.encode("iso-8859-1").decode()  # WSGI hands over bytes that way, also those nobody encoded
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS)
    except UnicodeError:
        raise bad("", "The address is not UTF-8. Write letters beyond ASCII percent-encoded in UTF-8.") from None
    except ValueError:
        raise bad("", f"There are too many parameters: at most {MOST_PARAMETERS}.") from None


def values_of(pairs: Pairs, parameters: Sequence[Parameter]) -> dict[str, Any]:
    """What was given for each of the parameters, or its default; raises `Wrong` for unknown ones and repetitions."""
    known = {one.name: one for one in parameters}
    found = {one.name: one.default for one in parameters}
    seen = set()
    for name, text in pairs:
        if name not in known:
            raise bad(
                _short(name), f"There is no parameter of this name here. There are: {', '.join(known) or 'none'}."
            )
        if name in seen:
            raise bad(name, "Write it once.")
        seen.add(name)
        found[name] = known[name].read(text)
    return found


def _short(name: str) -> str:
    return name if len(name) <= 80 else f"{name[:80]}…"


def _text(parameter: Parameter, text: str) -> str:
    if len(text) < (parameter.least or 0):
        raise bad(parameter.name, f"It needs at least {parameter.least} characters.")
    if parameter.most is not None and len(text) > parameter.most:
        raise bad(parameter.name, f"It is too long: at most {parameter.most} characters.")
    return text


def _integer(parameter: Parameter, text: str) -> int:
    least, most = parameter.least or 0, parameter.most or 0
    if not (text.isascii() and text.isdecimal() and len(text) <= 12 and least <= int(text) <= most):
        raise bad(parameter.name, f"It takes a whole number from {least} to {most:,}, in digits alone.")
    return int(text)


def _choice(parameter: Parameter, text: str) -> str:
    if text not in parameter.choices:
        raise bad(parameter.name, f"It takes one of: {', '.join(parameter.choices)}.")
    return text


def _boolean(parameter: Parameter, text: str) -> bool:
    if text not in ("true", "false"):
        raise bad(parameter.name, "It takes true or false.")
    return text == "true"


def _moment(parameter: Parameter, text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise bad(
            parameter.name,
            "It takes a day or a moment in ISO 8601, such as 2026-01-31 or 2026-01-31T08:00:00Z; write + as %2B.",
        ) from None


_READERS = {"text": _text, "integer": _integer, "choice": _choice, "boolean": _boolean, "moment": _moment}
