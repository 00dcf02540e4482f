"""The desk's panels: what an organisation still has to submit, and what waits for the authority."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from policies.assessment.models import Assessment
from portal.organisations.access import unit_ids
from portal.organisations.models import Unit
from portal.staff.desk import Panel, register

MOST = 5
TEMPLATE = "policies/assessment/desk/panel.html"


@register
def panels(request: HttpRequest) -> Iterator[Panel]:
    """A panel for each of the two roles that has something to do."""
    user = request.user
    if not user.has_perm("assessment.view_assessment"):
        return
    rows = Assessment.objects.select_related("organisation", "indicator_set").order_by("indicator_set__closes_on", "pk")
    url = reverse("admin:assessment_assessment_changelist")
    if user.has_perm("assessment.change_assessment") and (units := unit_ids(user)):
        mine = Unit.objects.filter(pk__in=units).values("organisation")
        open_ones = list(rows.not_submitted().filter(organisation__in=mine)[:MOST])
        if open_ones:
            is_late = open_ones[0].indicator_set.is_over(timezone.localdate())
            yield Panel("assessments", _("Assessments to submit"), TEMPLATE, {"assessments": open_ones},
                        str(len(open_ones)), url, is_late)  # fmt: skip
    if user.has_perm("assessment.review_assessment"):
        waiting = list(rows.to_review()[: MOST + 1])
        if waiting:
            count = str(len(waiting)) if len(waiting) <= MOST else f"{MOST}+"
            yield Panel("assessment-reviews", _("Assessments to check"), TEMPLATE, {"assessments": waiting[:MOST]},
                        count, f"{url}?state__exact=submitted")  # fmt: skip
