"""Words for what is done to commitments."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "commitment.drafted": _("Commitment drafted"),
    "commitment.edited": _("Draft of a commitment changed"),
    "commitment.published": _("Commitment published"),
    "commitment.status": _("Status of a commitment changed"),
    "commitment.linked": _("Page linked to a commitment"),
    "commitment.unlinked": _("Link of a commitment removed"),
    "commitment.reminded": _("Reminded of a due date"),
}
