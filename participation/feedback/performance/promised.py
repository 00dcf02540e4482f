"""The promises in words: how many working hours the service levels give each kind of message."""

from __future__ import annotations

from django.utils.translation import gettext as _

from participation.feedback.performance.showing import Line, Table
from participation.feedback.states import Kind, Priority
from portal.clocks.models import Metric, Policy
from portal.clocks.time_left import in_words

METRICS = (Metric.ACKNOWLEDGE, Metric.FIRST_REPLY, Metric.RESOLUTION)


def promises_table() -> Table:
    """One line for each kind of message, and for each priority that has promises of its own; one query."""
    policies = list(Policy.objects.filter(subject_kind="feedback.case", is_active=True))
    own = sorted({(policy.kind, policy.priority) for policy in policies if policy.priority})
    keys = [(kind, "") for kind in Kind.values]
    for kind, priority in own:
        place = keys.index((kind, "")) + 1 if kind else len(keys)
        keys.insert(place, (kind, priority))
    lines = [Line(_label(*key), [_hours(policies, metric, *key) for metric in METRICS]) for key in keys]
    headings = [str(metric.label) for metric in METRICS]
    return Table(_("Promises by kind of message"), _("Kind"), headings, lines)


def _label(kind: str, priority: str) -> str:
    words = str(Kind(kind).label) if kind else _("Every kind")
    return f"{words} – {Priority(priority).label}" if priority else words


def _hours(policies: list[Policy], metric: Metric, kind: str, priority: str) -> str:
    """The most specific promise, chosen as portal.clocks chooses."""
    fitting = [
        policy
        for policy in policies
        if policy.metric == metric and policy.kind in ("", kind) and policy.priority in ("", priority)
    ]
    best = max(fitting, key=lambda policy: (bool(policy.kind), bool(policy.priority)), default=None)
    return in_words(best.minutes) if best else ""
