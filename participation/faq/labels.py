"""Words for what is done to entries, for staff to read."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "faq.written": _("Question written"),
    "faq.revised": _("Question or answer changed"),
    "faq.published": _("Question published"),
    "faq.hidden": _("Question hidden"),
    "faq.confirmed": _("Language confirmed as current"),
    "faq.reviewed": _("Reviewed: still right"),
    "faq.dealt_with": _("Readers' opinions dealt with"),
    "faq.discarded": _("Draft question discarded"),
}
