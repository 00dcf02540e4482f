"""Service levels, escalation steps and the default calendar as this process last read them.

Every message and every act on a case asks for them and they hardly ever change. One small query tells whether their
rows still have the content they were read with, so nothing outdated is ever used, whoever changed it and however.
"""

from __future__ import annotations

from functools import cached_property

from django.db import connection

from portal.clocks.models import EscalationStep, Policy
from portal.working_days.models import Calendar

_CONTENT = """
    SELECT concat_ws('/',
        (SELECT md5(string_agg(policy::text, ' ' ORDER BY policy.id)) FROM clocks_policy policy),
        (SELECT md5(string_agg(step::text, ' ' ORDER BY step.id)) FROM clocks_escalationstep step),
        (SELECT md5(calendar::text) FROM working_days_calendar calendar WHERE calendar.is_default))
"""


class Rulebook:
    """What was read while the tables had one content. Its rows are shared: do not change them."""

    def __init__(self, content: str) -> None:
        self.content = content
        self._policies: dict[tuple[str, str, str], dict[str, Policy]] = {}

    def policies(self, subject_kind: str, kind: str, priority: str) -> dict[str, Policy]:
        """The policy of each metric for a subject, as `Policy.objects.matching` answers."""
        key = (subject_kind, kind, priority)
        if key not in self._policies:
            self._policies[key] = Policy.objects.matching(*key)
        return self._policies[key]

    @cached_property
    def steps(self) -> list[EscalationStep]:
        """The steps in use, by level."""
        return list(EscalationStep.objects.filter(is_active=True))

    @cached_property
    def default_calendar(self) -> Calendar:
        """The calendar of units that have none of their own; Calendar.DoesNotExist when nobody named one."""
        return Calendar.objects.default()


_latest = Rulebook("")


def current() -> Rulebook:
    """The rules as they are now, in this transaction: one query, and a few more after a change."""
    global _latest
    with connection.cursor() as cursor:
        cursor.execute(_CONTENT)
        (content,) = cursor.fetchone()
    book = _latest
    if book.content != content:
        book = _latest = Rulebook(content)
    return book
