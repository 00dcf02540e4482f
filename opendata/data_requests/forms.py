"""Public forms: asking for data, following it up, having an answer reconsidered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from opendata.data_requests.actions.intake import Entry
from opendata.data_requests.choices import Format
from opendata.data_requests.links import FormToken, new_form_token, read_form_token
from opendata.inventory.models import Asset
from portal.forms import CleanCharField, CleanTextField, PhoneField, PortalForm
from portal.organisations.models import Organisation

MOST_LINKS = 3
FASTEST = 3
"""Seconds below which nobody has read and filled in the form; a person then looks at it first."""


class AskForm(PortalForm):
    """What data is wanted. Only that is needed; of an asset of the inventory the agency is known."""

    token = forms.CharField(widget=forms.HiddenInput, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    title = CleanCharField(
        label=_("What data do you need?"), max_length=200,
        help_text=_("In a few words, such as: road accidents by wilayat and month."),
    )  # fmt: skip
    text = CleanTextField(
        label=_("What exactly?"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Which figures or records, of which years and places. Not about particular people."),
    )  # fmt: skip
    why = CleanTextField(
        label=_("What do you need it for?"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("You owe nobody a reason. It helps to find the data that serves you."),
    )  # fmt: skip
    organisation: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Which agency holds it?"), required=False,
        empty_label=_("I do not know: find out for me"),
    )  # fmt: skip
    format = forms.ChoiceField(
        label=_("Format you prefer"), choices=[("", _("Any format")), *Format.choices], required=False
    )
    name = CleanCharField(label=_("Your name"), max_length=120, required=False)
    email = forms.EmailField(
        label=_("E-mail"), required=False, max_length=254, help_text=_("We send the answer there, and nothing else.")
    )
    phone = PhoneField(label=_("Telephone"), required=False)
    website = forms.CharField(
        label=_("Leave this empty"), required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )  # fmt: skip

    def __init__(self, *args: Any, asset: Asset | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asset = asset
        self.form_token = FormToken("", 0)
        if not self.is_bound:
            self.initial.setdefault("token", new_form_token())
        if asset is not None:
            del self.fields["organisation"]
            self.initial.setdefault("title", asset.public_title)
        else:
            field: Any = self.fields["organisation"]
            field.queryset = Organisation.objects.filter(open_data__isnull=False).order_by("name", "code")

    def clean_token(self) -> str:
        token = read_form_token(self.cleaned_data["token"])
        if token is None:
            self.put("token", new_form_token())
            raise forms.ValidationError(
                _("This page was open for too long. Nothing you wrote is lost: check it and send it again."),
                code="stale",
            )
        self.form_token = token
        return self.cleaned_data["token"]

    def put(self, name: str, value: str) -> None:
        """Let a field of the sent form hold another value when it is shown again."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data[name] = value
        self.data = data

    def entry(self) -> Entry:
        """What was asked, for submit_request."""
        data = self.cleaned_data
        names = ("title", "text", "why", "format", "name", "email", "phone")
        return Entry(language=get_language() or "ar", asset=self.asset, organisation=data.get("organisation"),
                     **{name: data[name] for name in names})  # fmt: skip

    def suspicion(self, *, many: bool = False) -> str:
        """Why a person should look before anything of it is public; empty for nearly everybody. Nothing is refused."""
        words = " ".join(self.cleaned_data[name] for name in ("title", "text", "why"))
        signs = {
            "trap": bool(self.cleaned_data["website"]),
            "speed": self.form_token.age < FASTEST,
            "many": many,
            "links": words.count("://") > MOST_LINKS,
        }
        return ",".join(sign for sign, found in signs.items() if found)


class ReconsiderForm(PortalForm):
    """Why the answer should be looked at again."""

    reason = CleanTextField(
        label=_("What is wrong with the answer?"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Only the staff who look at it again read this."),
    )  # fmt: skip
