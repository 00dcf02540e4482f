"""Contact us as the participation map shows it."""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache
from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from participation.feedback.models import Case
from portal.agenda import Latest, Tool

KEPT = 600
"""Seconds for which the count stands: it needs a look at every case of the month."""


def latest() -> Latest | None:
    """How many messages were answered this month, and when the last one was."""
    try:
        count, at = cache.get_or_set("feedback:answered", _answered, KEPT) or (0, None)
    except Exception:  # without a cache the page asks the database
        count, at = _answered()
    if not count or at is None:
        return None
    text = ngettext("%(count)d message answered this month", "%(count)d messages answered this month", count)
    return Latest(title=text % {"count": count}, at=at)


def _answered() -> tuple[int, datetime | None]:
    month = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    found = Case.objects.filter(answered_at__gte=month).aggregate(count=Count("pk"), at=Max("answered_at"))
    return found["count"], found["at"]


TOOL = Tool(
    key="contact",
    title=_("Contact us"),
    description=_("A comment, a suggestion, a complaint or a question: a unit answers it within promised hours."),
    url_name="feedback:contact",
    action=_("Write to us"),
    position=10,
    latest=latest,
)
