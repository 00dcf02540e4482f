"""The lines of an explanation in words, in the language of the page."""

from __future__ import annotations

from collections.abc import Hashable

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.working_days.hours import Kind, Line


def in_words(line: Line) -> str:
    """What the stretch of time was: "Closed: Eid al-Fitr", "Weekend"."""
    name = label_in_words(line.label)
    match line.kind:
        case Kind.COUNTED:
            return _("Counted (special hours: %(name)s)") % {"name": name} if name else _("Counted")
        case Kind.OUTSIDE_HOURS:
            return _("Outside working hours")
        case Kind.WEEKEND:
            return _("Weekend")
        case Kind.CLOSURE:
            return _("Closed: %(name)s") % {"name": name}
        case Kind.SPECIAL_HOURS:
            return _("Not worked (special hours: %(name)s)") % {"name": name}
        case Kind.PAUSE:
            return _("Paused: %(reason)s") % {"reason": name} if name else _("Paused")
        case Kind.NEVER:
            return _("The calendar has no working hours")


def label_in_words(label: Hashable) -> str:
    """A calendar's label is a pair, Arabic and English; any other, such as a pause's reason, speaks for itself."""
    if isinstance(label, tuple):
        arabic, english = label
        return arabic if get_language() == "ar" else english
    return "" if label is None else str(label)
