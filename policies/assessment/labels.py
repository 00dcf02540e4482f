"""Words for what is done to assessments, for staff to read."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

VERBS = {
    "indicatorset.written": _("Indicator set begun"),
    "indicatorset.edited": _("Deadline changed"),
    "indicatorset.opened": _("Opened to the organisations"),
    "indicatorset.asked": _("Organisations added since were asked"),
    "indicator.written": _("Indicator written"),
    "indicator.edited": _("Indicator changed"),
    "indicator.removed": _("Indicator removed"),
    "assessment.saved": _("Answers saved"),
    "assessment.submitted": pgettext_lazy("assessment", "Submitted"),
    "assessment.returned": _("Returned for correction"),
    "assessment.accepted": pgettext_lazy("assessment", "Accepted"),
    "assessment.reminded": _("Reminded of the deadline"),
}
