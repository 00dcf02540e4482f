"""What is kept of people, why, on which ground and for how long; each area registers its models in apps.py.

The privacy policy is written from it, and the nightly disposal obeys it. This module knows nothing of the rest of the
portal, so that every app, also those below portal.retention, may fill it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet


@dataclass(frozen=True)
class Rule:
    """How long one kind of row, or some of its fields, is kept. Texts are lazy."""

    key: str
    """Stable and unique, such as "feedback.contact"."""
    model: str
    """Label of the model: "feedback.case"."""
    fields: tuple[str, ...]
    """Names of the fields it speaks of."""
    title: object
    """What it is, in a citizen's words: "Your name and contact details"."""
    purpose: object
    basis: object
    days: int | None
    """Days kept after `counted_from`; None: for ever, for the reason in `basis`."""
    counted_from: object
    """In words: "the day the message was closed"."""
    due: Callable[[datetime], QuerySet] | None = None
    """Rows whose time was over at a moment; None where nothing is ever disposed of or another task does it."""
    dispose: Callable[[QuerySet], int] | None = None
    """Remove or empty these rows, leaving counts and references; says how many. Idempotent."""
    within: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    """What the rows belong to, for legal holds and early disposal: label of a subject -> lookup (or several) of its key
    from a row, such as {"feedback.case": "case"}. Units and organisations the row itself points at need not be said."""
    at_once: Callable[[], QuerySet] | None = None
    """Rows that go with a subject disposed of before its time, where these are more than are ever due: such as letters
    that wait to be sent. None: what is due at the end of time."""
    about: tuple[str, str] | None = None
    """Columns with the label and the key (as text) of a subject, where the rows may be about anything."""
    goes_with_subject: bool = True
    """Whether the rows go when their subject is disposed of before its time; the trail of what was done does not."""

    def paths(self, kind: str) -> tuple[str, ...]:
        """The lookups that lead from a row to a subject of this kind."""
        found = self.within.get(kind, ())
        return (found,) if isinstance(found, str) else found


@dataclass(frozen=True)
class Subject:
    """Something a legal hold, or an early disposal, can be about."""

    model: str
    """Its label."""
    name: object
    """Lazy: "Message"."""
    hint: object
    """Lazy: what to type to name one: "its reference"."""
    find: Callable[[str], Any]
    """The key of what staff typed; None where there is no such thing."""
    describe: Callable[[Collection[str]], Mapping[str, str]]
    """From keys (as text) to words that name them to staff, in one query; nothing personal."""
    may_go_early: bool = False
    """Whether it can be disposed of before its time."""


Guard = Callable[[QuerySet], QuerySet]
_rules: dict[str, Rule] = {}
_subjects: dict[str, Subject] = {}
_periods: dict[str, int] = {}
_guards: list[Guard] = []


def register(*rules: Rule) -> None:
    """Add rules."""
    _rules.update({rule.key: rule for rule in rules})


def rules() -> list[Rule]:
    """Every rule, by key."""
    return sorted(_rules.values(), key=lambda rule: rule.key)


def register_subjects(*subjects: Subject) -> None:
    """Add what holds and early disposals may name."""
    _subjects.update({subject.model: subject for subject in subjects})


def subjects() -> list[Subject]:
    """Everything holds may name, in the order in which it was registered."""
    return list(_subjects.values())


def subject(model: str) -> Subject | None:
    """The subject of this label."""
    return _subjects.get(model)


def days(key: str, default: int) -> int:
    """How many days the operator keeps what `key` is about: as RETENTION_DAYS says, else `default`.

    Raises ImproperlyConfigured below a day: 0 reads like "never", and would dispose of all that is finished.
    """
    period = int(getattr(settings, "RETENTION_DAYS", {}).get(key, default))
    if period < 1:
        raise ImproperlyConfigured(f"RETENTION_DAYS: {key} must be 1 or more.")
    _periods[key] = period
    return period


def adjustable() -> dict[str, int]:
    """The periods an operator may set, as they are."""
    return dict(_periods)


def before(at: datetime, days: int) -> datetime:
    """The moment so many days earlier."""
    return at - timedelta(days=days)


def guard(function: Guard) -> Guard:
    """Add a function that leaves out of a queryset what must not be disposed of now."""
    if function not in _guards:
        _guards.append(function)
    return function


def unheld(rows: QuerySet) -> QuerySet:
    """These rows without those under a legal hold. Every path that disposes of something asks here, in the transaction
    in which it disposes. Who ends their own subscription is not asked."""
    for each in _guards:
        rows = each(rows)
    return rows
