"""Service levels in words, for the policies that state them."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participation.feedback.states import BEGINS_WITH, Kind
from portal.clocks.models import Metric, Policy
from portal.clocks.time_left import in_words
from portal.live_facts import Fact


def barrier_level() -> str:
    """What is promised about a barrier, as the service levels stand now; empty where they promise nothing."""
    found = Policy.objects.matching("feedback.case", Kind.BARRIER, BEGINS_WITH[Kind.BARRIER])
    words = {
        Metric.ACKNOWLEDGE: _("an acknowledgement within %(time)s"),
        Metric.FIRST_REPLY: _("a first reply within %(time)s"),
        Metric.RESOLUTION: _("a solution within %(time)s"),
    }
    promised = [words[metric] % {"time": in_words(found[metric].minutes)} for metric in words if metric in found]
    return _(", ").join(promised)


BARRIER_LEVEL = Fact(
    name="barrier_level",
    description=gettext_lazy("What is promised to those who report an accessibility barrier, in working hours"),
    value=barrier_level,
)
