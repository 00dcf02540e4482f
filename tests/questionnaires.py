"""Questionnaires of the small world, and people who answer them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from participation.surveys.actions.counting import count_closed
from participation.surveys.actions.voting import cast_ballot
from participation.surveys.answers import Given, Profile
from participation.surveys.kinds import Kind, QuestionKind, Source, State
from participation.surveys.models import (
    Ballot,
    Condition,
    Invitation,
    Option,
    Page,
    Question,
    Questionnaire,
    Row,
)
from participation.surveys.voters import voter_key
from tests.people import World

_numbers = itertools.count(1)
DAY = timedelta(days=1)


def make_questionnaire(world: World, kind: str, slug: str = "", **fields: Any) -> Questionnaire:
    """A draft of the licensing unit without questions."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "kind": kind,
        "slug": slug or f"{kind}-{number}",
        "title_ar": f"عنوان {number}",
        "title_en": f"Title {number}",
        "introduction_ar": "نود معرفة رأيكم.",
        "introduction_en": "We would like to hear from you.",
        "unit": world.licensing,
    }
    return Questionnaire.objects.create(**{**values, **fields})


def add_page(questionnaire: Questionnaire, title: str = "") -> Page:
    """One more page; a titled one is titled in both languages."""
    position = questionnaire.pages.count() + 1
    return Page.objects.create(
        questionnaire=questionnaire, position=position, title_ar=f"صفحة {title}" if title else "", title_en=title
    )


def add_question(
    page: Page, kind: str = QuestionKind.SINGLE, options: Sequence[str] = (), rows: Sequence[str] = (), **fields: Any
) -> Question:
    """One more question. An option called "Other" asks for words; one called "None" excludes the others."""
    position = page.questions.count() + 1
    text = fields.pop("text", f"Question {kind} {position}")
    question = Question.objects.create(
        page=page, position=position, kind=kind, text_ar=f"سؤال: {text.split()[0]}", text_en=text,
        hint_ar="", hint_en="", **fields,
    )  # fmt: skip
    for place, label in enumerate(options, start=1):
        Option.objects.create(
            question=question, position=place, label_ar=f"خيار {label}", label_en=label, takes_text=label == "Other",
            is_exclusive=label == "None",
        )  # fmt: skip
    for place, label in enumerate(rows, start=1):
        Row.objects.create(question=question, position=place, label_ar=f"سطر {label}", label_en=label)
    return question


def show_only_if(target: Page | Question, asked: Question, *labels: str, negated: bool = False) -> Condition:
    """Let a page or question depend on the choice of (or, negated, of none of) these options."""
    place = {"page": target} if isinstance(target, Page) else {"question": target}
    condition = Condition.objects.create(asked=asked, is_negated=negated, **place)
    condition.options.set(asked.options.filter(label_en__in=labels))
    return condition


def make_poll(world: World, options: Sequence[str] = ("Morning", "Evening"), **fields: Any) -> Questionnaire:
    """A draft poll with one required question; options are named by their English labels."""
    multiple = fields.pop("multiple", False)
    poll = make_questionnaire(world, Kind.POLL, **fields)
    kind = QuestionKind.MULTIPLE if multiple else QuestionKind.SINGLE
    add_question(add_page(poll), kind, options, text="Which hours suit you?", is_required=True)
    return poll


def make_survey(world: World, **fields: Any) -> Questionnaire:
    """A draft survey of five pages with every kind of question, asking for gender, age group and governorate.

    1: `used` (single, required: Yes, No) and `channels` (multiple, 1 to 2: Web, Phone, None, Other);
    2, only if used: `ease` (scale 1 to 5, required) and `aspects` (matrix, required: Speed, Care x Good, Bad);
    3, only if not used: `why` (long, required);
    4: `visits` (number 0 to 50), `last` (date), `nickname` (short) and, only if the web was used, `site` (short);
    5: `wishes` (ranking: Hours, Parking, Staff) and `comment` (long).
    """
    asks = {"asks_gender": True, "asks_age_group": True, "asks_governorate": True}
    survey = make_questionnaire(world, Kind.SURVEY, **{**asks, **fields})
    one, two, three, four, five = (
        add_page(survey, title) for title in ("Use", "Experience", "Reasons", "Facts", "Wishes")
    )
    used = add_question(one, options=["Yes", "No"], text="used", is_required=True)
    channels = add_question(
        one, QuestionKind.MULTIPLE, ["Web", "Phone", "None", "Other"], text="channels", least=1, most=2
    )
    labels = {"low_label_ar": "صعب", "low_label_en": "hard", "high_label_ar": "سهل", "high_label_en": "easy"}
    add_question(two, QuestionKind.SCALE, text="ease", least=1, most=5, is_required=True, **labels)
    add_question(two, QuestionKind.MATRIX, ["Good", "Bad"], ["Speed", "Care"], text="aspects", is_required=True)
    add_question(three, QuestionKind.LONG, text="why", is_required=True)
    add_question(four, QuestionKind.NUMBER, text="visits", least=0, most=50)
    add_question(four, QuestionKind.DATE, text="last")
    add_question(four, QuestionKind.SHORT, text="nickname")
    show_only_if(add_question(four, QuestionKind.SHORT, text="site"), channels, "Web")
    add_question(five, QuestionKind.RANKING, ["Hours", "Parking", "Staff"], text="wishes")
    add_question(five, QuestionKind.LONG, text="comment")
    show_only_if(two, used, "Yes")
    show_only_if(three, used, "Yes", negated=True)
    return survey


def make_satisfaction(world: World, **fields: Any) -> Questionnaire:
    """The standing satisfaction survey, open since half a year: a required scale of 1 to 5 and a comment."""
    values = {"slug": "satisfaction", "state": State.SCHEDULED, "opens_at": timezone.now() - 180 * DAY}
    survey = make_questionnaire(world, Kind.SATISFACTION, **{**values, **fields})
    page = add_page(survey)
    add_question(page, QuestionKind.SCALE, text="score", least=1, most=5, is_required=True)
    add_question(page, QuestionKind.LONG, text="comment")
    return survey


def opened(questionnaire: Questionnaire, **times: Any) -> Questionnaire:
    """Scheduled, opened yesterday, closing in a week, unless told otherwise; in the database at once."""
    now = timezone.now()
    values = {"state": State.SCHEDULED, "opens_at": now - DAY, "closes_at": now + 7 * DAY, **times}
    Questionnaire.objects.filter(pk=questionnaire.pk).update(**values)
    questionnaire.refresh_from_db()
    return questionnaire


def upcoming(questionnaire: Questionnaire) -> Questionnaire:
    """Scheduled, opening tomorrow."""
    return opened(questionnaire, opens_at=timezone.now() + DAY)


def over(questionnaire: Questionnaire, days: float = 1) -> Questionnaire:
    """Closed so many days ago, opened a month before, and not counted yet."""
    closes_at = timezone.now() - timedelta(days=days)
    return opened(questionnaire, opens_at=closes_at - 30 * DAY, closes_at=closes_at)


def closed(questionnaire: Questionnaire, days: float = 1) -> Questionnaire:
    """Closed so many days ago, and counted with the results published."""
    over(questionnaire, days)
    count_closed()
    questionnaire.refresh_from_db()
    return questionnaire


def question(questionnaire: Questionnaire, text: str = "") -> Question:
    """The question with that English text, or the first."""
    rows = Question.objects.filter(page__questionnaire=questionnaire).order_by("page__position", "position")
    found = rows.filter(text_en=text).first() if text else rows.first()
    assert found is not None, text
    return found


def choice(asked: Question, label: str, text: str = "") -> Given:
    """An option of a question by its English label."""
    return Given(asked.pk, option=asked.options.get(label_en=label).pk, text=text)


def answers(questionnaire: Questionnaire, **said: Any) -> list[Given]:
    """What was said, by the English text of the question, in plain values.

    A label for single ("Yes"), labels for multiple and in order for ranking (["Staff", "Hours"]), "Label: words" where
    an option asks for words, {line: label} for matrix, a number for scale and number, a date, a text.
    """
    return [given for text, value in said.items() for given in _givens(question(questionnaire, text), value)]


def _givens(asked: Question, value: Any) -> list[Given]:
    match asked.kind:
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE:
            labels = [value] if isinstance(value, str) else value
            return [choice(asked, label, words.strip()) for label, _colon, words in (v.partition(":") for v in labels)]
        case QuestionKind.RANKING:
            ids = [asked.options.get(label_en=label).pk for label in value]
            return [Given(asked.pk, option=pk, number=Decimal(place)) for place, pk in enumerate(ids, start=1)]
        case QuestionKind.MATRIX:
            rows = {row.label_en: row.pk for row in asked.rows.all()}
            return [
                Given(asked.pk, row=rows[line], option=choice(asked, label).option) for line, label in value.items()
            ]
        case QuestionKind.SCALE | QuestionKind.NUMBER:
            return [Given(asked.pk, number=Decimal(str(value)))]
        case QuestionKind.DATE:
            return [Given(asked.pk, date=value)]
    return [Given(asked.pk, text=value)]


FULL: dict[str, Any] = {
    "used": "Yes", "channels": ["Web", "Other: by post"], "ease": 4, "aspects": {"Speed": "Good", "Care": "Bad"},
    "visits": 3, "last": date(2026, 3, 1), "nickname": "Nasser", "site": "portal",
    "wishes": ["Staff", "Hours", "Parking"], "comment": "شكرا",
}  # fmt: skip
"""Answers to everything make_survey asks of somebody who used the service."""


def cast(
    questionnaire: Questionnaire,
    given: Sequence[Given] | str | None = None,
    *,
    voter: str = "",
    profile: Profile | None = None,
    language: str = "ar",
    source: str = Source.WEB,
    version: int | None = None,
    invitation: Invitation | None = None,
    **said: Any,
) -> Ballot:
    """Cast one ballot of a new voter (or of `voter`).

    `given` is a list, or a label of the first question (`cast(poll, "Morning")`); or say it by question
    (`cast(survey, **FULL)`, `cast(satisfaction, score=4)`).
    """
    if isinstance(given, str):
        given = [choice(question(questionnaire), given)]
    return cast_ballot(
        questionnaire=questionnaire,
        voter_key=voter_key(questionnaire, source, voter or f"voter-{next(_numbers)}"),
        given=answers(questionnaire, **said) if given is None else given,
        profile=profile or Profile(),
        language=language,
        source=source,
        version=questionnaire.version if version is None else version,
        invitation=invitation,
    )


def cast_in(month: date, questionnaire: Questionnaire, **ballot: Any) -> Ballot:
    """Cast a ballot and put it back into a month of the past, on its tenth at noon."""
    made = cast(questionnaire, **ballot)
    made.cast_hour = timezone.now().replace(
        year=month.year, month=month.month, day=10, hour=8, minute=0, second=0, microsecond=0
    )
    made.save(update_fields=["cast_hour"])
    return made
