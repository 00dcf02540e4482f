"""What a commitment can be: the decision taken, and where its keeping stands."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Decision(models.TextChoices):
    """What was decided about what people asked."""

    ACCEPTED = "accepted", pgettext_lazy("decision", "Accepted")
    PARTLY = "partly", _("Accepted in part")
    DECLINED = "declined", pgettext_lazy("decision", "Declined")
    IN_STUDY = "in_study", _("Being studied")


class Status(models.TextChoices):
    """Where the keeping of the promise stands. What was declined promises nothing and has none."""

    PROMISED = "promised", _("Promised")
    UNDER_WAY = "under_way", _("Under way")
    KEPT = "kept", _("Kept")
    PARTLY_KEPT = "partly_kept", _("Kept in part")
    NOT_KEPT = "not_kept", _("Not kept")


OPEN = (Status.PROMISED, Status.UNDER_WAY)
"""Something is still to be done; only these can be overdue."""
SETTLED = (Status.KEPT, Status.PARTLY_KEPT, Status.NOT_KEPT)

CHIPS = {
    Status.PROMISED: "info",
    Status.UNDER_WAY: "info",
    Status.KEPT: "success",
    Status.PARTLY_KEPT: "warning",
    Status.NOT_KEPT: "danger",
}
"""The kind of chip each status stands in; its words carry the meaning."""


class Notice(models.TextChoices):
    """Of what the responsible unit is reminded."""

    SOON = "soon", _("Due soon")
    OVERDUE = "overdue", _("Overdue")


STANDINGS = {
    Notice.OVERDUE.value: Notice.OVERDUE.label,
    Status.PROMISED.value: Status.PROMISED.label,
    Status.UNDER_WAY.value: Status.UNDER_WAY.label,
    Decision.IN_STUDY.value: Decision.IN_STUDY.label,
    Status.KEPT.value: Status.KEPT.label,
    Status.PARTLY_KEPT.value: Status.PARTLY_KEPT.label,
    Status.NOT_KEPT.value: Status.NOT_KEPT.label,
    Decision.DECLINED.value: Decision.DECLINED.label,
}
"""By what the public list can be narrowed, in its order. The overdue stand under their status as well."""
