"""The demonstration content: complete, repeatable, and never beside real cases."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import models
from django.utils import timezone

from participation.faq.models import Entry
from participation.feedback.models import Case, Message, MonthlyFigures, Rating, Referral, ReplyTemplate, RoutingRule
from participation.feedback.states import UNFINISHED, Ground, Kind, Priority, State
from participation.news.models import Announcement
from participation.outcomes.models import Commitment
from participation.surveys.actions.counting import recount
from participation.surveys.models import Ballot, Publication, Questionnaire, Tally
from portal.audit.models import AuditEvent
from portal.clocks.models import Clock, ClockState, Escalation, Metric, Pause
from portal.clocks.sweep import sweep
from portal.home.demo.people import KEY_PEOPLE, passwords_file
from portal.home.demo.telling import TOKEN
from portal.mail.models import OutgoingMail
from portal.organisations.models import Membership, Organisation, Role, Topic, Unit
from portal.references import read_reference
from portal.staff.models import User
from portal.working_days.models import Closure, SpecialHours
from tests.portal.home.conftest import kept_for_the_module

EVERYTHING: list[type[models.Model]] = [
    AuditEvent, Case, Clock, Closure, Escalation, Membership, Message, Organisation, OutgoingMail, Pause, Rating,
    Referral, ReplyTemplate, RoutingRule, SpecialHours, Topic, Unit, User, Announcement, Ballot, Commitment, Entry,
    MonthlyFigures, Publication, Questionnaire, Tally,
]  # fmt: skip


def load() -> str:
    output = StringIO()
    call_command("demo", stdout=output)
    return output.getvalue()


@pytest.fixture(scope="module")
def began() -> datetime:
    """Before the demonstration was loaded: nothing that was due by then may wait."""
    return timezone.now()


@pytest.fixture(scope="module")
def made(began: datetime, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[str]:
    with kept_for_the_module(django_db_blocker, tmp_path_factory.mktemp("demo")):
        yield load()


@pytest.fixture
def demo(made: str, db: None) -> str:
    return made


def test_it_shows_who_may_sign_in(demo: str) -> None:
    password = demo.split("password of all of them: ")[1].split()[0]
    for name in KEY_PEOPLE:
        assert name in demo
        assert User.objects.get(username=name).check_password(password)
    assert stat.S_IMODE(passwords_file().stat().st_mode) == 0o600
    others = User.objects.exclude(username__in=KEY_PEOPLE)
    assert others.exists()
    assert not any(user.has_usable_password() for user in others)


def test_a_second_run_changes_nothing_and_shows_the_same_passwords(demo: str) -> None:
    before = {model: list(model.objects.order_by("pk").values()) for model in EVERYTHING}
    again = load()
    assert {model: list(model.objects.order_by("pk").values()) for model in EVERYTHING} == before
    assert again.split("password of all")[1] == demo.split("password of all")[1]


def test_a_visitor_may_have_written_before_the_second_run(demo: str) -> None:
    Case.objects.filter(pk=Case.objects.first().pk).update(form_token="somebody")  # type: ignore[union-attr]
    load()


def test_every_state_kind_and_language_appears(demo: str) -> None:
    cases = Case.objects.all()
    assert 280 <= cases.count() <= 320
    assert set(cases.values_list("state", flat=True)) == set(State.values)
    assert set(cases.values_list("kind", flat=True)) == set(Kind.values)
    assert set(cases.values_list("language", flat=True)) == {"ar", "en"}
    assert {Priority.SAFETY, Priority.HIGH, Priority.NORMAL} <= set(cases.values_list("priority", flat=True))
    assert cases.exclude(form_token__startswith=TOKEN).count() == 0
    assert all(read_reference(case.reference) == case.reference for case in cases)


def test_there_is_something_to_see_of_everything(demo: str) -> None:
    assert Case.objects.filter(cycle=2, state=State.OPEN).exists()
    assert Case.objects.filter(cycle=2, state=State.ANSWERED).exists()
    assert Case.objects.escalated().count() >= 5
    assert Case.objects.unrouted().exists()
    assert Case.objects.suspected().exists()
    assert Case.objects.filter(state=State.REMOVED, ground__in=Ground.values).exists()
    assert Message.objects.filter(is_internal=True).exists()
    assert Rating.objects.count() > 30
    assert Referral.objects.count() >= 5
    assert Case.objects.exclude(channel="web").exists()
    replies = Clock.objects.filter(metric=Metric.FIRST_REPLY, state=ClockState.STOPPED)
    assert 0.75 < replies.filter(breached_at=None).count() / replies.count() < 0.98


def test_the_past_is_in_order(demo: str) -> None:
    now = timezone.now()
    for case in Case.objects.prefetch_related("messages"):
        moments = [case.received_at, case.routed_at, case.answered_at, case.finished_at]
        known = [moment for moment in moments if moment]
        assert known == sorted(known)
        assert known[-1] <= now
        assert all(case.received_at < message.sent_at <= now for message in case.messages.all())
        events = list(AuditEvent.objects.about(case).values_list("verb", "at"))
        assert events[0][0] == "case.submitted"
        assert case.is_unfinished == Clock.objects.about("feedback.case", case.pk).open().exists()
        assert (case.finished_at is None) == (case.state in UNFINISHED)


def test_clocks_agree_with_what_the_portal_itself_would_reckon(demo: str) -> None:
    from portal.clocks.scheduling import reckon
    from portal.clocks.tables import timetables

    clocks = list(Clock.objects.open())
    tables = timetables(clocks)
    for clock in clocks:
        kept = (clock.due_at, clock.next_action_at, clock.state)
        reckon(clock, tables[clock.pk])
        assert (clock.due_at, clock.next_action_at, clock.state) == kept
    assert not Clock.objects.out_of_date().exists()


def test_the_first_sweep_finds_nothing_left_over(demo: str, began: datetime) -> None:
    assert not Clock.objects.to_act_on(began).filter(started_at__lt=began - timedelta(days=1)).exists()
    sweep()
    assert not OutgoingMail.objects.exclude(template="escalation").exists()


def test_no_letter_waits_for_anybody(demo: str) -> None:
    assert not OutgoingMail.objects.exists()


def test_the_cases_are_found_by_their_words(demo: str) -> None:
    assert not Case.objects.filter(search=None).exists()


def test_every_unit_has_an_officer_a_lead_and_a_head_with_their_permissions(demo: str) -> None:
    for unit in Unit.objects.all():
        assert set(unit.memberships.values_list("role", flat=True)) == set(Role.values)
    officer = User.objects.get(username="thuraya.ghaithiyah")
    assert officer.has_perms(["feedback.view_case", "feedback.change_case"])
    assert not officer.has_perm("feedback.export_case")
    assert User.objects.get(username="muhsin.saqri").has_perm("feedback.export_case")
    assert User.objects.get(username="maryam.habsiyah").has_perm("feedback.register_case")
    assert not User.objects.get(username="auditor").has_perm("feedback.change_case")


def test_totals_of_its_polls_and_surveys_agree_with_their_answers(demo: str) -> None:
    counted = Questionnaire.objects.exclude(counted_at=None)
    assert counted.count() >= 3
    assert not [difference for questionnaire in Questionnaire.objects.all() for difference in recount(questionnaire)]


SHOWN = ["", "participation/", "polls/", "surveys/", "satisfaction/results/", "faq/", "news/", "outcomes/",
         "performance/", "feeds/", "surveys/social-media-use/findings/?by=governorate"]  # fmt: skip


def test_every_page_shows_it_in_both_languages(demo: str, client: Any) -> None:
    found = {path: client.get(f"/{code}/{path}").status_code for code in ("ar", "en") for path in SHOWN}
    assert set(found.values()) == {200}, found
