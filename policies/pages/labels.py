"""Words for what is done to policies, for staff to read."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

VERBS = {
    "policy.changed": _("Unit or review of a policy changed"),
    "policy.confirmed": _("Policy reviewed and found still right"),
    "policy.in_force": _("Version of a policy came into force"),
    "policy.reminded": _("Reminded of a review"),
    "policyversion.started": _("New version begun"),
    "policyversion.edited": _("Text changed"),
    "policyversion.discarded": _("Draft discarded"),
    "policyversion.submitted": pgettext_lazy("policy", "Sent to review"),
    "policyversion.taken_back": _("Taken back from review"),
    "policyversion.returned": _("Sent back by the reviewer"),
    "policyversion.approved": _("Approved and put in force"),
    "policyversion.scheduled": _("Approved for a later day"),
    "policyversion.unscheduled": _("Made a draft again"),
}
