"""The public form: is this account official?"""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from participation.social.recognising import LONGEST
from portal.forms import CleanCharField, PortalForm


class CheckForm(PortalForm):
    """A name or an address, as somebody met it."""

    q = CleanCharField(
        label=_("Name or address of the account"),
        max_length=LONGEST,
        help_text=_("Such as @name, or the address copied from the app or the browser. The portal opens nothing."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Write the name or the address of the account you want to check.")},
    )
