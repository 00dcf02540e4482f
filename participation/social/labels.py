"""Words for what is done to accounts, for staff to read."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "account.proposed": _("Account proposed"),
    "account.edited": _("Details of an account changed"),
    "account.discarded": _("Proposal discarded"),
    "account.listed": _("Account listed as official"),
    "account.renewed": _("Authorisation renewed"),
    "account.posted": _("Last post noted"),
    "account.delisted": _("Account taken off the register"),
    "account.reminded": _("Unit reminded of an account"),
}
