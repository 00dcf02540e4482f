"""Forms of the builder. Options are written one a line, in both languages side by side."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from participation.surveys.actions.building import ConditionPlan, Label, OptionPlan, QuestionPlan
from participation.surveys.kinds import CHOICES, CONDITIONAL, QuestionKind
from participation.surveys.models import Option, Page, Question, Questionnaire
from portal.forms import CleanCharField, CleanTextField, DigitsIntegerField, PortalForm

LANGUAGES = {"ar": gettext_lazy("Arabic"), "en": gettext_lazy("English")}
BOUNDED = (QuestionKind.MULTIPLE, QuestionKind.SCALE, QuestionKind.NUMBER, QuestionKind.RANKING)
MOST_OPTIONS = 40


def in_both(label: Any, field: type[forms.Field] = CleanCharField, **kwargs: Any) -> dict[str, forms.Field]:
    """A field for each language: {"ar": ..., "en": ...}; `rows` makes it a text area of that height."""
    rows = kwargs.pop("rows", None)
    made = {}
    for code, language in LANGUAGES.items():
        made[code] = field(label=format_lazy("{} ({})", label, language), **kwargs)
        made[code].widget.attrs.update({"lang": code, "dir": "rtl" if code == "ar" else "ltr"})
        if rows:
            made[code].widget.attrs["rows"] = rows
    return made


class EditForm(PortalForm):
    """A form over something that others may change meanwhile; `version` is what its reader saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ConditionMixin(EditForm):
    """ "Show only if": options of one earlier question."""

    show_if: forms.ModelMultipleChoiceField[Option] = forms.ModelMultipleChoiceField(
        Option.objects.none(), label=gettext_lazy("Show only to those who chose"), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Options of one question on an earlier page; one is enough. None: to everybody."),
    )  # fmt: skip
    is_negated = forms.BooleanField(
        label=gettext_lazy("The other way round: only to those who chose none of them"), required=False
    )

    def __init__(self, *args: Any, questionnaire: Questionnaire, before: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = Option.objects.filter(
            question__page__questionnaire=questionnaire, question__page__position__lt=before,
            question__kind__in=CONDITIONAL,
        ).select_related("question").order_by("question__page__position", "question__position", "position")  # fmt: skip
        choice = self.fields["show_if"]
        choice.queryset = options  # type: ignore[attr-defined]
        choice.label_from_instance = lambda option: f"{option.question.text} – {option.label}"  # type: ignore[attr-defined]
        if not options:
            del self.fields["show_if"], self.fields["is_negated"]

    def clean_show_if(self) -> list[Option]:
        chosen = list(self.cleaned_data["show_if"])
        if len({option.question_id for option in chosen}) > 1:
            raise forms.ValidationError(_("Choose options of one question only."))
        return chosen

    def condition(self) -> ConditionPlan | None:
        """The condition as it should be."""
        chosen = self.cleaned_data.get("show_if")
        return ConditionPlan(chosen, self.cleaned_data.get("is_negated", False)) if chosen else None


class PageForm(ConditionMixin):
    """A page: its title, and to whom it is shown."""

    field_order = ["version", "title_ar", "title_en", "show_if", "is_negated"]
    title_ar, title_en = in_both(gettext_lazy("Title"), max_length=200, required=False).values()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for code, other in (("ar", "en"), ("en", "ar")):
            if data.get(f"title_{other}") and not data.get(f"title_{code}"):
                self.add_error(f"title_{code}", _("Write it in both languages, or leave both empty."))
        return data

    def title(self) -> Label:
        """The title as it should be."""
        return Label(self.cleaned_data["title_ar"], self.cleaned_data["title_en"])


class QuestionForm(ConditionMixin):
    """A question with its options, lines and bounds."""

    field_order = ["version", "kind"]
    kind = forms.ChoiceField(label=gettext_lazy("Kind of answer"), choices=QuestionKind.choices)
    text_ar, text_en = in_both(pgettext_lazy("survey", "Question"), max_length=500).values()
    hint_ar, hint_en = in_both(gettext_lazy("Hint"), max_length=300, required=False).values()
    options_ar, options_en = in_both(
        gettext_lazy("Options"), CleanTextField, required=False, rows=6,
        help_text=gettext_lazy("One a line, in the same order in both languages. For choices, lines and ranking."),
    ).values()  # fmt: skip
    has_other = forms.BooleanField(label=gettext_lazy("The last option asks for words (“other”)"), required=False)
    has_none = forms.BooleanField(
        label=gettext_lazy("The last option excludes the others (“none of these”)"), required=False
    )
    rows_ar, rows_en = in_both(
        gettext_lazy("Lines"), CleanTextField, required=False, rows=4,
        help_text=gettext_lazy("One a line; each line gets one of the options. For “one choice for each line” only."),
    ).values()  # fmt: skip
    least = DigitsIntegerField(
        label=gettext_lazy("Least"), required=False, min_value=-(10**9), max_value=10**9,
        help_text=gettext_lazy("Fewest choices, lowest point of the scale (0 or 1), or smallest number."),
    )  # fmt: skip
    most = DigitsIntegerField(
        label=gettext_lazy("Most"), required=False, min_value=-(10**9), max_value=10**9,
        help_text=gettext_lazy("Most choices, highest point of the scale (2 to 10), or largest number."),
    )  # fmt: skip
    low_label_ar, low_label_en = in_both(
        gettext_lazy("Words for the lowest point"), max_length=80, required=False
    ).values()
    high_label_ar, high_label_en = in_both(
        gettext_lazy("Words for the highest point"), max_length=80, required=False
    ).values()
    is_required = forms.BooleanField(label=gettext_lazy("Must be answered"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        kind = data.get("kind")
        options = self._pairs("options")
        if kind in CHOICES and len(options) < 2 and "options_ar" not in self.errors:
            self.add_error("options_ar", _("Write at least two options, one a line."))
        if kind == QuestionKind.MATRIX and not self._pairs("rows") and "rows_ar" not in self.errors:
            self.add_error("rows_ar", _("Write at least one line."))
        if kind in (QuestionKind.MATRIX, QuestionKind.RANKING) and (data.get("has_other") or data.get("has_none")):
            self.add_error("has_other", _("Only one choice and several choices can end with such an option."))
        self._check_bounds(kind, data.get("least"), data.get("most"), len(options))
        return data

    def _check_bounds(self, kind: Any, least: int | None, most: int | None, options: int) -> None:
        if least is not None and most is not None and least > most:
            self.add_error("most", _("The most must not be smaller than the least."))
        elif kind == QuestionKind.SCALE and (least not in (0, 1) or most not in range(2, 11)):
            self.add_error("least", _("A scale begins at 0 or 1 and ends between 2 and 10, for example 1 and 5."))
        elif kind == QuestionKind.MULTIPLE and max(least or 0, most or 0) > options > 0:
            self.add_error("most", _("There are not so many options."))

    def _pairs(self, name: str) -> list[Label]:
        """The lines of both languages side by side; an error where their numbers differ."""
        arabic, english = (
            [line.strip() for line in self.cleaned_data.get(f"{name}_{code}", "").split("\n") if line.strip()]
            for code in LANGUAGES
        )
        if len(arabic) != len(english):
            message = ngettext(
                "There is %(arabic)d line in Arabic and %(english)d in English. Each needs its twin.",
                "There are %(arabic)d lines in Arabic and %(english)d in English. Each needs its twin.",
                len(arabic),
            )
            self.add_error(f"{name}_ar", message % {"arabic": len(arabic), "english": len(english)})
            return []
        if len(arabic) > MOST_OPTIONS:
            self.add_error(f"{name}_ar", _("At most %(count)d lines.") % {"count": MOST_OPTIONS})
        for code, lines in (("ar", arabic), ("en", english)):
            if len(set(lines)) != len(lines):
                self.add_error(f"{name}_{code}", _("Two lines are the same."))
            if any(len(line) > 200 for line in lines):
                self.add_error(f"{name}_{code}", _("A line has at most 200 characters."))
        return [Label(*pair) for pair in zip(arabic, english, strict=True)]

    def plan(self) -> QuestionPlan:
        """The question as it should be."""
        data, kind = self.cleaned_data, self.cleaned_data["kind"]
        names = ["kind", "is_required", "text_ar", "text_en", "hint_ar", "hint_en"]
        fields = {name: data[name] for name in names}
        bounded, scale = kind in BOUNDED, kind == QuestionKind.SCALE
        fields |= {name: data[name] if bounded else None for name in ("least", "most")}
        words = ("low_label_ar", "low_label_en", "high_label_ar", "high_label_en")
        fields |= {name: data[name] if scale else "" for name in words}
        return QuestionPlan(
            fields, self._options(), self._pairs("rows") if kind == QuestionKind.MATRIX else [], self.condition()
        )

    def _options(self) -> list[OptionPlan]:
        if self.cleaned_data["kind"] not in CHOICES:
            return []
        labels = self._pairs("options")
        last = len(labels) - 1
        other, none = self.cleaned_data["has_other"], self.cleaned_data["has_none"]
        return [
            OptionPlan(label, other and number == last, none and number == last) for number, label in enumerate(labels)
        ]


def page_initial(page: Page) -> dict[str, Any]:
    """What the form of an existing page shows."""
    return {"title_ar": page.title_ar, "title_en": page.title_en, **_condition_initial(page)}


def question_initial(question: Question) -> dict[str, Any]:
    """What the form of an existing question shows."""
    names = [
        "kind", "text_ar", "text_en", "hint_ar", "hint_en", "is_required", "least", "most", "low_label_ar",
        "low_label_en", "high_label_ar", "high_label_en",
    ]  # fmt: skip
    options, rows = list(question.options.all()), list(question.rows.all())
    return {
        **{name: getattr(question, name) for name in names},
        **{f"options_{code}": _lines(options, code) for code in LANGUAGES},
        **{f"rows_{code}": _lines(rows, code) for code in LANGUAGES},
        "has_other": any(option.takes_text for option in options),
        "has_none": any(option.is_exclusive for option in options),
        **_condition_initial(question),
    }


def _lines(items: list[Any], code: str) -> str:
    return "\n".join(getattr(item, f"label_{code}") for item in items)


def _condition_initial(target: Page | Question) -> dict[str, Any]:
    condition = target.conditions.prefetch_related("options").first()
    if condition is None:
        return {}
    return {"show_if": [option.pk for option in condition.options.all()], "is_negated": condition.is_negated}


class ReasonForm(PortalForm):
    """Why results are looked at before closing."""

    reason = CleanCharField(
        label=gettext_lazy("Reason"), max_length=300, min_length=10,
        help_text=gettext_lazy("It is shown on the results page with the date, for everybody to read."),
    )  # fmt: skip


class FindingsForm(EditForm):
    """What was learned, in both languages."""

    findings_ar, findings_en = in_both(
        gettext_lazy("Findings"), CleanTextField, rows=14,
        help_text=gettext_lazy("What was learned, what follows. Headings: ##, lists: -, links: [words](address)."),
    ).values()  # fmt: skip


class InviteForm(PortalForm):
    """Addresses to invite."""

    addresses = CleanTextField(
        label=gettext_lazy("E-mail addresses"), widget=forms.Textarea(attrs={"rows": 10, "dir": "ltr"}),
        help_text=gettext_lazy("One a line. Each gets a link that counts once; who is invited already is left out."),
    )  # fmt: skip
    language = forms.ChoiceField(label=gettext_lazy("Language of the letter"), choices=list(LANGUAGES.items()))

    def clean_addresses(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["addresses"].split("\n") if line.strip()]
        check = forms.EmailField()
        bad = []
        for line in lines:
            try:
                check.clean(line)
            except forms.ValidationError:
                bad.append(line)
        if bad:
            raise forms.ValidationError(_("These are no e-mail addresses: %(lines)s") % {"lines": "، ".join(bad[:5])})
        return lines


class ReceiptForm(PortalForm):
    """The receipt of the organisation that took the answers over."""

    received_by = CleanCharField(label=gettext_lazy("Received by (name and post)"), max_length=200)
    sha256 = CleanCharField(
        label=gettext_lazy("Checksum of the file received"), max_length=64,
        help_text=gettext_lazy("SHA-256, as the receiver worked it out; it must be the one shown above."),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )  # fmt: skip


class QuoteForm(PortalForm):
    """Words of a free answer, fit to publish."""

    question: forms.ModelChoiceField[Question] = forms.ModelChoiceField(
        Question.objects.none(), label=pgettext_lazy("survey", "Question")
    )
    text = CleanTextField(
        label=gettext_lazy("Words to publish"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Copy them from below. Leave out whatever could tell who wrote them."),
    )  # fmt: skip
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=list(LANGUAGES.items()))

    def __init__(self, *args: Any, questions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["question"].queryset = questions  # type: ignore[attr-defined]
