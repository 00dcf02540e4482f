"""Words for what is done to requests for data, for staff to read."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

VERBS = {
    "datarequest.submitted": pgettext_lazy("request for data", "Received"),
    "datarequest.accept": _("Accepted and worded for the public"),
    "datarequest.word": _("Public wording changed"),
    "datarequest.claim": pgettext_lazy("request for data", "Claimed"),
    "datarequest.assign": pgettext_lazy("request for data", "Assigned"),
    "datarequest.route": _("Passed to a unit"),
    "datarequest.answer": pgettext_lazy("request for data", "Answered"),
    "datarequest.follow_up": _("A release followed the answer"),
    "datarequest.merge": _("Merged into another request"),
    "datarequest.remove": pgettext_lazy("request for data", "Taken out of view"),
    "datarequest.withdraw": _("Withdrawn by the requester"),
    "datarequest.reconsider": _("Reconsideration asked for"),
    "datarequest.contact_viewed": _("Contact details looked at"),
    "datarequest.contact_search": _("Searched by contact details"),
    "datarequest.contact_forgotten": _("Contact details removed"),
    "datarequest.disposed": _("Words of the requester removed"),
}
