"""What people can take part in: a registry each area fills in its apps.py.

The participation map, the calendar and the home page read it; no area knows another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class Phase(models.TextChoices):
    """Where an activity stands, as the calendar groups it."""

    UPCOMING = "upcoming", _("Coming")
    OPEN = "open", _("Open now")
    AWAITING = "awaiting", _("Closed, awaiting its outcome")
    DONE = "done", _("Done")


@dataclass(frozen=True)
class Activity:
    """One poll, survey or the like, worded in the active language.

    `path` is its address without the language prefix ("/polls/opening-hours/"): outcomes refer to it by that.
    Without `closes_at` it stands open.
    """

    key: str
    """Stable and unique, such as "surveys.questionnaire:12"."""
    tool: str
    """Key of its Tool."""
    title: str
    path: str
    opens_at: datetime
    closes_at: datetime | None = None
    summary: str = ""
    held_by: str = ""
    """Name of the organisation it is held for."""
    has_outcome: bool = False
    """Whether an outcome of its own is published; one registered elsewhere by path counts as well."""
    updated_at: datetime | None = None

    def is_over(self, at: datetime) -> bool:
        """Whether it has closed; closing time itself is closed."""
        return self.closes_at is not None and at >= max(self.opens_at, self.closes_at)

    def phase(self, at: datetime, outcomes: Mapping[str, Outcome] | None = None) -> Phase:
        """Where it stands at a moment.

        For many at once use `placed`, or give the `outcomes_of` them all: each alone asks the database.
        """
        if at < self.opens_at:
            return Phase.UPCOMING
        if not self.is_over(at):
            return Phase.OPEN
        known = outcomes if outcomes is not None or self.has_outcome else outcomes_of([self.path])
        return Phase.DONE if self.has_outcome or self.path in (known or {}) else Phase.AWAITING


@dataclass(frozen=True)
class Latest:
    """The newest thing that happened with a tool, worded in the active language."""

    title: str
    at: datetime
    path: str = ""


@dataclass(frozen=True)
class Tool:
    """A way to take part, as the map shows it. Texts are lazy; callables answer in the active language."""

    key: str
    title: object
    description: object
    url_name: str
    """Name of the address of its page, such as "surveys:polls"."""
    action: object
    """What one does there, as the words of a link: "See the polls"."""
    position: int = 100
    latest: Callable[[], Latest | None] = lambda: None
    activities: Callable[[], Iterable[Activity]] = tuple


@dataclass(frozen=True)
class Outcome:
    """What came of something: where it is told, and since when. `title` is in the active language."""

    title: str
    path: str
    published_at: datetime


@dataclass(frozen=True)
class Placed:
    """An activity where it stands, with what came of it where that is told on a page of its own."""

    activity: Activity
    phase: Phase
    outcome: Outcome | None = None


@dataclass(frozen=True)
class Account:
    """An official account in a social network. `network` and `name` are in the active language."""

    network: str
    name: str
    url: str


OutcomeLookup = Callable[[Sequence[str]], Mapping[str, Outcome]]
_tools: dict[str, Tool] = {}
AccountProvider = Callable[[], Iterable[Account]]
_lookups: list[OutcomeLookup] = []
_account_providers: list[AccountProvider] = []


def register(tool: Tool) -> None:
    """Add a tool to the map."""
    _tools[tool.key] = tool


def tools() -> list[Tool]:
    """Every tool, in the order of the map."""
    return sorted(_tools.values(), key=lambda tool: (tool.position, tool.key))


def activities() -> list[Activity]:
    """Everything on the calendar, by opening time."""
    found = [activity for tool in tools() for activity in tool.activities()]
    return sorted(found, key=lambda activity: (activity.opens_at, activity.key))


def register_outcomes(lookup: OutcomeLookup) -> None:
    """Add somebody who knows outcomes: given paths without language prefix, it answers for those it knows."""
    _lookups.append(lookup)


def outcomes_of(paths: Sequence[str]) -> dict[str, Outcome]:
    """The published outcome of each path that has one."""
    found: dict[str, Outcome] = {}
    if not paths:
        return found
    for lookup in _lookups:
        found |= lookup(paths)
    return found


def placed(found: Iterable[Activity], at: datetime) -> list[Placed]:
    """Where each of many stands; their outcomes are asked for once."""
    found = list(found)
    outcomes = outcomes_of([activity.path for activity in found if activity.is_over(at)])
    return [Placed(activity, activity.phase(at, outcomes), outcomes.get(activity.path)) for activity in found]


def register_accounts(provider: AccountProvider) -> None:
    """Add somebody who knows official accounts in social networks."""
    _account_providers.append(provider)


def accounts() -> list[Account]:
    """Every official account, in the order their providers give them."""
    return [account for provider in _account_providers for account in provider()]
