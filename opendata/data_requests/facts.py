"""What policies may say of requests for data, computed when they are read."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opendata.data_requests.choices import Kind
from opendata.data_requests.promises import SUBJECT
from portal.clocks.models import Metric, Policy
from portal.clocks.time_left import in_words
from portal.live_facts import Fact


def data_request_hours() -> str:
    """Within which time requests are accepted, answered and reconsidered; empty where nothing is promised."""
    first = Policy.objects.matching(SUBJECT, Kind.REQUEST, "")
    again = Policy.objects.matching(SUBJECT, Kind.RECONSIDERATION, "")
    words = [
        (first.get(Metric.ACKNOWLEDGE), _("accepted within %(time)s")),
        (first.get(Metric.FIRST_REPLY), _("answered within %(time)s")),
        (again.get(Metric.FIRST_REPLY), _("reconsidered within %(time)s")),
    ]
    return _(", ").join(text % {"time": in_words(policy.minutes)} for policy, text in words if policy)


FACTS = (
    Fact(
        "data_request_hours",
        gettext_lazy("Within which working hours a request for data is accepted, answered and reconsidered"),
        data_request_hours,
    ),
)
