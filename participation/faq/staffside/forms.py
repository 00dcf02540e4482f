"""The form of an entry for its editors."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participation.faq.actions.editing import Incomplete
from participation.faq.models import Entry
from participation.faq.states import State
from portal.bilingual import LANGUAGE_CODES
from portal.forms import CleanCharField, CleanTextField

PUBLISH = "_publish"
"""Name of the button that saves and publishes."""
LONGEST_QUESTION = 200
LINE = {"class": "vLargeTextField"}
LINES = {"class": "vLargeTextField", "rows": 9}
HELP = gettext_lazy("Between 40 and 120 words read best. An empty line starts a paragraph, a hyphen an item of a list.")


def as_question(text: str) -> str:
    """The first question in a message, as a start for an entry; its first line where it asks nothing."""
    parts = [part.strip() for part in re.findall(r"[^.!?؟\n]+[.!?؟]?", text) if part.strip()]
    asked = [part for part in parts if part.endswith(("?", "؟"))]
    return Truncator((asked or parts or [""])[0]).chars(LONGEST_QUESTION)


class EntryForm(forms.ModelForm):  # type: ignore[type-arg]
    """Refuses to overwrite what somebody else saved meanwhile, and to leave a published entry in one language."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    other_is_right = forms.BooleanField(
        label=gettext_lazy("The other language still says the same"),
        required=False,
        help_text=gettext_lazy(
            "Tick it for a small change. Without it, a text changed in one language only is shown with a notice "
            "that the other language is newer."
        ),
    )
    question_ar = CleanCharField(max_length=LONGEST_QUESTION, required=False, widget=forms.TextInput(attrs=LINE))
    question_en = CleanCharField(max_length=LONGEST_QUESTION, required=False, widget=forms.TextInput(attrs=LINE))
    answer_ar = CleanTextField(required=False, help_text=HELP, widget=forms.Textarea(attrs=LINES))
    answer_en = CleanTextField(required=False, help_text=HELP, widget=forms.Textarea(attrs=LINES))
    also_asked = CleanTextField(
        label=gettext_lazy("Other ways people ask it"),
        required=False,
        widget=forms.Textarea(attrs={**LINES, "rows": 3, "dir": "auto"}),
        help_text=gettext_lazy(
            "One a line, in either language, in the words people use. Not shown: by them the entry is found, and "
            "suggested to somebody about to write to us."
        ),
    )
    slug = forms.SlugField(
        label=gettext_lazy("Address of the page"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Left empty, it is made from the English question. It stays once published."),
    )

    class Meta:
        model = Entry
        fields = "__all__"  # noqa: DJ007 - the admin names them

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["version"] = self.instance.version
        else:
            del self.fields["other_is_right"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.instance.pk:
            self._refuse_overwriting(data)
        if PUBLISH in self.data or self.instance.state != State.DRAFT:
            for name in (f"{stem}_{code}" for code in LANGUAGE_CODES for stem in ("question", "answer")):
                if not data.get(name) and name in self.fields:
                    self.add_error(name, forms.ValidationError(str(Incomplete.message), code="incomplete"))
        return data

    def _refuse_overwriting(self, data: dict[str, Any]) -> None:
        """The row stays locked until it is saved. Whoever saves once more has been told and means it."""
        now = Entry.objects.select_for_update().get(pk=self.instance.pk)
        if data.get("version") == now.version:
            return
        differing = [
            str(self.fields[name].label)
            for name in ("question_ar", "answer_ar", "question_en", "answer_en")
            if name in self.fields and (getattr(now, name) or "") != (data.get(name) or "")
        ]
        message = _(
            "Somebody else changed this question in the meantime. Nothing you wrote is lost. Other than yours is "
            "now: %(fields)s. Open the entry in another window and compare; saving again replaces it by your text."
        )
        self.add_error(None, message % {"fields": _(", ").join(differing) or "–"})
        sent = QueryDict(mutable=True)
        sent.update(self.data)
        sent["version"] = str(now.version)
        self.data = sent
