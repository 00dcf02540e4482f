"""Words for what is done to holds and early disposals, for staff to read."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

VERBS = {
    "legal_hold.placed": _("Legal hold placed"),
    "legal_hold.lifted": _("Legal hold lifted"),
    "early_disposal.requested": _("Early disposal asked for"),
    "early_disposal.approved": pgettext_lazy("early disposal", "Approved"),
    "early_disposal.refused": pgettext_lazy("early disposal", "Refused"),
    "early_disposal.done": _("Early disposal carried out"),
}
