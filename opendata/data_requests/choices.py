"""The words of requests for data: states, answers, reasons, formats, and what can happen to a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """What promises may differ by."""

    REQUEST = "request", _("Request for data")
    RECONSIDERATION = "reconsideration", _("Reconsideration")


class State(models.TextChoices):
    """Where a request stands. Nothing moves one but TRANSITIONS."""

    RECEIVED = "received", pgettext_lazy("request for data", "Received")
    ACCEPTED = "accepted", pgettext_lazy("request for data", "Being answered")
    ANSWERED = "answered", pgettext_lazy("request for data", "Answered")
    REVIEWING = "reviewing", pgettext_lazy("request for data", "Being reconsidered")
    WITHDRAWN = "withdrawn", pgettext_lazy("request for data", "Withdrawn")
    MERGED = "merged", pgettext_lazy("request for data", "Merged into another")
    REMOVED = "removed", pgettext_lazy("request for data", "Taken out of view")


class Outcome(models.TextChoices):
    """What an answer says."""

    RELEASED = "released", pgettext_lazy("answer", "Released")
    PLANNED = "planned", pgettext_lazy("answer", "Release planned")
    PARTLY = "partly", pgettext_lazy("answer", "Partly released")
    NOT_HELD = "not_held", pgettext_lazy("answer", "Not held here")
    REFUSED = "refused", pgettext_lazy("answer", "Refused")


class Refusal(models.TextChoices):
    """Why data is not released: the grounds the inventory knows."""

    PERSONAL = "personal", _("It holds personal data")
    SECURITY = "security", _("It is classified for national security")
    LAW = "law", _("A law forbids its release")
    THIRD_PARTY = "third-party", _("Somebody else holds rights in it")
    COMMERCIAL = "commercial", _("It holds commercial secrets of others")


class Ground(models.TextChoices):
    """The published reasons for taking a request out of view."""

    NOT_DATA = "not_data", _("It does not ask for data")
    PERSON = "person", _("It asks for data about particular people")
    OFFENSIVE = "offensive", _("Offensive or unlawful content")
    SPAM = "spam", _("Spam or phishing")


class Format(models.TextChoices):
    CSV = "csv", "CSV"
    XLSX = "xlsx", "XLSX"
    JSON = "json", "JSON"
    XML = "xml", "XML"
    GEOJSON = "geojson", "GeoJSON"
    API = "api", _("An interface for programs (API)")


class Happened(models.TextChoices):
    """The entries of a request's public history."""

    RECEIVED = "received", pgettext_lazy("request for data", "Received")
    ACCEPTED = "accepted", pgettext_lazy("request for data", "Accepted")
    WORDED = "worded", pgettext_lazy("request for data", "Wording changed")
    ROUTED = "routed", pgettext_lazy("request for data", "Passed on")
    ANSWERED = "answered", pgettext_lazy("request for data", "Answered")
    RECONSIDERING = "reconsidering", pgettext_lazy("request for data", "Reconsideration asked for")
    MERGED = "merged", pgettext_lazy("request for data", "Merged")
    TOOK_IN = "took_in", pgettext_lazy("request for data", "Took in another request")
    WITHDRAWN = "withdrawn", pgettext_lazy("request for data", "Withdrawn")
    REMOVED = "removed", pgettext_lazy("request for data", "Taken out of view")
    MOVED = "moved", pgettext_lazy("request for data", "Time of the answer moved")


HELD_SIGNS = {
    "trap": _("A field hidden from people was filled in"),
    "speed": pgettext_lazy("request for data", "Sent within seconds of opening the page"),
    "many": _("Many messages from the same network"),
    "links": pgettext_lazy("request for data", "Contains many links"),
}
CHIPS: dict[str, str] = {
    State.RECEIVED: "info",
    State.ACCEPTED: "info",
    State.REVIEWING: "warning",
    State.REMOVED: "danger",
    Outcome.RELEASED: "success",
    Outcome.PLANNED: "info",
    Outcome.PARTLY: "warning",
    Outcome.REFUSED: "danger",
}
"""The kind of chip a state or an outcome stands in."""
UNFINISHED = (State.RECEIVED, State.ACCEPTED, State.REVIEWING)
FINISHED = (State.ANSWERED, State.WITHDRAWN, State.MERGED, State.REMOVED)
WITH_UNIT = (State.ACCEPTED, State.REVIEWING)
UNSETTLED = (Outcome.PLANNED, Outcome.PARTLY)
"""Answers that a release may follow."""


@dataclass(frozen=True)
class Transition:
    """From which states a verb may start and where it leads."""

    sources: tuple[State, ...]
    target: State


TRANSITIONS = {
    "accept": Transition((State.RECEIVED,), State.ACCEPTED),
    "answer": Transition(WITH_UNIT, State.ANSWERED),
    "follow_up": Transition((State.ANSWERED,), State.ANSWERED),
    "merge": Transition((State.RECEIVED, State.ACCEPTED), State.MERGED),
    "remove": Transition((State.RECEIVED, State.ACCEPTED), State.REMOVED),
    "withdraw": Transition((State.RECEIVED, State.ACCEPTED), State.WITHDRAWN),
    "reconsider": Transition((State.ANSWERED,), State.REVIEWING),
}


def told(state: str, outcome: str) -> tuple[Any, str]:
    """A state in words for everybody, and the kind of chip they stand in."""
    if state == State.ANSWERED:
        return Outcome(outcome).label, CHIPS.get(outcome, "")
    return State(state).label, CHIPS.get(state, "")
