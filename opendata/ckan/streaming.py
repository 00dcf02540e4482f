"""Results too long to be put together at once, given out piece by piece."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.core.serializers.json import DjangoJSONEncoder

PIECE = 64 * 1024
"""Characters gathered before they are sent."""


class Result(Protocol):
    """A result that comes as pieces of JSON."""

    def parts(self) -> Iterator[str]: ...


@dataclass(frozen=True)
class Long:
    """A result with a long list in it: `key` names its place in `head`; without one the list is the result."""

    items: Iterable[Any]
    key: str = ""
    head: Mapping[str, Any] = field(default_factory=dict)

    def parts(self) -> Iterator[str]:
        """The JSON, item by item."""
        if self.key:
            yield "{" + "".join(f"{dumps(name)}: {dumps(value)}, " for name, value in self.head.items())
            yield f"{dumps(self.key)}: "
        mark = "["
        for item in self.items:
            yield f"{mark}{dumps(item)}"
            mark = ", "
        yield f"{'[' if mark == '[' else ''}]{'}' if self.key else ''}"


def dumps(value: Any) -> str:
    """JSON with Arabic letters as they are."""
    return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder, allow_nan=False)


def encoded(text: str) -> bytes:
    """UTF-8; halves of characters, which a message may repeat from a question, become question marks."""
    return text.encode("utf-8", "replace")


def envelope(help_url: str, result: Result) -> Iterator[bytes]:
    """The answer with this result."""
    return gathered(_enveloped(help_url, result))


def _enveloped(help_url: str, result: Result) -> Iterator[str]:
    yield f'{{"help": {dumps(help_url)}, "success": true, "result": '
    yield from result.parts()
    yield "}"


def gathered(parts: Iterable[str]) -> Iterator[bytes]:
    """The texts as bytes in pieces worth sending."""
    waiting: list[str] = []
    size = 0
    for part in parts:
        waiting.append(part)
        size += len(part)
        if size >= PIECE:
            yield encoded("".join(waiting))
            waiting, size = [], 0
    if waiting:
        yield encoded("".join(waiting))
