"""Areas, kinds of indicators, and what an assessment can be."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Area(models.TextChoices):
    """The four areas of e-transformation."""

    DATA = "data", _("Information and data")
    SERVICES = "services", pgettext_lazy("area", "Services")
    INTERNAL = "internal", _("Internal e-transactions")
    MEASUREMENT = "measurement", _("Indicators and measurement")


class Kind(models.TextChoices):
    """How an indicator is answered."""

    YES_NO = "yes_no", _("Yes or no")
    NUMBER = "number", _("A number")
    SHARE = "share", _("A share from 0 to 100")
    LEVEL = "level", _("A level from 0 to 4")
    TEXT = "text", _("Evidence in words")


HIGHEST_LEVEL = 4
LEVELS = [
    (0, _("0: not begun")),
    (1, _("1: planned")),
    (2, _("2: begun")),
    (3, _("3: mostly done")),
    (HIGHEST_LEVEL, _("4: done and kept up")),
]


class State(models.TextChoices):
    """Where an assessment stands between the organisation and the authority."""

    DRAFT = "draft", _("Being filled in")
    SUBMITTED = "submitted", _("Submitted, being checked")
    RETURNED = "returned", _("Returned for correction")
    ACCEPTED = "accepted", pgettext_lazy("assessment", "Accepted")


FILLED_IN = (State.DRAFT, State.RETURNED)
"""States in which the organisation may change its answers."""
CHIPS: dict[str, str] = {
    State.DRAFT: "",
    State.SUBMITTED: "info",
    State.RETURNED: "warning",
    State.ACCEPTED: "success",
}
"""The kind of chip a state stands in."""


class Notice(models.TextChoices):
    """What an organisation is told about the deadline, each once."""

    SOON = "soon", _("Due soon")
    OVERDUE = "overdue", _("Overdue")
