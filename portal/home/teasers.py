"""What the home page shows of the areas, from live rows."""

from __future__ import annotations

from typing import Any

from participation.feedback.forms import HINTS
from participation.feedback.states import Kind
from portal.clocks.models import Metric, Policy


def message_kinds() -> list[dict[str, Any]]:
    """Each kind of message with its hint and the working hours promised for a first reply, in one query."""
    rows = Policy.objects.filter(subject_kind="feedback.case", metric=Metric.FIRST_REPLY, priority="", is_active=True)
    minutes = {policy.kind: policy.minutes for policy in rows}
    return [
        {
            "value": value,
            "label": label,
            "hint": HINTS[Kind(value)],
            "hours": minutes.get(value, minutes.get("", 0)) // 60,
        }
        for value, label in Kind.choices
    ]
