"""The public form of the catalogue: what somebody made of a dataset."""

from __future__ import annotations

import secrets
import time
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core import signing
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from opendata.catalogue.reuses import Sent
from portal.forms import CleanCharField, CleanTextField, PortalForm

SALT = "catalogue.reuse"
OLDEST = 7 * 86400
"""Seconds a form may stay open."""


class ReuseForm(PortalForm):
    """What it is and where. Everything sent is looked at by a person, so nothing that looks odd is refused here."""

    token = forms.CharField(widget=forms.HiddenInput, required=False)
    title = CleanCharField(label=_("What is it called?"), max_length=120)
    url = forms.URLField(
        label=_("Where can it be seen?"), max_length=300, assume_scheme="https",
        help_text=_("The address of a page, an app, an article or a picture."),
        error_messages={"invalid": _("Write a full web address, such as https://example.org/map.")},
    )  # fmt: skip
    description = CleanTextField(
        label=_("What does it do with the data?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One or two sentences; they are shown beside the link."),
    )  # fmt: skip
    made_by = CleanCharField(
        label=_("Who made it?"), max_length=120, required=False,
        help_text=_("A name that may be shown, or nothing."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.initial.setdefault("token", _new_token())

    def clean_token(self) -> str:
        """The id of this form: it makes sending it twice harmless."""
        try:
            content = signing.loads(self.cleaned_data["token"], salt=SALT, max_age=OLDEST)
        except signing.BadSignature:
            data = QueryDict(mutable=True)
            data.update(self.data)
            data["token"] = _new_token()
            self.data = data
            raise forms.ValidationError(
                _("This page was open for too long. Nothing you wrote is lost: check it and send it again."),
                code="stale",
            ) from None
        return str(content["id"])

    def clean_url(self) -> str:
        """Only pages: a link that runs something is none."""
        url: str = self.cleaned_data["url"]
        if urlsplit(url).scheme not in ("http", "https"):
            raise forms.ValidationError(self.fields["url"].error_messages["invalid"])
        return url

    def sent(self) -> Sent:
        """What was written."""
        data = self.cleaned_data
        texts = {name: data[name] for name in ("title", "url", "description", "made_by")}
        suspicion = "trap" if data["website"] else ""
        return Sent(language=get_language() or "ar", suspicion=suspicion, **texts)


def _new_token() -> str:
    return signing.dumps({"id": secrets.token_hex(16), "at": time.time()}, salt=SALT)
