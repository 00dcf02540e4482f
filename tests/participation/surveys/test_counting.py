"""Totals are what the ballots say, survive them, and can be checked against them."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from participation.surveys.actions.counting import count, count_closed, live_tallies, recount
from participation.surveys.actions.lifecycle import withdraw
from participation.surveys.answers import Profile
from participation.surveys.models import Answer, Ballot, Publication, Questionnaire, Tally, Turnout
from participation.surveys.months import month_of, next_month
from portal.audit.models import AuditEvent
from portal.celery import app
from portal.staff.models import User
from tests.people import World, staff
from tests.questionnaires import (
    DAY,
    FULL,
    cast,
    cast_in,
    choice,
    closed,
    make_poll,
    make_satisfaction,
    make_survey,
    opened,
    over,
    question,
)

TOLD = [Profile("female", "25-34", "muscat"), Profile("male", "25-34", "dhofar"), Profile("female", "", "muscat")]


def totals(questionnaire: Questionnaire, **wanted: Any) -> int:
    """The sum of the tallies that fit; those of ballots as such unless a question is given."""
    rows = Tally.objects.filter(questionnaire=questionnaire, **{"question": None, **wanted})
    return sum(rows.values_list("count", flat=True))


@pytest.fixture
def counted(world: World) -> Questionnaire:
    """A survey answered in full by two women and a man, and briefly by another man."""
    survey = opened(make_survey(world))
    for told in TOLD:
        cast(survey, profile=told, **FULL)
    cast(survey, profile=Profile("male", "", ""), used="No", why="بعيد", channels=["None"])
    return closed(survey)


def test_ballots_are_counted_for_each_combination_of_what_people_told(counted: Questionnaire) -> None:
    assert totals(counted) == counted.respondents == 4
    assert totals(counted, gender="female") == 2
    assert totals(counted, gender="female", age_group="25-34", governorate="muscat") == 1
    assert totals(counted, age_group="unsaid") == 2
    assert counted.counted_at is not None


def test_options_are_counted_and_not_combinations(counted: Questionnaire) -> None:
    used, channels = question(counted, "used"), question(counted, "channels")
    assert totals(counted, question=used, option=choice(used, "Yes").option) == 3
    assert totals(counted, question=used, option=None, value="") == 4
    assert totals(counted, question=channels, option=choice(channels, "Web").option) == 3
    assert totals(counted, question=channels, option=choice(channels, "Other").option, gender="male") == 1
    # Six options were chosen by three people and one by a fourth: four people answered.
    assert totals(counted, question=channels, option__isnull=False) == 7
    assert totals(counted, question=channels, option=None, value="") == 4


def test_every_kind_of_question_is_counted(counted: Questionnaire) -> None:
    ease, aspects, wishes = (question(counted, text) for text in ("ease", "aspects", "wishes"))
    speed = aspects.rows.get(label_en="Speed")
    assert totals(counted, question=ease, value="4") == totals(counted, question=ease, value="") == 3
    assert totals(counted, question=aspects, row=speed, option=choice(aspects, "Good").option) == 3
    assert totals(counted, question=aspects, row=speed, option=None) == 3
    assert totals(counted, question=aspects, row=None, option=None) == 3
    staff_wish = choice(wishes, "Staff").option
    assert totals(counted, question=wishes, option=staff_wish, value="1") == 3
    assert totals(counted, question=wishes, option=None, value="") == 3
    assert totals(counted, question=question(counted, "visits"), value="3") == 3
    assert totals(counted, question=question(counted, "last"), value="2026-03-01") == 3


def test_of_texts_it_is_counted_only_that_there_are_some(counted: Questionnaire) -> None:
    assert totals(counted, question=question(counted, "comment")) == 3
    assert totals(counted, question=question(counted, "why")) == 1
    assert not Tally.objects.filter(value__contains="شكرا").exists()


def test_numbers_are_counted_as_they_are_written(world: World) -> None:
    survey = opened(make_survey(world))
    for visits in ("0", "2.50", "10", "10.000"):
        cast(survey, used="No", why="بعيد", visits=visits)
    closed(survey)
    rows = Tally.objects.filter(question=question(survey, "visits")).exclude(value="")
    assert dict(rows.values_list("value", "count")) == {"0": 1, "2.5": 1, "10": 2}


def test_turnout_is_kept_by_the_day_where_the_portal_is(world: World) -> None:
    poll = opened(make_poll(world))
    late_evening = timezone.now().replace(hour=21, minute=0, second=0, microsecond=0) - DAY  # 01:00 of the next day
    Ballot.objects.filter(pk=cast(poll, "Morning").pk).update(cast_hour=late_evening)
    Ballot.objects.filter(pk=cast(poll, "Morning").pk).update(cast_hour=late_evening - timedelta(hours=2))
    closed(poll)
    days = dict(Turnout.objects.filter(questionnaire=poll).values_list("day", "count"))
    next_day = late_evening.date() + DAY
    assert days == {next_day: 1, late_evening.date(): 1}


def test_an_early_look_sees_what_would_be_counted_and_stores_nothing(world: World) -> None:
    survey = opened(make_survey(world))
    cast(survey, profile=TOLD[0], **FULL)

    live = live_tallies(survey)

    assert not Tally.objects.exists()
    closed(survey)
    names = ("question_id", "row_id", "option_id", "value", "gender", "age_group", "governorate", "count")
    assert Counter(tuple(getattr(row, name) for name in names) for row in live) == Counter(
        Tally.objects.filter(questionnaire=survey).values_list(*names)
    )


def test_only_what_is_closed_is_counted_and_only_once(world: World) -> None:
    poll, gone = opened(make_poll(world)), opened(make_poll(world))
    cast(poll, "Morning")
    withdraw(questionnaire=gone, version=gone.version, by=None)
    assert count_closed() == 0
    assert count(questionnaire=poll) is False
    over(poll)
    assert count_closed() == 1
    assert count_closed() == 0
    assert count(questionnaire=poll) is False
    assert AuditEvent.objects.about(poll).filter(verb="questionnaire.counted").count() == 1


def test_a_worker_finds_the_tasks_and_the_rows_by_itself(world: World) -> None:
    names = {f"surveys.{name}" for name in ("count_closed", "housekeeping", "send_invitations")}
    app.loader.import_default_modules()  # as a worker does when it starts
    assert names <= set(app.tasks)
    over(make_poll(world))
    assert app.tasks["surveys.count_closed"]() == 1


def test_a_poll_nobody_answered_is_counted_too(world: World) -> None:
    poll = closed(make_poll(world))
    assert poll.respondents == 0
    assert poll.counted_at is not None
    assert not Tally.objects.exists()
    assert recount(poll) == []


def test_results_are_published_with_the_count_or_nothing_is(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, sound = opened(make_poll(world)), opened(make_poll(world))
    cast(broken, "Morning")
    over(broken)
    over(sound)
    from participation.surveys import results

    publish = results.publish

    def fail(questionnaire: Questionnaire, period: date | None = None) -> Any:
        if questionnaire == broken:
            raise ValueError("cannot be published")
        return publish(questionnaire, period)

    with monkeypatch.context() as failing:
        failing.setattr(results, "publish", fail)
        assert count_closed() == 1  # the other one

    broken.refresh_from_db()
    assert broken.counted_at is None
    assert not Tally.objects.filter(questionnaire=broken).exists()
    assert count_closed() == 1
    assert Publication.objects.filter(questionnaire=broken, period=None).exists()


def test_the_recount_agrees_until_somebody_changes_something(counted: Questionnaire) -> None:
    assert recount(counted) == []

    Tally.objects.filter(questionnaire=counted, question=None, gender="female", age_group="25-34").update(count=7)
    Answer.objects.filter(question=question(counted, "comment")).first().delete()

    found = recount(counted)
    ballots = next(difference for difference in found if difference.question is None)
    assert (ballots.counted, ballots.found, ballots.profile) == (7, 1, ("female", "25-34", "muscat"))
    comments = next(difference for difference in found if difference.question is not None)
    assert comments.counted == comments.found + 1
    assert len(found) == 2


def test_the_command_says_whether_totals_agree(counted: Questionnaire, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("recount")
    assert f"{counted.slug}: agrees" in capsys.readouterr().out

    Ballot.objects.filter(gender="male", age_group="unsaid").update(gender="female")
    with pytest.raises(CommandError, match="1 questionnaire"):
        call_command("recount", counted.slug)
    assert "counted 1, found 0" in capsys.readouterr().out

    Questionnaire.objects.filter(pk=counted.pk).update(raw_destroyed_at=timezone.now())
    call_command("recount", counted.slug)
    assert "destroyed" in capsys.readouterr().out

    with pytest.raises(CommandError, match="no-such-poll"):
        call_command("recount", "no-such-poll")


def test_deleting_an_account_changes_no_total(world: World) -> None:
    poll = opened(make_poll(world))
    clerk = staff("clerk", world.licensing)
    cast(poll, "Morning")
    clerk.delete()
    assert not User.objects.filter(username="clerk").exists()
    closed(poll)
    staff("clerk2", world.licensing).delete()
    assert totals(poll) == Ballot.objects.count() == 1
    assert recount(poll) == []


def months_ago(number: int) -> date:
    month = month_of()
    for _month in range(number):
        month = (month - timedelta(days=1)).replace(day=1)
    return month


def test_months_of_the_standing_survey_are_counted_when_they_are_over(world: World) -> None:
    survey = make_satisfaction(world)
    for score in (5, 5, 2):
        cast_in(months_ago(2), survey, score=score)
    cast_in(months_ago(1), survey, score=4)
    cast(survey, score=1)  # this month is not over

    assert count_closed() == 2
    assert count_closed() == 0

    score = question(survey, "score")
    assert totals(survey, period=months_ago(2), question=score, value="5") == 2
    assert totals(survey, period=months_ago(2)) == 3
    assert totals(survey, period=months_ago(1)) == 1
    assert totals(survey) == 4
    survey.refresh_from_db()
    assert survey.respondents == 4
    assert survey.counted_at is None
    assert set(Publication.objects.values_list("period", flat=True)) == {months_ago(2), months_ago(1)}
    assert sum(Turnout.objects.values_list("count", flat=True)) == 4
    assert recount(survey) == []


def test_a_month_of_the_standing_survey_ends_at_midnight_where_the_portal_is(world: World) -> None:
    survey = make_satisfaction(world)
    midnight = timezone.make_aware(timezone.datetime(*months_ago(0).timetuple()[:3]))
    Ballot.objects.filter(pk=cast(survey, score=4).pk).update(cast_hour=midnight - timedelta(hours=1))
    Ballot.objects.filter(pk=cast(survey, score=4).pk).update(cast_hour=midnight)
    assert count_closed() == 1
    assert totals(survey) == totals(survey, period=months_ago(1)) == 1


def test_a_satisfaction_survey_that_is_closed_counts_its_last_month_too(world: World) -> None:
    survey = make_satisfaction(world)
    cast_in(months_ago(1), survey, score=4)
    count_closed()
    cast(survey, score=2)
    Questionnaire.objects.filter(pk=survey.pk).update(closes_at=timezone.now())

    assert count_closed() == 1
    survey.refresh_from_db()
    assert survey.counted_at is not None
    assert survey.respondents == totals(survey) == 2
    assert totals(survey, period=months_ago(0)) == 1
    assert next_month(months_ago(1)) == months_ago(0)
    assert recount(survey) == []


def test_counting_takes_the_same_number_of_statements_however_many_ballots(world: World) -> None:
    from django.test.utils import CaptureQueriesContext

    counts = []
    for ballots in (1, 5):
        poll = opened(make_poll(world))
        for _number in range(ballots):
            cast(poll, "Morning")
        over(poll)
        with CaptureQueriesContext(connection) as seen:
            count_closed()
        counts.append(len(seen))
    assert counts[0] == counts[1]
