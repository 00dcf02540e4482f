"""What a version of a policy can be, and the groups the list of policies has."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Group(models.TextChoices):
    """Under what the public finds a policy."""

    SERVICE = "service", _("How we serve you")
    PARTICIPATION = "participation", _("Taking part and open data")
    RIGHTS = "rights", _("Your privacy and the rules of use")


class Stage(models.TextChoices):
    """How far the work on a version has come; stored. What the public sees follows from it and the time."""

    DRAFT = "draft", pgettext_lazy("policy", "Draft")
    IN_REVIEW = "in_review", pgettext_lazy("policy", "In review")
    APPROVED = "approved", pgettext_lazy("policy", "Approved")


class State(models.TextChoices):
    """What a version is at a moment; worked out, never stored."""

    DRAFT = "draft", pgettext_lazy("policy", "Draft")
    IN_REVIEW = "in_review", pgettext_lazy("policy", "In review")
    SCHEDULED = "scheduled", pgettext_lazy("policy", "Scheduled")
    PUBLISHED = "published", pgettext_lazy("policy", "In force")
    SUPERSEDED = "superseded", pgettext_lazy("policy", "Superseded")


CHIPS: dict[str, str] = {
    State.DRAFT: "",
    State.IN_REVIEW: "warning",
    State.SCHEDULED: "info",
    State.PUBLISHED: "success",
    State.SUPERSEDED: "",
}
"""The kind of chip a state stands in."""
