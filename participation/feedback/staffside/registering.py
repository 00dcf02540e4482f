"""Registering a message for somebody who phoned, wrote, came in person or used social media."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from participation.feedback.actions.intake import AlreadySent, Entry, submit_case
from participation.feedback.forms import LONGEST, ContactForm, KindSelect
from participation.feedback.states import Channel, Kind
from portal.bilingual import LANGUAGE_CODES
from portal.digits import isolate
from portal.encryption import decrypt, encrypt
from portal.forms import CleanCharField, CleanTextField
from portal.organisations.models import Topic

KEY = "feedback.registered"
NAMES = {"ar": gettext_lazy("Arabic"), "en": gettext_lazy("English")}


class RegisterForm(ContactForm):
    """The public form, with the channel and the language the person spoke."""

    channel = forms.ChoiceField(
        label=gettext_lazy("How did it reach us?"),
        choices=[choice for choice in Channel.choices if choice[0] != Channel.WEB],
        initial=Channel.PHONE,
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language to answer in"),
        choices=[(code, NAMES[code]) for code in LANGUAGE_CODES],
        widget=forms.RadioSelect,
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Kind.choices, widget=KindSelect)
    topic = forms.ModelChoiceField(
        Topic.objects.none(), label=gettext_lazy("Topic"), empty_label=gettext_lazy("Choose")
    )
    text = CleanTextField(
        label=gettext_lazy("What the person said"),
        max_length=LONGEST,
        help_text=gettext_lazy("In their own words as far as you can."),
    )
    name = CleanCharField(label=gettext_lazy("Name of the person"), max_length=120, required=False)
    field_order = ["channel", "language"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["website"], self.fields["seen"], self.fields["page"]
        self.fields["language"].initial = get_language()
        self.fields["email"].help_text = _("The answer goes there. Read it back to the person.")

    def entry(self) -> Entry:
        entry = super().entry()
        return Entry(**{**entry.__dict__, "language": self.cleaned_data["language"]})


def register(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """The form; sent well, it leads to the page that shows reference and code once."""
    form = RegisterForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return _show(request, site, form)
    valid = form.is_valid()
    form.receive_files()
    if not valid:
        return _show(request, site, form)
    try:
        done = submit_case(
            entry=form.entry(), form_token=form.form_token.text, channel=form.cleaned_data["channel"],
            by=request.user, uploads=form.attachments,
        )  # fmt: skip
    except AlreadySent as error:
        message = _("This person sent the same text today. Its reference is %(reference)s.")
        form.add_error(None, message % {"reference": isolate(error.case.reference)})
        return _show(request, site, form)
    request.session[KEY] = {"reference": done.case.reference, "secret": encrypt(done.secret)}
    return redirect("admin:feedback_case_registered")


def _show(request: HttpRequest, site: AdminSite, form: RegisterForm) -> HttpResponse:
    context = {**site.each_context(request), "form": form, "title": _("Register a message")}
    status = 422 if form.is_bound else 200
    return render(request, "participation/feedback/desk/register.html", context, status=status)


def registered(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Reference and tracking code, to be read out. Only this once: the portal keeps no readable copy of the code."""
    kept = request.session.pop(KEY, None)
    if kept is None:
        return redirect("admin:feedback_case_register")
    context = {
        **site.each_context(request),
        "title": _("The message is registered"),
        "reference": kept["reference"],
        "secret": decrypt(kept["secret"]),
    }
    return render(request, "participation/feedback/desk/registered.html", context)
