"""What an entry can be, and what people say of it."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    HIDDEN = "hidden", pgettext_lazy("question", "Hidden")


class Reason(models.TextChoices):
    """Why an answer did not help."""

    NO_ANSWER = "no_answer", _("It does not answer my question")
    UNCLEAR = "unclear", _("It is hard to understand")
    OUTDATED = "outdated", _("It is out of date")
    TOO_LONG = "too_long", _("It is too long")
    OTHER = "other", _("Something else")


class Outcome(StrEnum):
    """What happened to an entry shown to somebody about to send a message; each is a column of Match."""

    SUGGESTED = "suggested"
    ANSWERED = "answered"
    SENT = "sent"
    ASKED = "asked"
