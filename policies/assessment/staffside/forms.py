"""The form of one area, made of its indicators, and the form with which the authority returns an assessment."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from policies.assessment.actions import Given
from policies.assessment.models import Answer, Indicator
from policies.assessment.states import LEVELS, Kind
from portal.forms import CleanTextField, DigitsDecimalField, PortalForm

UNANSWERED = ("", _("Not answered yet"))
LONGEST = 2000


class AreaForm(PortalForm):
    """Everything may be left open and saved: what is missing is only asked for when it is submitted."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, indicators: list[Indicator], answers: dict[int, Answer], *args: Any, **kwargs: Any) -> None:
        self.indicators = indicators
        super().__init__(*args, **kwargs)
        for one in indicators:
            self._add(one, answers.get(one.pk))

    def _add(self, indicator: Indicator, answer: Answer | None) -> None:
        """The fields of one indicator: its answer, evidence in words, a link."""
        if (value := _value_field(indicator)) is not None:
            self._put(f"value_{indicator.pk}", value, answer.value if answer else None)
        words = indicator if indicator.kind == Kind.TEXT else format_lazy(_("Evidence for {code}"), code=indicator.code)
        evidence = CleanTextField(label=words, required=False, max_length=LONGEST)
        evidence.widget.attrs.update(rows=3, dir="auto")
        if indicator.kind == Kind.TEXT:
            evidence.help_text = indicator.help or ""
        self._put(f"evidence_{indicator.pk}", evidence, answer.evidence if answer else "")
        link = forms.URLField(
            label=format_lazy(_("Link to evidence for {code}"), code=indicator.code), required=False, max_length=400,
            assume_scheme="https", widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "url"}),
        )  # fmt: skip
        self._put(f"link_{indicator.pk}", link, answer.link if answer else "")

    def _put(self, name: str, field: forms.Field, initial: Any) -> None:
        field.hide_optional = True  # type: ignore[attr-defined]  # nothing here has to be answered at once
        self.fields[name] = field
        self.initial.setdefault(name, _shown(initial))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for one in self.indicators:
            if (data.get(f"link_{one.pk}") or "https://").startswith("https://"):
                continue
            self.add_error(f"link_{one.pk}", _("The link has to begin with https://."))
        return data

    def given(self) -> dict[int, Given]:
        """What was written about each indicator, as the action takes it."""
        data = self.cleaned_data
        return {
            one.pk: Given(_number(data.get(f"value_{one.pk}")), data[f"evidence_{one.pk}"], data[f"link_{one.pk}"])
            for one in self.indicators
        }


def _shown(value: Any) -> Any:
    """A stored number as it is typed: without the zeros of its column."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value


def _number(value: Any) -> Decimal | None:
    return None if value in (None, "") else Decimal(value)


def _value_field(indicator: Indicator) -> forms.Field | None:
    """The field of the answer itself; none where evidence in words is the answer."""
    label = str(indicator)
    shared: dict[str, Any] = {"label": label, "required": False, "help_text": indicator.help or ""}
    match indicator.kind:
        case Kind.YES_NO:
            return forms.ChoiceField(choices=[UNANSWERED, ("1", _("Yes")), ("0", _("No"))], **shared)
        case Kind.LEVEL:
            return forms.ChoiceField(choices=[UNANSWERED, *((str(n), words) for n, words in LEVELS)], **shared)
        case Kind.SHARE:
            shared["help_text"] = format_lazy("{} {}", indicator.help or "", _("A number from 0 to 100."))
            return DigitsDecimalField(min_value=0, max_value=100, max_digits=5, decimal_places=2, **shared)
        case Kind.NUMBER:
            return DigitsDecimalField(min_value=0, max_digits=14, decimal_places=2, **shared)
    return None


class ReturnForm(PortalForm):
    """Why the organisation gets it back."""

    reason = CleanTextField(
        label=_("What has to be corrected, and why"), max_length=LONGEST, help_text=_("The organisation reads this.")
    )
