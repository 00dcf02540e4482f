"""Words for what is done here."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "accessibility.audited": _("Accessibility audit stored"),
    "accessibility.checked": _("Check by hand entered"),
    "accessibility.check_changed": _("Check by hand changed"),
    "accessibility.issue_noted": _("Known issue entered"),
    "accessibility.issue_changed": _("Known issue changed"),
}
