"""Public forms that are the same whatever is asked."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.forms import PortalForm


class AddressForm(PortalForm):
    """Where a link should be sent. The address is used for that letter and for nothing else."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    draft = forms.CharField(required=False, widget=forms.HiddenInput)
    """The token of saved answers the link should lead to."""
