"""What a case can be, and every way from one state to another. Nothing else in the code moves a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    COMMENT = "comment", _("Comment")
    SUGGESTION = "suggestion", _("Suggestion")
    COMPLAINT = "complaint", _("Complaint")
    INQUIRY = "inquiry", _("Question")
    PORTAL_PROBLEM = "portal_problem", _("Problem with the portal")
    DATA_CORRECTION = "data_correction", _("Correction of published data")
    BARRIER = "barrier", _("Accessibility barrier")


class Channel(models.TextChoices):
    WEB = "web", _("Website")
    PHONE = "phone", _("Telephone")
    EMAIL = "email", _("E-mail")
    WALK_IN = "walk_in", _("In person")
    SOCIAL = "social", _("Social media")


class Priority(models.TextChoices):
    SAFETY = "safety", _("Public safety")
    HIGH = "high", _("High")
    NORMAL = "normal", _("Normal")
    LOW = "low", _("Low")


class State(models.TextChoices):
    RECEIVED = "received", _("Received")
    UNROUTED = "unrouted", _("To be routed by hand")
    SUSPECTED = "suspected", _("Held for a check")
    OPEN = "open", _("With the unit")
    WAITING = "waiting", _("Waiting for the citizen")
    REFERRED = "referred", _("Referred")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")
    OUT_OF_SCOPE = "out_of_scope", _("Out of scope")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REMOVED = "removed", _("Taken out of view")


@dataclass(frozen=True)
class Told:
    """A state as its sender reads it: the words, and the kind of chip they stand in."""

    words: Any
    chip: str


TOLD = {
    State.RECEIVED: Told(_("Received"), "info"),
    State.UNROUTED: Told(_("Received"), "info"),
    State.SUSPECTED: Told(_("Being checked"), "warning"),
    State.OPEN: Told(_("Being dealt with"), "info"),
    State.WAITING: Told(_("Waiting for your answer"), "warning"),
    State.REFERRED: Told(_("With another authority"), "info"),
    State.ANSWERED: Told(_("Answered"), "success"),
    State.CLOSED: Told(_("Closed"), "success"),
    State.OUT_OF_SCOPE: Told(_("Outside what we deal with"), "info"),
    State.WITHDRAWN: Told(_("Withdrawn by you"), "info"),
    State.REMOVED: Told(_("Taken out of view"), "danger"),
}


class Ground(models.TextChoices):
    """The published reasons for taking a message out of view."""

    RELIGION = "religion", _("Contempt of a religion or sect")
    DEFAMATION = "defamation", _("Libel, defamation or discrimination")
    ILLEGAL_ACTS = "illegal_acts", _("Support of or incitement to illegal acts")
    RIGHTS = "rights", _("Infringement of legal or intellectual-property rights")
    FALSE = "false", _("False or unreliable information")
    OFF_TOPIC = "off_topic", _("Not about the portal's services, facilities or policies")
    CULTURE = "culture", _("Offensive to Oman's culture")
    SPAM = "spam", _("Spam or phishing")


class ReferralState(models.TextChoices):
    SENT = "sent", _("Sent")
    ACCEPTED = "accepted", _("Accepted")
    ANSWERED = "answered", _("Answered")
    RETURNED = "returned", _("Returned")
    WITHDRAWN = "withdrawn", _("Withdrawn")


CONTACT_KINDS = [choice for choice in Kind.choices if choice[0] != Kind.BARRIER]
"""What "Contact us" offers; a barrier has a form of its own, which asks what helps to find it."""
BEGINS_WITH = {Kind.BARRIER: Priority.HIGH}
"""The priority of a kind before anybody looked at it, where that is not the normal one."""
NOT_ROUTED = (State.RECEIVED, State.UNROUTED)
WITH_UNIT = (State.OPEN, State.WAITING)
UNFINISHED = (State.RECEIVED, State.UNROUTED, State.SUSPECTED, State.OPEN, State.WAITING, State.REFERRED)
FINISHED = (State.ANSWERED, State.CLOSED, State.OUT_OF_SCOPE, State.WITHDRAWN, State.REMOVED)


@dataclass(frozen=True)
class Transition:
    """From which states a verb may start and where it leads."""

    sources: tuple[State, ...]
    target: State


TRANSITIONS = {
    "hold": Transition((State.RECEIVED,), State.UNROUTED),
    "release": Transition((State.SUSPECTED,), State.RECEIVED),
    "route": Transition((*NOT_ROUTED, *WITH_UNIT), State.OPEN),
    "reply": Transition(WITH_UNIT, State.OPEN),
    "answer": Transition(WITH_UNIT, State.ANSWERED),
    "ask": Transition((State.OPEN,), State.WAITING),
    "hear": Transition((State.WAITING,), State.OPEN),
    "refer": Transition((*NOT_ROUTED, *WITH_UNIT), State.REFERRED),
    "take_back": Transition((State.REFERRED,), State.OPEN),
    "pass_on": Transition((State.REFERRED,), State.ANSWERED),
    "close": Transition((*WITH_UNIT, State.ANSWERED), State.CLOSED),
    "rule_out": Transition((*NOT_ROUTED, State.SUSPECTED, *WITH_UNIT), State.OUT_OF_SCOPE),
    "remove": Transition((*NOT_ROUTED, State.SUSPECTED, *WITH_UNIT, State.ANSWERED, State.CLOSED), State.REMOVED),
    "withdraw": Transition(UNFINISHED, State.WITHDRAWN),
    "reopen": Transition((State.ANSWERED, State.CLOSED), State.OPEN),
}


def allowed(state: str) -> set[str]:
    """The verbs a case in this state allows."""
    return {verb for verb, transition in TRANSITIONS.items() if state in transition.sources}
