"""Sending a message of some kind from another area's page, without that area knowing who handles messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """What somebody wrote. `kind` is a kind of message, such as "barrier"; `token` makes sending it twice harmless."""

    kind: str
    text: str
    language: str
    token: str
    name: str = ""
    email: str = ""
    phone: str = ""
    page: str = ""
    """Address of the page it is about, without the language prefix."""
    suspicion: str = ""
    """Why a person should look before it goes on; empty where nothing is suspicious."""


@dataclass(frozen=True)
class Receipt:
    """Where it went: its reference, and the address of the page that confirms it (with what follows it up)."""

    reference: str
    url: str


Handler = Callable[[Message], Receipt]
_handlers: list[Handler] = []


def register(handler: Handler) -> None:
    """Name who takes messages; there is one."""
    _handlers[:] = [handler]


def submit(message: Message) -> Receipt:
    """Hand a message over; it is stored when this returns. Raises LookupError where nobody takes messages."""
    if not _handlers:
        raise LookupError("Nobody takes messages.")
    return _handlers[0](message)
