"""Many vote at once, some of them twice, while others count: every ballot is counted once, or refused."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from participation.surveys.actions.counting import count, count_closed, recount
from participation.surveys.actions.voting import AlreadyVoted, NotOpen
from participation.surveys.models import Answer, Ballot, Questionnaire, Tally
from tests.at_once import at_once
from tests.held import aside, held_open, wait_until_blocked
from tests.people import World, build_world
from tests.questionnaires import FULL, cast, choice, make_poll, make_survey, opened, over, question
from tests.running import ROOT, environment, wait_until


@pytest.fixture
def shared_world(transactional_db: None) -> World:
    """The world for tests with several database connections, which see only what is committed."""
    return build_world()


def test_twenty_votes_of_one_voter_at_once_make_one_ballot(shared_world: World) -> None:
    survey = opened(make_survey(shared_world))

    results = at_once(20, lambda _number: cast(survey, voter="maryam", **FULL))

    ballot = Ballot.objects.get()
    assert [result for result in results if isinstance(result, Ballot)] == [ballot]
    assert [type(result) for result in results].count(AlreadyVoted) == 19
    assert ballot.answers.count() == Answer.objects.count() == 14
    survey.refresh_from_db()
    assert survey.frozen_at is not None


VOTE = """
import sys, django
django.setup()
from participation.surveys.actions.voting import AlreadyVoted
from participation.surveys.models import Questionnaire
from tests.questionnaires import cast, choice, question
first, last = int(sys.argv[1]), int(sys.argv[2])
poll = Questionnaire.objects.get()
given = [[choice(question(poll), label)] for label in ("Morning", "Evening", "Night")]
stored = refused = 0
for number in range(first, last):
    try:
        cast(poll, given[number % 3], voter=f"citizen {number}")
        stored += 1
    except AlreadyVoted:
        refused += 1
    if not poll.is_frozen:
        poll.refresh_from_db()
print(stored, refused)
"""


def test_two_thousand_voters_in_four_processes_are_counted_exactly(shared_world: World) -> None:
    poll = opened(make_poll(shared_world, ["Morning", "Evening", "Night"]))
    # Each process shares a fifth of its voters with the next: whoever comes second is told so.
    shares = [(0, 600), (500, 1100), (1000, 1600), (1500, 2000)]
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", VOTE, str(first), str(last)], cwd=ROOT, text=True, stdout=subprocess.PIPE,
            env=environment() | {"LOG_LEVEL": "ERROR"},
        )
        for first, last in shares
    ]  # fmt: skip
    printed = [process.communicate(timeout=150)[0].split() for process in processes]

    assert [process.returncode for process in processes] == [0, 0, 0, 0]
    assert sum(int(stored) for stored, _refused in printed) == Ballot.objects.count() == 2000
    assert sum(int(refused) for _stored, refused in printed) == 300
    over(poll)
    assert count_closed() == 1
    asked = question(poll)
    for label, expected in {"Morning": 667, "Evening": 667, "Night": 666}.items():
        assert Tally.objects.get(question=asked, option=choice(asked, label).option).count == expected
    assert Tally.objects.get(question=None).count == 2000
    poll.refresh_from_db()
    assert poll.respondents == 2000
    assert recount(poll) == []


def test_the_count_waits_for_a_ballot_that_is_being_stored(shared_world: World) -> None:
    poll = opened(make_poll(shared_world))
    soon = timezone.now() + timedelta(seconds=1)
    Questionnaire.objects.filter(pk=poll.pk).update(closes_at=soon)

    with held_open(lambda: cast(poll, "Morning")):
        time.sleep(1.2)  # now it is closed, and the ballot not committed
        counting = aside(lambda: count(questionnaire=poll))
        wait_until_blocked()
        assert not counting.done()

    assert counting.result(10) is True
    poll.refresh_from_db()
    assert poll.respondents == 1
    assert recount(poll) == []


def test_a_ballot_waits_for_the_count_and_is_refused_after_it(shared_world: World) -> None:
    poll = over(make_poll(shared_world))

    with held_open(lambda: count(questionnaire=poll)):
        late = aside(lambda: cast(poll, "Morning"))
        wait_until_blocked()

    assert isinstance(late.exception(10), NotOpen)
    assert not Ballot.objects.exists()


def test_a_ballot_that_waited_is_judged_by_the_time_it_gets_in(shared_world: World) -> None:
    """Dated before the count it waited for, it would belong to a month that is over."""
    poll = opened(make_poll(shared_world))
    cast(poll, "Morning")
    closes_at = timezone.now() + timedelta(seconds=1.5)
    Questionnaire.objects.filter(pk=poll.pk).update(closes_at=closes_at)

    def lock() -> None:
        Questionnaire.objects.select_for_update().get(pk=poll.pk)

    with held_open(lock):
        waiting = aside(lambda: cast(poll, "Evening"))
        wait_until_blocked()
        assert timezone.now() < closes_at
        time.sleep(1.6)

    assert isinstance(waiting.exception(10), NotOpen)
    assert Ballot.objects.count() == 1


def test_voters_at_the_closing_second_are_all_counted_or_refused(shared_world: World) -> None:
    poll = opened(make_poll(shared_world))
    Questionnaire.objects.filter(pk=poll.pk).update(closes_at=timezone.now() + timedelta(seconds=2))
    poll.refresh_from_db()

    def act(number: int) -> Any:
        if number == 0:
            wait_until(count_closed)
            return 0
        stored = 0
        while True:
            try:
                cast(poll, "Morning" if stored % 2 else "Evening")
            except NotOpen:
                return stored
            stored += 1

    stored = at_once(7, act)

    assert all(isinstance(result, int) for result in stored), stored
    poll.refresh_from_db()
    assert sum(stored) == poll.respondents == Ballot.objects.count() > 10
    assert recount(poll) == []


def test_two_workers_count_once(shared_world: World) -> None:
    poll = opened(make_poll(shared_world))
    cast(poll, "Morning")
    over(poll)
    assert sorted(at_once(4, lambda _number: count_closed())) == [0, 0, 0, 1]
    assert Tally.objects.get(question=None).count == 1
