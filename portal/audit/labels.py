"""Registry of words for audit verbs; each app adds its own in apps.py."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise

_labels: dict[str, str | Promise] = {}


def register(labels: Mapping[str, str | Promise]) -> None:
    """Add (lazy) words for verbs, such as {"case.routed": _("Routed to a unit")}."""
    _labels.update(labels)


def verb_label(verb: str) -> str:
    """Words for a verb, or the verb itself where no app gave any."""
    return str(_labels.get(verb, verb))
