"""Submissions a second through the full stack, beside django-helpdesk: form post to committed case.

All run on one PostgreSQL server with fsync on, behind the web server's command of `manage.py up`, and are asked in
turns, so that whatever else the machine does falls on all. Ours checks, throttles, encrypts, indexes, audits, starts a
clock and tells the broker; theirs stores ticket and follow-up and makes the letter, which goes nowhere. It is measured
twice: with Django's own connection settings, which open a connection for each request, and with ours, which keep it.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from statistics import median

import psycopg
from django.core import signing

from bench import helpdesk
from bench.client import Door, fetch, rate
from bench.figures import demand, show
from bench.stage import ROOT, end
from participation.feedback.forms import FASTEST
from participation.feedback.models import Case
from participation.feedback.states import Kind, State
from participation.feedback.tokens import FORM_SALT
from portal import embedded
from portal.clocks.models import Clock
from portal.home.management.commands.up import CELERY, Command
from tests.people import build_world

TARGET = 1.5
ROUNDS, POSTS, WARM_UP = 16, 28, 160
SENT = WARM_UP + ROUNDS * POSTS
MESSAGES = [case["message"] for case in json.loads((ROOT / "portal/home/demo_content/cases.json").read_text())]


def text(number: int) -> str:
    """What the demonstration's citizens write, in both languages, never the same twice."""
    return f"{MESSAGES[number % len(MESSAGES)]}\n{number}"


def our_form(number: int, topic: int) -> dict[str, str]:
    """A filled-in contact form with a fresh token that is old enough not to look like a robot's."""
    token = signing.dumps({"id": f"bench{number:027d}", "at": time.time() - FASTEST - 10}, salt=FORM_SALT)
    return {
        "token": token, "kind": Kind.COMPLAINT, "topic": str(topic), "text": text(number), "governorate": "muscat",
        "name": "مريم", "email": f"citizen{number}@example.com", "phone": "", "website": "", "kept": "",
    }  # fmt: skip


def their_form(number: int, queue: int, csrf: str) -> dict[str, str]:
    """The same message as django-helpdesk asks for it."""
    return {
        "csrfmiddlewaretoken": csrf, "queue": str(queue), "title": f"رقم الطلب {number}", "body": text(number),
        "submitter_email": f"citizen{number}@example.com", "priority": "3", "due_date": "",
    }  # fmt: skip


@dataclass(frozen=True)
class Side:
    """Somebody to post forms to, and how its form is filled in."""

    door: Door
    form: Callable[[int], dict[str, str]]


@contextmanager
def running(command: list[str], env: dict[str, str], port: int = 0) -> Iterator[None]:
    """A process of ours, up once its port answers and gone afterwards."""
    process = subprocess.Popen(command, cwd=ROOT, env=env, start_new_session=True, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while port and not embedded.answers(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"{command[-1]} did not start")
            time.sleep(0.1)
        yield
    finally:
        end(process)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def web(python: str, application: str, port: int) -> list[str]:
    """The web server as `manage.py up` starts it."""
    _python, *command, _application = Command()._commands(port)["web"]
    return [python, *command, application]


def in_turns(sides: Sequence[Side]) -> list[list[float]]:
    """Rates of every side, round by round, after a warm-up that does not count."""
    found: list[list[float]] = [[] for _ in sides]
    for turn in range(ROUNDS + 1):
        posts, first = (POSTS, turn * 1000) if turn else (WARM_UP, 0)
        for rates, side in zip(found, sides, strict=True):
            reached = rate(side.door, [side.form(number) for number in range(first, first + posts)])
            if turn:
                rates.append(reached)
    return found


@contextmanager
def peer(database: str, *, keeps_connections: bool) -> Iterator[Side]:
    """django-helpdesk with a database of its own on our PostgreSQL server, running."""
    server = os.environ["DATABASE_URL"].replace("/bench?", "/postgres?", 1)
    host = psycopg.conninfo.conninfo_to_dict(embedded.create_database(server, database))["host"]
    env = helpdesk.environment(str(host), database, keeps_connections=keeps_connections)
    queue, port = helpdesk.prepare(env), free_port()
    with running(web(str(helpdesk.PYTHON), "helpdesk_site.wsgi:application", port), env, port):
        page, cookie = fetch(port, "/tickets/submit/")
        csrf = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert csrf, "no CSRF token in the peer's form"
        yield Side(Door(port, "/tickets/submit/", {"Cookie": cookie}), partial(their_form, queue=queue, csrf=csrf[1]))
        check_tickets(server.replace("/postgres?", f"/{database}?", 1))


def main() -> None:
    """Measure all sides, check that every row is there, fail under the target."""
    helpdesk.install()
    port, form = free_port(), partial(our_form, topic=build_world().topic.pk)
    our_web = running(web(sys.executable, "portal.wsgi:application", port), dict(os.environ), port)
    as_it_comes, tuned = peer("helpdesk", keeps_connections=False), peer("tuned", keeps_connections=True)
    with our_web, as_it_comes as plain, tuned as same:
        ours = Side(Door(port, "/ar/contact/", {}), form)
        rates = in_turns([ours, plain, same])
        check_cases()
        worker = [*CELERY, "worker", "--concurrency", "1", "--loglevel", "ERROR"]
        with running(worker, dict(os.environ)):
            busy = rate(ours.door, [form(number) for number in range(90_000, 90_000 + 2 * POSTS)])
    report(*rates, busy)


def check_cases() -> None:
    """Every post is a committed case with its clock, none of them held for a robot's."""
    assert Case.objects.filter(state=State.RECEIVED).count() == SENT
    assert Clock.objects.open().count() == SENT


def check_tickets(url: str) -> None:
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM helpdesk_ticket").fetchone() == (SENT,)


def report(ours: list[float], plain: list[float], same: list[float], busy: float) -> None:
    """The median rate of each side, and the median over the rounds of how many times the peer's rate ours is."""
    name = f"django-helpdesk {helpdesk.VERSION}"
    show_rates("submissions, one web worker, 4 visitors", ours)
    ratio = show_beside(f"{name}, as it comes", ours, plain, f"target {TARGET} x")
    show_beside(f"{name}, with our connection settings", ours, same)
    show("submissions while a worker routes and writes letters", f"{busy:,.0f}/s")
    demand(ratio >= TARGET, f"{TARGET} x django-helpdesk's submissions a second")


def show_beside(name: str, ours: list[float], theirs: list[float], remark: str = "") -> float:
    show_rates(name, theirs)
    ratio = median(one / other for one, other in zip(ours, theirs, strict=True))
    show("  ours beside it", f"{ratio:.2f} x", remark)
    return ratio


def show_rates(name: str, rates: list[float]) -> None:
    show(name, f"{median(rates):,.0f}/s", f"{min(rates):.0f}-{max(rates):.0f} over {ROUNDS} rounds of {POSTS}")
