"""Due dates in words, as the public and the staff read them."""

from __future__ import annotations

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from participation.outcomes.models import Commitment
from participation.outcomes.states import Status


def due_in_words(commitment: Commitment) -> str:
    """When it is or was due and how late it is, such as "Due 3 March 2026, 40 days late"; empty without a date."""
    day = day_in_words(commitment)
    return _("Due %(day)s") % {"day": day} if day else ""


def day_in_words(commitment: Commitment) -> str:
    """The same beside a label that says "Due"."""
    if commitment.due_on is None:
        return ""
    day = date_format(commitment.due_on)
    if commitment.days_late:
        late = ngettext("%(count)d day late", "%(count)d days late", commitment.days_late)
        late %= {"count": commitment.days_late}
        wording = _("%(day)s, kept %(late)s") if commitment.status == Status.KEPT else _("%(day)s, %(late)s")
        return wording % {"day": day, "late": late}
    if commitment.status == Status.KEPT:
        return _("%(day)s, kept in time") % {"day": day}
    return _still_ahead(commitment, day) if commitment.is_open else day


def _still_ahead(commitment: Commitment, day: str) -> str:
    assert commitment.due_on is not None
    left = (commitment.due_on - timezone.localdate()).days
    if left == 0:
        return _("%(day)s, today") % {"day": day}
    text = ngettext("%(day)s, in %(count)d day", "%(day)s, in %(count)d days", left)
    return text % {"day": day, "count": left}
