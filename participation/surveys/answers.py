"""Whether answers fit what was asked. Whatever a form lets through, nothing is stored that is a problem here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from participation.surveys.kinds import UNSAID, AgeGroup, Cut, Gender, QuestionKind
from participation.surveys.structure import Asked, Given, Profile, Rule, Sheet, Structure, load_structure
from portal.organisations.models import Governorate

__all__ = ["Asked", "Given", "Problem", "Profile", "Rule", "Sheet", "Structure", "load_structure", "problems"]

SHORT, LONG = 300, 4000
"""The most characters of a short and of a long text; the words beside "other" are short."""
YEARS = range(1900, 2101)
PLACES, DIGITS = 4, 14
"""Decimals, and digits before them, of a number that can be stored."""
KNOWN: dict[Cut, frozenset[str]] = {
    Cut.GENDER: frozenset(Gender.values),
    Cut.AGE_GROUP: frozenset(AgeGroup.values),
    Cut.GOVERNORATE: frozenset([*Governorate.values, UNSAID]),
}
WORDS = {
    "required": _("Answer this question."),
    "unknown": _("This answer does not belong to the question. Choose from the ones shown."),
    "one_only": _("Choose one answer only."),
    "too_few": _("Choose more answers."),
    "too_many": _("Choose fewer answers."),
    "exclusive": _("This answer cannot be chosen together with others."),
    "words_missing": _("Write what you mean by this answer."),
    "out_of_bounds": _("The value is outside what is possible here."),
    "lines_missing": _("Answer every line."),
    "ranking": _("Give each place once, beginning with 1."),
    "too_long": _("The text is too long."),
    "not_shown": _("This question was not asked."),
    "empty": _("Answer at least one question."),
    "profile": _("Choose from the answers shown."),
}


@dataclass(frozen=True)
class Problem:
    """Why answers are refused: the question's id (None for what is asked about the person) and a code of WORDS."""

    question: int | None
    code: str
    cut: str = ""
    """The Cut a problem of the profile is about."""

    @property
    def words(self) -> str:
        """What is wrong and what to do, in the active language."""
        return str(WORDS[self.code])


def problems(structure: Structure, given: Iterable[Given], profile: Profile) -> list[Problem]:
    """Everything for which these answers must be refused; an empty list where they fit."""
    answers = list(given)
    found = [] if answers else [Problem(None, "empty")]
    shown = {asked.pk: asked for asked in structure.shown(answers)}
    by_question: dict[int, list[Given]] = {pk: [] for pk in shown}
    for answer in answers:
        if answer.question in by_question:
            by_question[answer.question].append(answer)
        else:
            known = structure.question(answer.question) is not None
            found.append(Problem(answer.question, "not_shown" if known else "unknown"))
    for pk, asked in shown.items():
        found += [Problem(pk, code) for code in _faults(asked, by_question[pk])]
    return found + _profile_problems(structure, profile)


def _profile_problems(structure: Structure, profile: Profile) -> list[Problem]:
    """A value nobody offered, or one for what was not asked. Leaving a question out is "prefer not to say"."""
    found = []
    for cut in Cut:
        value = getattr(profile, cut.value)
        if value and (cut not in structure.cuts or value not in KNOWN[cut]):
            found.append(Problem(None, "profile", cut.value))
    return found


def _faults(asked: Asked, answers: list[Given]) -> list[str]:
    """Codes of what is wrong with the answers to one question that was asked."""
    if not answers:
        return ["required"] if asked.question.is_required else []
    if any(_shape(answer) not in SHAPES[asked.kind] for answer in answers):
        return ["unknown"]
    return list(dict.fromkeys(CHECKS[asked.kind](asked, answers)))


def _shape(answer: Given) -> frozenset[str]:
    """Which of its parts an answer uses."""
    parts = {"row": answer.row, "option": answer.option, "number": answer.number, "date": answer.date}
    return frozenset(
        {name for name, value in parts.items() if value is not None} | ({"text"} if answer.text else set())
    )


def _shapes(*shapes: str) -> set[frozenset[str]]:
    return {frozenset(shape.split()) for shape in shapes}


SHAPES: dict[str, set[frozenset[str]]] = {
    QuestionKind.SINGLE: _shapes("option", "option text"),
    QuestionKind.MULTIPLE: _shapes("option", "option text"),
    QuestionKind.MATRIX: _shapes("row option"),
    QuestionKind.RANKING: _shapes("option number"),
    QuestionKind.SCALE: _shapes("number"),
    QuestionKind.NUMBER: _shapes("number"),
    QuestionKind.DATE: _shapes("date"),
    QuestionKind.SHORT: _shapes("text"),
    QuestionKind.LONG: _shapes("text"),
}


def _options(asked: Asked, answers: list[Given]) -> Iterator[str]:
    """What choices have in common: options of this question, with words where they are asked for, and only there."""
    for answer in answers:
        option = asked.option(answer.option)
        if option is None or (answer.text and not option.takes_text):
            yield "unknown"
        elif option.takes_text and not answer.text.strip():
            yield "words_missing"
        elif len(answer.text) > SHORT:
            yield "too_long"


def _single(asked: Asked, answers: list[Given]) -> Iterator[str]:
    if len(answers) > 1:
        yield "one_only"
    yield from _options(asked, answers)


def _multiple(asked: Asked, answers: list[Given]) -> Iterator[str]:
    chosen = [answer.option for answer in answers]
    if len(set(chosen)) < len(chosen):
        yield "unknown"
    exclusive = any(option.is_exclusive for option in asked.options if option.pk in chosen)
    if exclusive and len(chosen) > 1:
        yield "exclusive"
    if asked.question.least is not None and len(chosen) < asked.question.least and not exclusive:
        yield "too_few"
    if asked.question.most is not None and len(chosen) > asked.question.most:
        yield "too_many"
    yield from _options(asked, answers)


def _matrix(asked: Asked, answers: list[Given]) -> Iterator[str]:
    lines = {row.pk for row in asked.rows}
    answered = [answer.row for answer in answers]
    if not set(answered) <= lines:
        yield "unknown"
    if len(set(answered)) < len(answered):
        yield "one_only"
    if asked.question.is_required and set(answered) != lines:
        yield "lines_missing"
    yield from _options(asked, answers)


def _ranking(asked: Asked, answers: list[Given]) -> Iterator[str]:
    """Places 1, 2, 3 ... without gaps, each option at most once; all of them, unless fewer are enough."""
    places = sorted(answer.number for answer in answers if answer.number is not None)
    if places != [Decimal(place) for place in range(1, len(answers) + 1)]:
        yield "ranking"
    if len({answer.option for answer in answers}) < len(answers):
        yield "ranking"
    least = asked.question.least if asked.question.least is not None else len(asked.options)
    if len(answers) < min(least, asked.question.most or least):
        yield "too_few"
    if asked.question.most is not None and len(answers) > asked.question.most:
        yield "too_many"
    yield from _options(asked, answers)


def _number(asked: Asked, answers: list[Given]) -> Iterator[str]:
    if len(answers) > 1:
        yield "one_only"
    if any(not _is_possible(asked, answer.number) for answer in answers if answer.number is not None):
        yield "out_of_bounds"


def _is_possible(asked: Asked, number: Decimal) -> bool:
    if not number.is_finite() or abs(number) >= 10**DIGITS or number != round(number, PLACES):
        return False
    if asked.kind == QuestionKind.SCALE:
        return number in asked.question.points
    least, most = asked.question.least, asked.question.most
    return (least is None or number >= least) and (most is None or number <= most)


def _date(asked: Asked, answers: list[Given]) -> Iterator[str]:
    if len(answers) > 1:
        yield "one_only"
    if any(answer.date.year not in YEARS for answer in answers if answer.date is not None):
        yield "out_of_bounds"


def _text(asked: Asked, answers: list[Given]) -> Iterator[str]:
    if len(answers) > 1:
        yield "one_only"
    longest = SHORT if asked.kind == QuestionKind.SHORT else LONG
    if any(len(answer.text) > longest for answer in answers):
        yield "too_long"


CHECKS: dict[str, Callable[[Asked, list[Given]], Iterator[str]]] = {
    QuestionKind.SINGLE: _single,
    QuestionKind.MULTIPLE: _multiple,
    QuestionKind.MATRIX: _matrix,
    QuestionKind.RANKING: _ranking,
    QuestionKind.SCALE: _number,
    QuestionKind.NUMBER: _number,
    QuestionKind.DATE: _date,
    QuestionKind.SHORT: _text,
    QuestionKind.LONG: _text,
}
