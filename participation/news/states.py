"""What an announcement can be, why one is taken down, and what may come of an appeal."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Worked out from dates and marks, never stored."""

    DRAFT = "draft", pgettext_lazy("announcement", "Draft")
    SCHEDULED = "scheduled", pgettext_lazy("announcement", "Scheduled")
    VISIBLE = "visible", pgettext_lazy("announcement", "Published")
    EXPIRED = "expired", pgettext_lazy("announcement", "No longer current")
    HIDDEN = "hidden", pgettext_lazy("announcement", "Taken down")


CHIPS: dict[str, str] = {
    State.DRAFT: "",
    State.SCHEDULED: "info",
    State.VISIBLE: "success",
    State.EXPIRED: "warning",
    State.HIDDEN: "danger",
}
"""The kind of chip a state stands in."""


class Ground(models.TextChoices):
    """Why an announcement was taken down: the portal's published prohibitions, and two mishaps of an office."""

    RELIGION = "religion", _("Contempt of a religion or sect")
    DEFAMATION = "defamation", _("Libel, defamation or discrimination")
    ILLEGAL_ACTS = "illegal_acts", _("Support of or incitement to illegal acts")
    RIGHTS = "rights", _("Infringement of legal or intellectual-property rights")
    FALSE = "false", _("False or unreliable information")
    CULTURE = "culture", _("Offensive to Oman's culture")
    PRIVACY = "privacy", _("It showed personal data")
    MISTAKE = "mistake", _("Published by mistake")


class Outcome(models.TextChoices):
    """What was decided on an appeal against taking an announcement down."""

    UPHELD = "upheld", _("It stays down")
    RESTORED = "restored", _("It is shown again")
