"""The results page of a survey that a thousand and a million people answered, and the count that makes its totals.

Five questions of five options, read by gender, age group, governorate and their crossing, as they are published: the
page reads totals, never ballots. The peer is the same page's first figure counted from the ballots at each request.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.figures import demand, median_seconds, seconds, show
from bench.herd import execute, settle
from participation.surveys.actions.counting import count, recount
from participation.surveys.kinds import AgeGroup, Gender, Kind, QuestionKind, State
from participation.surveys.models import Answer, Ballot, Option, Page, Question, Questionnaire
from portal.organisations.models import Governorate, Organisation, Unit

TARGET = 0.100
SIZES = (1_000, 1_000_000)
TAKES = 20
QUESTIONS = OPTIONS = 5


def survey(unit: Unit, slug: str) -> Questionnaire:
    """A survey that closed a minute ago and is not counted yet."""
    now = timezone.now()
    made = Questionnaire.objects.create(
        kind=Kind.SURVEY, slug=slug, title_ar="استبانة", title_en="Survey", unit=unit, state=State.SCHEDULED,
        opens_at=now - timedelta(days=30), closes_at=now - timedelta(minutes=1), frozen_at=now - timedelta(days=30),
        asks_gender=True, asks_age_group=True, asks_governorate=True, crossing_first="age_group",
        crossing_second="governorate",
    )  # fmt: skip
    page = Page.objects.create(questionnaire=made, position=1, title_ar="", title_en="")
    for number in range(1, QUESTIONS + 1):
        question = Question.objects.create(
            page=page, position=number, kind=QuestionKind.SINGLE, text_ar=f"سؤال {number}", text_en=f"Question {number}"
        )
        Option.objects.bulk_create(
            Option(question=question, position=place, label_ar=f"خيار {place}", label_en=f"Option {place}")
            for place in range(1, OPTIONS + 1)
        )
    return made


def one_of(values: list[str], salt: int) -> str:
    """SQL for one of some values, spread by the ballot's number."""
    array = ", ".join(f"'{value}'" for value in values)
    return f"(ARRAY[{array}])[1 + (hashint4(n + {salt}) & 65535) % {len(values)}]"


def answer(questionnaire: Questionnaire, ballots: int) -> None:
    """Fill in the survey so many times, in the database."""
    execute(
        "INSERT INTO surveys_ballot (questionnaire_id, voter_key, source, cast_hour, language, gender, age_group, "
        f"governorate) SELECT {questionnaire.pk}, md5({questionnaire.pk} || '-' || n) || md5(n::text), 'web', "
        "date_trunc('hour', now() - interval '1 hour' * (2 + n % 600)), 'ar', "
        f"{one_of(Gender.values, 1)}, {one_of(AgeGroup.values, 2)}, {one_of(Governorate.values, 3)} "
        f"FROM generate_series(1, {ballots}) n"
    )
    for question in Question.objects.filter(page__questionnaire=questionnaire):
        first = question.options.earliest("position").pk
        execute(
            "INSERT INTO surveys_answer (ballot_id, question_id, option_id, text) "
            f"SELECT id, {question.pk}, {first} + (hashint8(id + {question.pk}) & 65535) % {OPTIONS}, '' "
            f"FROM surveys_ballot WHERE questionnaire_id = {questionnaire.pk}"
        )


def main() -> None:
    """Count and look at both sizes; fail over the target, or where the count is not that of the raw rows."""
    ministry = Organisation.objects.create(code="ministry", name_ar="الوزارة", name_en="Ministry")
    unit = Unit.objects.create(organisation=ministry, code="unit", name_ar="قسم", name_en="Unit")
    client = Client()
    slowest = 0.0
    for size in SIZES:
        questionnaire = survey(unit, f"bench-{size}")
        answer(questionnaire, size)
        settle(Ballot, Answer)
        show(f"count and publish, {size:,} ballots", f"{seconds(lambda q=questionnaire: count(questionnaire=q)):.2f} s")
        for way in ("", "?by=governorate", "?by=crossing"):
            address = f"/ar/surveys/bench-{size}/findings/{way}"
            took = median_seconds(lambda url=address: client.get(url), TAKES)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            show(
                f"results page {way or '(altogether)'}, {size:,} ballots",
                f"{took * 1000:.1f} ms",
                f"{len(asked)} queries",
            )
            slowest = max(slowest, took)
        assert not recount(questionnaire), "the totals are not those of the ballots"
    from_ballots = Answer.objects.filter(
        ballot__questionnaire=questionnaire, question=questionnaire.pages.get().questions.first()
    )
    show(
        "one question counted from 1,000,000 ballots",
        f"{seconds(lambda: from_ballots.filter(option__position=1).count()) * 1000:.0f} ms",
    )
    demand(slowest <= TARGET, f"{TARGET * 1000:.0f} ms at the median")
