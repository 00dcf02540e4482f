"""Forms of the staff side, and the rules of what goes together that the database keeps as well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from participation.outcomes.models import Link
from participation.outcomes.states import OPEN, SETTLED, Decision, Status
from portal.bilingual import bare_path, in_language
from portal.forms import CleanTextField, DigitsDateField, PortalForm

PRIVATE = ("/track/", "/contact/sent/")
"""Pages of one person; what they say is nobody else's."""
LONGEST = 4000


def misfits(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Fields that do not go together, each with what to do about it."""
    decision, status, due_on = data.get("decision"), data.get("status"), data.get("due_on")
    if decision == Decision.DECLINED:
        if due_on:
            yield "due_on", _("What is declined promises nothing: leave the due date empty.")
        return
    if decision and not status:
        yield "status", _("Choose where it stands.")
    if decision == Decision.IN_STUDY and status in SETTLED:
        yield "status", _("What is still being studied cannot be kept yet. Choose another decision or status.")
    if status in OPEN and not due_on:
        yield "due_on", _("Give the day by which it will be done; everybody sees it.")


def one_language_only(data: Mapping[str, Any], field: str) -> Iterator[tuple[str, str]]:
    """Text given in one language and missing in the other."""
    arabic, english = data.get(f"{field}_ar"), data.get(f"{field}_en")
    if bool(arabic) != bool(english):
        yield f"{field}_{'en' if arabic else 'ar'}", _("Write it in both languages, or in neither.")


class CommitmentForm(forms.ModelForm):  # type: ignore[type-arg]
    """A draft. A decline drops the status, which nobody should have to empty by hand."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for field, message in (*misfits(data), *one_language_only(data, "evidence")):
            self.add_error(field, message)
        if data.get("decision") == Decision.DECLINED:
            data["status"] = ""
        return data


class LinkForm(forms.ModelForm):  # type: ignore[type-arg]
    """The address of a page of this portal, as it stands in the browser or without its beginning."""

    class Meta:
        model = Link
        fields = ["path"]
        widgets = {"path": forms.TextInput(attrs={"dir": "ltr", "size": 60})}
        help_texts = {"path": gettext_lazy("Copy it from the browser, such as /polls/service-hours/.")}

    def clean_path(self) -> str:
        return page_of_the_portal(self.cleaned_data["path"])


def page_of_the_portal(typed: str) -> str:
    """The bare path of a public page; ValidationError for any other address."""
    parts = urlsplit(typed.strip())
    if parts.netloc and parts.netloc != urlsplit(settings.SITE_URL).netloc:
        raise ValidationError(_("Give the address of a page of this portal."))
    path = bare_path(parts.path if parts.path.endswith("/") else f"{parts.path}/")
    try:
        with in_language(settings.LANGUAGE_CODE):  # only the prefix of the active language resolves
            found = resolve(f"/{settings.LANGUAGE_CODE}{path}")
    except Resolver404:
        raise ValidationError(_("There is no such page: %(path)s") % {"path": path}) from None
    if getattr(found.func, "audience", "") != "public" or path.startswith(PRIVATE) or path == "/":
        raise ValidationError(
            _("This page is not for everybody to read. Link a poll, a survey, a question or the like.")
        )
    return path


class StatusForm(PortalForm):
    """A new row of the history."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(label=gettext_lazy("Decision"), choices=Decision.choices)
    status = forms.ChoiceField(
        label=pgettext_lazy("commitment", "Status"),
        choices=[("", gettext_lazy("None: it is declined")), *Status.choices],
        required=False,
    )
    due_on = DigitsDateField(
        label=gettext_lazy("Due"),
        required=False,
        help_text=gettext_lazy("Moving it is shown to everybody, with the old date."),
    )
    note_ar = CleanTextField(label=gettext_lazy("What happened, and why (Arabic)"), max_length=LONGEST)
    note_en = CleanTextField(label=gettext_lazy("What happened, and why (English)"), max_length=LONGEST)
    evidence_ar = CleanTextField(label=gettext_lazy("Evidence (Arabic)"), max_length=LONGEST, required=False)
    evidence_en = CleanTextField(label=gettext_lazy("Evidence (English)"), max_length=LONGEST, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name.endswith(("_ar", "_en")):
                field.widget.attrs.update(lang=name[-2:], dir="rtl" if name.endswith("_ar") else "ltr", rows=5)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for field, message in (*misfits(data), *one_language_only(data, "evidence")):
            self.add_error(field, message)
        return data
