"""The form of an account, and those behind its buttons."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participation.social.actions import Conflict
from participation.social.models import Account
from participation.social.platforms import HOSTS, Platform, key_of, name_in_address, platform_of_host
from participation.social.states import Ground, Language, State
from portal.forms import CleanCharField, CleanTextField, DigitsDateField, PortalForm

NAMED_BY_ADDRESS = (Platform.X, Platform.INSTAGRAM, Platform.TIKTOK, Platform.SNAPCHAT, Platform.TELEGRAM)
"""Platforms on which an address always ends in the name people know."""


def not_in_the_future(day: Any) -> Any:
    """The day of something that has happened; ValidationError for a later one."""
    if day and day > timezone.localdate():
        raise ValidationError(_("This day is still to come."))
    return day


class DetailsForm(forms.ModelForm):  # type: ignore[type-arg]
    """What may change while an account is listed. Notices when somebody else was quicker; nothing typed is lost."""

    holder_name = CleanCharField(
        label=gettext_lazy("Name of the holder"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("For staff only; it is never published."),
        widget=forms.TextInput(attrs={"dir": "auto", "size": 40}),
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages of its posts"), choices=Language.choices, widget=forms.CheckboxSelectMultiple
    )
    last_post_on = DigitsDateField(
        label=gettext_lazy("Last post"),
        required=False,
        help_text=gettext_lazy("Noted by the unit; the portal asks no platform."),
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_conflict = False
        if self.instance.pk:
            self.initial["seen_version"] = self.instance.version

    def clean_last_post_on(self) -> Any:
        return not_in_the_future(self.cleaned_data["last_post_on"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.instance.pk and data.get("seen_version") != self.instance.version:
            self.is_conflict = True
            self.add_error(None, ValidationError(Conflict.message, code="conflict"))
        if self.instance.state == State.LISTED and not data.get("holder_name"):
            self.add_error("holder_name", _("A listed account has a named holder."))
        return data

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and self.is_conflict:  # saving again means: over what is stored now, which was shown
            _renew(self, "seen_version", self.instance.version)

    def content(self) -> dict[str, Any]:
        """What was typed, for the actions."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen_version"}


class ProposalForm(DetailsForm):
    """Everything about an account that nobody but staff sees yet."""

    address = forms.URLField(
        label=gettext_lazy("Address"),
        max_length=300,
        assume_scheme="https",
        help_text=gettext_lazy("Copy it from the browser."),
        widget=forms.URLInput(attrs={"dir": "ltr"}),
    )
    resolution_date = DigitsDateField(label=gettext_lazy("Date of the resolution"))
    authorised_until = DigitsDateField(label=gettext_lazy("Authorised until"))

    def clean_handle(self) -> str:
        return self.cleaned_data["handle"].strip().lstrip("@").strip()

    def clean_address(self) -> str:
        """Always https, without what follows people about, the host in lower case."""
        parts = urlsplit(self.cleaned_data["address"])
        query = parts.query if parts.path.endswith("profile.php") else ""
        return urlunsplit(("https", parts.netloc.lower(), parts.path, query, ""))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("platform") and data.get("address") and data.get("handle"):
            self._check_address(data)
        if data.get("resolution_date") and data.get("authorised_until"):
            if data["authorised_until"] < data["resolution_date"]:
                self.add_error("authorised_until", _("It cannot end before the resolution."))
            not_in_the_future_on(self, data["resolution_date"], "resolution_date")
        return data

    def _check_address(self, data: dict[str, Any]) -> None:
        platform, address = data["platform"], data["address"]
        found = platform_of_host(urlsplit(address).hostname or "")
        if found != (platform if platform in HOSTS else ""):
            self.add_error("address", _("This address does not belong to the platform you chose."))
            return
        key = name_in_address(platform, address)
        if not key:
            self.add_error("address", _("This address leads to no account. Open the account and copy its address."))
        elif platform in NAMED_BY_ADDRESS and key != key_of(data["handle"]):
            self.add_error("address", _("The name and the address do not belong together."))
        elif self._is_taken(platform, key):
            self.add_error("address", _("This account is on the register or proposed already."))

    def _is_taken(self, platform: str, key: str) -> bool:
        others = Account.objects.exclude(pk=self.instance.pk).exclude(state=State.DELISTED)
        return others.filter(platform=platform, handle_key=key).exists()


def _renew(form: forms.BaseForm, field: str, version: int) -> None:
    """Have a form that was sent name another version when it is sent again."""
    sent: Any = form.data
    data = sent.copy()
    data[field] = str(version)
    form.data = data


def not_in_the_future_on(form: forms.BaseForm, day: Any, field: str) -> None:
    """The same as an error of a field."""
    try:
        not_in_the_future(day)
    except ValidationError as error:
        form.add_error(field, error)


class VerbForm(PortalForm):
    """A button alone. `version` is what its reader saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, account: Account, *args: Any, **kwargs: Any) -> None:
        self.account = account
        super().__init__(*args, **{"initial": {"version": account.version}, **kwargs})

    def decide_anew(self, account: Account) -> None:
        """Keep what was typed, and ask again about the account as it is now."""
        self.account = account
        _renew(self, "version", account.version)
        self.add_error(None, Conflict.message)


class RenewForm(VerbForm):
    """The resolution by which it goes on."""

    resolution_number = CleanCharField(label=gettext_lazy("Number of the resolution"), max_length=60)
    resolution_date = DigitsDateField(label=gettext_lazy("Date of the resolution"))
    authorised_until = DigitsDateField(label=gettext_lazy("Authorised until"))

    def clean_resolution_date(self) -> Any:
        return not_in_the_future(self.cleaned_data["resolution_date"])

    def clean_authorised_until(self) -> Any:
        until = self.cleaned_data["authorised_until"]
        if until < timezone.localdate():
            raise ValidationError(_("This day has passed."))
        return until


class PostedForm(VerbForm):
    """The day of the last post."""

    on = DigitsDateField(label=gettext_lazy("Day of the last post"))

    def __init__(self, account: Account, *args: Any, **kwargs: Any) -> None:
        super().__init__(account, *args, **kwargs)
        self.initial.setdefault("on", timezone.localdate())

    def clean_on(self) -> Any:
        return not_in_the_future(self.cleaned_data["on"])


class DelistForm(VerbForm):
    """Why it is official no more, for everybody to read."""

    ground = forms.ChoiceField(
        label=gettext_lazy("Published ground"), choices=[("", gettext_lazy("Choose")), *Ground.choices]
    )
    reason_ar = CleanTextField(label=gettext_lazy("Explanation for everybody (Arabic)"), max_length=400)
    reason_en = CleanTextField(label=gettext_lazy("Explanation for everybody (English)"), max_length=400)

    def __init__(self, account: Account, *args: Any, **kwargs: Any) -> None:
        super().__init__(account, *args, **kwargs)
        for code, direction in (("ar", "rtl"), ("en", "ltr")):
            self.fields[f"reason_{code}"].widget.attrs.update(lang=code, dir=direction, rows=3)
