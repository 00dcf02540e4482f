"""Votes a second from two processes to committed ballots, counted afterwards: `python -m bench.stage votes`.

PostgreSQL keeps every commit (fsync is on). First cast_ballot itself, on a poll and on a survey of five pages; then a
poll's page behind the web server with two workers, as browsers that have their cookie send it. Nothing may be lost:
what was answered with thanks is in the database, and the totals agree with it.
"""

from __future__ import annotations

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from multiprocessing import get_context
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.utils import timezone

from bench.figures import demand, show
from bench.submissions import free_port, running, web
from participation.surveys.actions.counting import count_closed, recount
from participation.surveys.models import Ballot, Questionnaire
from participation.surveys.voters import cookie_name, voter_cookie
from tests.people import build_world
from tests.questionnaires import FULL, answers, cast, make_poll, make_survey, opened, question

TARGET = 150
PROCESSES, VOTES, VISITORS = 2, 2_000, 8
THANKED = 303
"""How the page answers a vote that is stored."""


def vote_many(questionnaire_id: int, said: dict[str, Any], first: int) -> float:
    """Cast VOTES ballots of voters nobody else is; returns the seconds it took."""
    questionnaire = Questionnaire.objects.get(pk=questionnaire_id)
    given = answers(questionnaire, **said)
    began = time.perf_counter()
    for number in range(first, first + VOTES):
        cast(questionnaire, given, voter=f"citizen {number}")
    return time.perf_counter() - began


def measure(name: str, questionnaire: Questionnaire, said: dict[str, Any], target: str = "") -> float:
    """Ballots a second while all processes cast; the slowest tells."""
    cast(questionnaire, answers(questionnaire, **said), voter="the first")
    connection.close()
    with get_context("fork").Pool(PROCESSES) as pool:
        shares = [(questionnaire.pk, said, number * VOTES) for number in range(PROCESSES)]
        slowest = max(pool.starmap(vote_many, shares))
        pool.close()  # leaving the block would end them as the stage ends us
        pool.join()
    rate = PROCESSES * VOTES / slowest
    show(name, f"{rate:,.0f}/s", f"{PROCESSES * VOTES:,} ballots{target}")
    return rate


def post_many(port: int, path: str, body: str, first: int) -> int:
    """Send the form for VOTES browsers over one connection; returns how many were thanked."""
    line = HTTPConnection("127.0.0.1", port, timeout=30)
    thanked = 0
    for number in range(first, first + VOTES // 4):
        cookie = f"{cookie_name()}={voter_cookie(f'browser{number}')}"
        line.request("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie})
        response = line.getresponse()
        response.read()
        thanked += response.status == THANKED
    line.close()
    return thanked


def measure_page(poll: Questionnaire) -> tuple[float, int]:
    """Votes a second through the page, and how many were thanked for."""
    cast(poll, "Morning")
    asked, port = question(poll), free_port()
    chosen = asked.options.get(label_en="Evening").pk
    body = urlencode({"version": poll.version, f"q{asked.pk}": chosen})
    command = web(sys.executable, "portal.wsgi:application", port)
    command[command.index("--workers") + 1] = str(PROCESSES)
    env = {**os.environ, "THROTTLE_VOTE": "1000000,3600"}
    with running(command, env, port), ThreadPoolExecutor(VISITORS) as pool:
        path = f"/ar{poll.path}"
        post_many(port, path, body, -VOTES)  # warms up
        began = time.perf_counter()
        shares = pool.map(lambda number: post_many(port, path, body, number * VOTES), range(VISITORS))
        thanked = sum(shares)
        rate = thanked / (time.perf_counter() - began)
    show(
        "votes through the poll's page, two web workers", f"{rate:,.0f}/s", f"{VISITORS} visitors, {thanked:,} ballots"
    )
    return rate, thanked


def check(questionnaire: Questionnaire, expected: int) -> None:
    """Every ballot is there, and the totals are those of the ballots."""
    now = timezone.now()
    Questionnaire.objects.filter(pk=questionnaire.pk).update(closes_at=now)
    began = time.perf_counter()
    assert count_closed() == 1
    took = time.perf_counter() - began
    questionnaire.refresh_from_db()
    assert questionnaire.respondents == expected == Ballot.objects.filter(questionnaire=questionnaire).count()
    assert recount(questionnaire) == []
    show("  none lost: counted and published", f"{took * 1000:,.0f} ms", f"{expected:,} ballots")


def main() -> None:
    """Measure, look whether all are there, fail under the target."""
    world = build_world()
    poll, paged = (opened(make_poll(world, ["Morning", "Evening", "Night"])) for _poll in range(2))
    survey = opened(make_survey(world))
    target = f", target {TARGET}/s"
    by_action = measure("votes on a poll, two processes", poll, {question(poll).text_en: "Evening"}, target)
    check(poll, PROCESSES * VOTES + 1)
    measure("surveys of five pages, two processes", survey, FULL)
    check(survey, PROCESSES * VOTES + 1)
    by_page, thanked = measure_page(paged)
    check(paged, thanked + VOTES // 4 + 1)
    demand(thanked == VISITORS * VOTES // 4, "every browser thanked")
    demand(by_action >= TARGET, f"{TARGET} votes a second")
    demand(by_page >= TARGET, f"{TARGET} votes a second through the page")


if __name__ == "__main__":
    sys.exit("Run it on servers of its own: python -m bench.stage votes")
