"""Public forms: writing to us, following up, answering back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import signing
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from participation.feedback.actions.intake import Entry
from participation.feedback.pages import read_page
from participation.feedback.states import CONTACT_KINDS, Kind
from participation.feedback.tokens import FormToken, keep_files, kept_files, new_form_token, read_form_token
from portal.attachments.actions import accept_upload
from portal.attachments.forms import MultipleFileField
from portal.attachments.models import Attachment
from portal.forms import CleanCharField, CleanTextField, PhoneField, PortalForm
from portal.organisations.models import Governorate, Topic

LONGEST = 10_000
MOST_LINKS = 5
SEEN_SALT = "feedback.seen"
FASTEST = 3
"""Seconds below which nobody has read and filled in the form; the message is then looked at by a person."""

HINTS = {
    Kind.COMMENT: _("An opinion you want us to know."),
    Kind.SUGGESTION: _("An idea to make a service or a policy better."),
    Kind.COMPLAINT: _("Something went wrong and should be put right."),
    Kind.INQUIRY: _("You want to know something about a service or a policy."),
    Kind.PORTAL_PROBLEM: _("A page does not open or does not do what it should."),
    Kind.DATA_CORRECTION: _("A published figure or record is wrong."),
    Kind.BARRIER: _("Something keeps you from reading or using a page, with the aid you use or without one."),
}


class OnceForm(PortalForm):
    """A form that may be sent twice and counts once, and that holds on to files while it is corrected."""

    token = forms.CharField(widget=forms.HiddenInput, required=False)
    kept = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.initial.setdefault("token", new_form_token())
        self.form_token = FormToken("", 0)
        self.attachments: list[Attachment] = []

    def clean_token(self) -> str:
        token = read_form_token(self.cleaned_data["token"])
        if token is None:
            self._replace("token", new_form_token())
            raise forms.ValidationError(
                _("This page was open for too long. Nothing you wrote is lost: check it and send it again."),
                code="stale",
            )
        self.form_token = token
        return self.cleaned_data["token"]

    def receive_files(self) -> None:
        """Store the checked files, so that they survive a correction of the form; call it after is_valid()."""
        kept = kept_files(self.data.get(self.add_prefix("kept"), ""))
        self.attachments = kept + [accept_upload(upload) for upload in self.cleaned_data.get("uploads") or []]
        self._replace("kept", keep_files(self.attachments) if self.attachments else "")

    def _replace(self, name: str, value: str) -> None:
        data = QueryDict(mutable=True)
        data.update(self.data)
        data[self.add_prefix(name)] = value
        self.data = data


class KindSelect(forms.RadioSelect):
    """Radio buttons that explain each kind."""

    option_template_name = "components/form/radio_option.html"

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["hint"] = HINTS.get(value, "")
        return option


class ContactForm(OnceForm):
    """A comment, complaint, suggestion or question. Only kind, topic and text are needed."""

    kind = forms.ChoiceField(label=_("What do you want to send?"), choices=CONTACT_KINDS, widget=KindSelect)
    topic: forms.ModelChoiceField[Topic] = forms.ModelChoiceField(
        Topic.objects.none(), label=_("What is it about?"), empty_label=_("Choose a topic")
    )
    text = CleanTextField(
        label=_("Your message"),
        max_length=LONGEST,
        help_text=_("Say what happened, where and when. Do not write card numbers or passwords."),
    )
    governorate = forms.ChoiceField(
        label=_("Governorate"), choices=[("", _("Not about one governorate")), *Governorate.choices], required=False
    )
    safety_requested = forms.BooleanField(
        label=_("Wrong published data puts people's safety at risk"),
        required=False,
        help_text=_(
            "Only for a correction of published data. Staff check it: once they have confirmed it, the correction goes "
            "ahead of the others."
        ),
    )
    name = CleanCharField(label=_("Your name"), max_length=120, required=False)
    email = forms.EmailField(
        label=_("E-mail"), required=False, max_length=254, help_text=_("We send the answer there, and nothing else.")
    )
    phone = PhoneField(label=_("Telephone"), required=False)
    uploads = MultipleFileField(label=_("Attachments"))
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    page = forms.CharField(widget=forms.HiddenInput, required=False)
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].queryset = Topic.objects.active()  # type: ignore[attr-defined]

    def clean_page(self) -> str:
        """Nobody can mend a hidden field: what is no page is left out."""
        return read_page(self.cleaned_data["page"])

    @property
    def asks(self) -> bool:
        """Whether published answers may help: a question nobody was shown answers for yet. All else we have to hear."""
        return self.cleaned_data["kind"] == Kind.INQUIRY and not self.cleaned_data["seen"] and not self.suspicion()

    def remember_shown(self, paths: list[str]) -> None:
        """Note in the form which answers were shown above it, so that it asks only once."""
        self._replace("seen", signing.dumps(paths, salt=SEEN_SALT))

    def shown(self) -> list[str]:
        """The answers that were shown above the form; none where the note was altered."""
        try:
            paths: list[str] = signing.loads(self.data.get(self.add_prefix("seen"), ""), salt=SEEN_SALT)
        except signing.BadSignature:
            return []
        return paths

    def entry(self) -> Entry:
        """What was written, for submit_case."""
        data = self.cleaned_data
        names = ["kind", "topic", "text", "governorate", "name", "email", "phone", "page"]
        asked = data["kind"] == Kind.DATA_CORRECTION and data["safety_requested"]
        return Entry(
            language=get_language() or "ar",
            safety_requested=asked,
            **{name: data[name] for name in names if name in data},
        )

    def suspicion(self, *, many: bool = False) -> str:
        """Why a person should look first; empty for nearly everybody. Nothing is refused for it.

        `many`: more messages than usual came from this address. Whole towns share one, so that alone refuses nobody.
        """
        signs = {
            "trap": bool(self.cleaned_data["website"]),
            "speed": self.form_token.age < FASTEST,
            "many": many,
            "links": self.cleaned_data["text"].count("://") > MOST_LINKS,
        }
        return ",".join(sign for sign, found in signs.items() if found)


class AnswerForm(OnceForm):
    """What the citizen adds to her case."""

    text = CleanTextField(label=_("Your message"), max_length=LONGEST)
    uploads = MultipleFileField(label=_("Attachments"))


class NotSolvedForm(PortalForm):
    """Why the answer did not help."""

    prefix = "not_solved"
    text = CleanTextField(label=_("What is not solved?"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}))


class RatingForm(PortalForm):
    """How satisfied somebody is with an answer."""

    prefix = "rating"
    SCORES = [
        (5, _("Very satisfied")),
        (4, _("Satisfied")),
        (3, _("Neither")),
        (2, _("Dissatisfied")),
        (1, _("Very dissatisfied")),
    ]

    score = forms.TypedChoiceField(
        label=_("How satisfied are you with the answer?"), choices=SCORES, coerce=int, widget=forms.RadioSelect
    )
    comment = CleanTextField(label=_("Why?"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
