"""What has clocks. An app registers a Subject in apps.py; this app never learns what it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True)
class SubjectInfo:
    """What escalation needs to know of a subject: how it is called, who works on it, where it is read."""

    reference: str
    path: str
    unit_id: int | None
    assignee_id: int | None


class Subject(Protocol):
    """The promises an app makes about its rows."""

    kind: str
    """The model's label, such as "feedback.case"."""
    name: Any
    """The kind in words (lazy), for policies."""
    kinds: Any
    """Choices (value, words) of the kinds policies may name."""
    priorities: Any
    """Choices of the priorities policies may name."""
    default_hours: Any
    """Kind, priority, metric, working hours of the service levels a new portal starts with ("" is any)."""

    def describe(self, ids: Iterable[int]) -> Mapping[int, SubjectInfo]:
        """Information about the given subjects, in a fixed number of queries."""

    def sync(self, ids: Iterable[int]) -> None:
        """Copy what changed on the clocks (next due time, level) to the subjects' own rows."""

    def moved(self, moves: Mapping[int, tuple[datetime | None, datetime | None]]) -> None:
        """Tell people whose promised first reply moved: subject id -> (old due, new due)."""

    def suspended_by_incident(self) -> Iterable[int]:
        """Ids of the open subjects that wait while a production incident is open."""


_subjects: dict[str, Subject] = {}


def register(subject: Subject) -> None:
    """Add a kind of subject."""
    _subjects[subject.kind] = subject


def subject(kind: str) -> Subject:
    """The registered subject of a kind."""
    return _subjects[kind]


def subjects() -> list[Subject]:
    """All registered subjects."""
    return list(_subjects.values())
