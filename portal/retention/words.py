"""Periods in words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.retention.registry import Rule

YEAR = 365
MONTH = 30


def period(days: int | None) -> str:
    """A number of days in the largest unit that fits it exactly: "3 years", "6 months", "7 days"."""
    if days is None:
        return _("Permanently")
    if days == 0:
        return _("Not kept any longer")
    if days % YEAR == 0:
        return ngettext("%(count)d year", "%(count)d years", days // YEAR) % {"count": days // YEAR}
    if days % MONTH == 0:
        return ngettext("%(count)d month", "%(count)d months", days // MONTH) % {"count": days // MONTH}
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def kept(rule: Rule) -> str:
    """How long what a rule is about is kept, and from when: "3 years, counted from the day it was answered"."""
    if not rule.days:
        return period(rule.days)
    return _("%(period)s, counted from %(moment)s") % {"period": period(rule.days), "moment": rule.counted_from}
