"""Reporting something that a person could not use: a message of its own kind, handed to whoever takes messages."""

from __future__ import annotations

import secrets
import time
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from portal import live_facts
from portal.bilingual import bare_path
from portal.forms import CleanCharField, CleanTextField, PhoneField, PortalForm, clean_text
from portal.http import public_form, throttled
from portal.intake import Message, submit

KIND = "barrier"
SALT = "accessibility.report"
OLDEST = 7 * 86400
"""Seconds a form may stay open: with a slow aid a form takes long, and people are called away."""
FASTEST = 3
MOST_LINKS = 5
LONGEST = 5000
AIDS = [
    ("screen_reader", _("Screen reader")),
    ("magnifier", _("Screen magnifier or enlarged text")),
    ("keyboard", _("Keyboard without a mouse")),
    ("voice", _("Voice control")),
    ("braille", _("Braille display")),
    ("switch", _("Switch or eye control")),
    ("contrast", _("High contrast or changed colours")),
    ("captions", _("Captions or sign language")),
    ("other", _("Another aid")),
]


class BarrierForm(PortalForm):
    """What got in the way. Only the text is needed; the aid becomes part of the message and is kept nowhere else."""

    token = forms.CharField(widget=forms.HiddenInput, required=False)
    text = CleanTextField(
        label=_("What did you try to do, and what got in the way?"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("In your own words. Do not write card numbers or passwords."),
    )
    page = CleanCharField(
        label=_("On which page?"), max_length=300, required=False, help_text=_("Its address, or what it is called.")
    )
    aids = forms.MultipleChoiceField(
        label=_("What do you use to read and operate pages?"),
        choices=AIDS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("It helps us to try the same. Say nothing about it if you prefer."),
    )
    other_aid = CleanCharField(label=_("Which other aid, or which program?"), max_length=120, required=False)
    email = forms.EmailField(
        label=_("E-mail"), required=False, max_length=254, help_text=_("We send the answer there, and nothing else.")
    )
    phone = PhoneField(label=_("Telephone"), required=False)
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.age = 0.0
        if not self.is_bound:
            self.initial.setdefault("token", _new_token())

    def clean_token(self) -> str:
        """The id of this form: it makes sending it twice harmless."""
        try:
            content = signing.loads(self.cleaned_data["token"], salt=SALT, max_age=OLDEST)
        except signing.BadSignature:
            self._renew()
            raise forms.ValidationError(
                _("This page was open for too long. Nothing you wrote is lost: check it and send it again."),
                code="stale",
            ) from None
        self.age = time.time() - content["at"]
        return str(content["id"])

    def _renew(self) -> None:
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["token"] = _new_token()
        self.data = data

    def message(self, *, many: bool) -> Message:
        """What was written, for whoever takes messages."""
        data = self.cleaned_data
        return Message(
            kind=KIND, text=self._text(), language=get_language() or settings.LANGUAGE_CODE, token=data["token"],
            email=data["email"], phone=data["phone"], page=_bare(data["page"]), suspicion=self.suspicion(many=many),
        )  # fmt: skip

    def _text(self) -> str:
        words = [str(label) for key, label in AIDS if key in self.cleaned_data["aids"]]
        words += [self.cleaned_data["other_aid"]] if self.cleaned_data["other_aid"] else []
        if not words:
            return self.cleaned_data["text"]
        used = gettext("Used for reading and operating pages: %(aids)s") % {"aids": gettext(", ").join(words)}
        return f"{self.cleaned_data['text']}\n\n{used}"

    def suspicion(self, *, many: bool) -> str:
        """Why a person should look first; empty for nearly everybody. Nothing is refused for it."""
        signs = {
            "trap": bool(self.cleaned_data["website"]),
            "speed": self.age < FASTEST,
            "many": many,
            "links": self.cleaned_data["text"].count("://") > MOST_LINKS,
        }
        return ",".join(sign for sign, found in signs.items() if found)


def _new_token() -> str:
    return signing.dumps({"id": secrets.token_hex(16), "at": time.time()}, salt=SALT)


def _bare(typed: str) -> str:
    """A page of this portal as its address without language prefix; what is no such address stays as it was typed."""
    try:
        parts = urlsplit(typed)
    except ValueError:
        return typed
    is_ours = parts.netloc == urlsplit(settings.SITE_URL).netloc or not parts.netloc
    return bare_path(parts.path) if is_ours and parts.path.startswith("/") else typed


@public_form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The form. Sent well, it leads to the confirmation; sent badly, it comes back with everything in it."""
    if request.method != "POST":
        page = clean_text(request.GET.get("page", "")[:300], lines=False)
        return _show(request, BarrierForm(initial={"page": page}))
    form = BarrierForm(request.POST)
    valid = form.is_valid()
    if throttled(request, "flood"):
        form.add_error(
            None,
            _("Very many messages come from your network. Nothing you wrote is lost: wait a little and send again."),
        )
        return _show(request, form, status=429)
    if not valid:
        return _show(request, form)
    return redirect(submit(form.message(many=throttled(request, "submit"))).url)


def _show(request: HttpRequest, form: BarrierForm, status: int = 422) -> HttpResponse:
    level = live_facts.fact("barrier_level")
    breadcrumbs = [{"label": _("Accessibility"), "url": reverse("accessibility:statement")}]
    context = {"form": form, "level": level.value() if level else "", "breadcrumbs": breadcrumbs}
    return render(request, "accessibility/report.html", context, status=status if form.is_bound else 200)
