"""One form field for each kind of question: it reads what was typed as a list of `Given`.

Whether the answers are allowed says participation.surveys.answers; here only what cannot be an answer is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participation.surveys.answers import Asked, Given
from participation.surveys.kinds import QuestionKind
from participation.surveys.widgets import (
    ChoicesWidget,
    MatrixWidget,
    QuestionWidget,
    RankingWidget,
    Raw,
    ScaleWidget,
    first,
)
from portal.digits import fold_digits
from portal.forms import CleanCharField, CleanTextField, DigitsDateField, DigitsDecimalField, clean_text


def field_name(asked: Asked) -> str:
    """The name of a question's field in forms."""
    return f"q{asked.pk}"


class QuestionField(forms.Field):
    """A question with several controls. Its value is a list of `Given`; wrong ids are refused as no longer offered."""

    drawn_by: type[QuestionWidget]

    def __init__(self, asked: Asked, **kwargs: Any) -> None:
        super().__init__(widget=self.drawn_by(asked), **kwargs)
        self.asked = asked

    def clean(self, value: Raw) -> list[Given]:
        # Whether it must be answered is asked with the other rules, once all answers are known.
        return self.read(value or {})

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data)

    def read(self, raw: Raw) -> list[Given]:
        """What was typed, as answers."""
        raise NotImplementedError

    def one_of(self, known: Mapping[str, int], typed: str) -> int:
        """The id that was chosen; one that is not among the known was removed while the page was open."""
        if typed not in known:
            raise ValidationError(_("One of the answers you chose is no longer offered. Choose again."), code="gone")
        return known[typed]

    @property
    def options(self) -> dict[str, int]:
        return {str(option.pk): option.pk for option in self.asked.options}


class ChoicesField(QuestionField):
    """One choice or several."""

    drawn_by = ChoicesWidget

    def read(self, raw: Raw) -> list[Given]:
        chosen = [self.one_of(self.options, typed) for typed in raw.get("", []) if typed]
        words = {
            option.pk: clean_text(first(raw, f"_text_{option.pk}"), lines=False).strip()
            for option in self.asked.options
            if option.takes_text
        }
        for option in self.asked.options:
            if words.get(option.pk) and option.pk not in chosen:
                self.widget.target = f"_text_{option.pk}"
                message = _(
                    "You wrote something beside “%(option)s” without choosing it. Choose it, or delete the words."
                )
                raise ValidationError(message % {"option": option.label}, code="unchosen")
        return [Given(self.asked.pk, option=pk, text=words.get(pk, "")) for pk in dict.fromkeys(chosen)]


class ScaleField(QuestionField):
    """A point."""

    drawn_by = ScaleWidget

    def read(self, raw: Raw) -> list[Given]:
        points = {str(point): point for point in self.asked.question.points}
        return [
            Given(self.asked.pk, number=Decimal(self.one_of(points, fold_digits(typed))))
            for typed in raw.get("", [])
            if typed
        ]


class MatrixField(QuestionField):
    """An option for each line."""

    drawn_by = MatrixWidget

    def read(self, raw: Raw) -> list[Given]:
        return [
            Given(self.asked.pk, row=row.pk, option=self.one_of(self.options, typed))
            for row in self.asked.rows
            for typed in raw.get(f"_row_{row.pk}", [])
            if typed
        ]


class RankingField(QuestionField):
    """A rank for each option."""

    drawn_by = RankingWidget

    def read(self, raw: Raw) -> list[Given]:
        ranks = {str(rank): rank for rank in range(1, len(self.asked.options) + 1)}
        return [
            Given(self.asked.pk, option=option.pk, number=Decimal(self.one_of(ranks, typed)))
            for option in self.asked.options
            if (typed := fold_digits(first(raw, f"_rank_{option.pk}")))
        ]


class PlainField:
    """A question with one control of a usual kind. Its value too is a list of `Given`."""

    part: str

    def __init__(self, asked: Asked, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.asked = asked

    def clean(self, value: Any) -> list[Given]:
        typed = self.to_python(value)  # type: ignore[attr-defined]
        return [] if typed in (None, "") else [Given(self.asked.pk, **{self.part: typed})]


class NumberField(PlainField, DigitsDecimalField):
    """A number."""

    part = "number"
    default_error_messages: ClassVar[dict[str, Any]] = {"invalid": gettext_lazy("Write a number, such as 12.5.")}


class DateField(PlainField, DigitsDateField):
    """A date."""

    part = "date"


class ShortField(PlainField, CleanCharField):
    """A line of text."""

    part = "text"


class LongField(PlainField, CleanTextField):
    """Text of several lines."""

    part = "text"

    def __init__(self, asked: Asked, **kwargs: Any) -> None:
        super().__init__(asked, **kwargs)
        self.widget.attrs["rows"] = 4


FIELDS: dict[str, Callable[..., forms.Field]] = {
    QuestionKind.SINGLE: ChoicesField,
    QuestionKind.MULTIPLE: ChoicesField,
    QuestionKind.SCALE: ScaleField,
    QuestionKind.MATRIX: MatrixField,
    QuestionKind.RANKING: RankingField,
    QuestionKind.NUMBER: NumberField,
    QuestionKind.DATE: DateField,
    QuestionKind.SHORT: ShortField,
    QuestionKind.LONG: LongField,
}


def field_for(asked: Asked) -> forms.Field:
    """The field of a question, worded in the active language."""
    question = asked.question
    hints = [question.hint, bounds_in_words(asked)]
    field = FIELDS[asked.kind](
        asked, label=question.text, required=question.is_required, help_text=" ".join(hint for hint in hints if hint)
    )
    if isinstance(field.widget, forms.TextInput | forms.Textarea):
        field.widget.attrs.setdefault("dir", "auto")
    return field


def bounds_in_words(asked: Asked) -> str:
    """How many to choose, or between which numbers; "" where nothing bounds the answer."""
    least, most = asked.question.least, asked.question.most
    if asked.kind == QuestionKind.MULTIPLE:
        return _how_many(least, most)
    if asked.kind == QuestionKind.SCALE:
        return _ends(asked)
    if asked.kind == QuestionKind.NUMBER and least is not None and most is not None:
        return _("A number from %(least)s to %(most)s.") % {"least": least, "most": most}
    if asked.kind == QuestionKind.RANKING:
        return _("Give 1 to what matters most to you, then 2, and so on. Use each number once.")
    return ""


def _ends(asked: Asked) -> str:
    """What the ends of a scale mean."""
    question = asked.question
    ends = [(question.least, question.low_label), (question.most, question.high_label)]
    return " ".join(
        _("%(point)s means “%(words)s”.") % {"point": point, "words": words} for point, words in ends if words
    )


def _how_many(least: int | None, most: int | None) -> str:
    least = least or 0
    if most is None:
        return _("Choose at least %(least)s.") % {"least": least} if least > 1 else _("Choose all that apply.")
    if least == most:
        return _("Choose exactly %(most)s.") % {"most": most}
    if least > 1:
        return _("Choose %(least)s to %(most)s.") % {"least": least, "most": most}
    return _("Choose up to %(most)s.") % {"most": most}
