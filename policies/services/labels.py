"""Words for what is done to services, for staff to read."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

VERBS = {
    "service.written": _("Service entered"),
    "service.edited": _("Text changed"),
    "service.discarded": _("Draft discarded"),
    "service.published": pgettext_lazy("service", "Published"),
    "service.withdrawn": pgettext_lazy("service", "Withdrawn"),
    "service.reviewed": _("Reviewed and found right"),
}
