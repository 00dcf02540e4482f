"""The disposal may run beside itself, fail in one rule, be killed in the middle: nothing is half done or done twice."""

from __future__ import annotations

import signal
from collections import Counter
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DataError, connection, transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from participation.feedback.models import Case, CaseAttachment, Message
from portal.attachments.models import Attachment
from portal.audit.models import AuditEvent
from portal.mail.models import MailState, OutgoingMail
from portal.retention import disposal, registry
from portal.retention.models import DisposalRun
from portal.retention.tasks import dispose as task
from tests.at_once import at_once
from tests.people import World, build_world
from tests.portal.retention.past import DAY, answered, disposed, sent_all
from tests.running import end, start, wait_until

LONG = 3 * 365 + 1


def long_ago() -> None:
    """Age every finished message, so that the night of today disposes of it."""
    then = timezone.now() - LONG * DAY
    Case.objects.filter(finished_at__isnull=False).update(finished_at=then)
    OutgoingMail.objects.filter(state=MailState.SENT).update(sent_at=then)


def gone(rule: str) -> int:
    return DisposalRun.objects.filter(rule=rule).aggregate(sum=Sum("rows"))["sum"] or 0


@pytest.mark.django_db
def test_it_goes_batch_by_batch_until_nothing_is_due(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(disposal, "BATCH", 2)
    for number in range(5):
        answered(world, text=f"Message {number}")
    disposed(days=LONG)
    assert Case.objects.filter(disposed_at__isnull=False).count() == 5
    assert gone("feedback.text") == 5
    assert gone("feedback.contact") == 5


@pytest.mark.django_db
def test_it_stops_when_its_time_is_over_and_the_next_one_goes_on(world: World) -> None:
    answered(world)
    later = timezone.now() + LONG * DAY
    assert not disposal.dispose_due(later, seconds=-1)
    assert disposal.dispose_due(later)
    assert Case.objects.get().disposed_at is not None


def test_several_at_once_dispose_of_each_row_once(transactional_db: None, monkeypatch: Any) -> None:
    monkeypatch.setattr(disposal, "BATCH", 3)
    world = build_world()
    for number in range(12):
        answered(world, text=f"Message {number}")
    later = timezone.now() + LONG * DAY
    assert at_once(4, lambda _number: disposal.dispose_due(later)) == [True] * 4
    assert Case.objects.filter(disposed_at__isnull=False).count() == 12
    assert gone("feedback.contact") == gone("feedback.text") == 12
    each = AuditEvent.objects.filter(verb="case.disposed").values_list("subject_id", flat=True)
    assert set(Counter(each).values()) == {1}


def waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # a transaction sees the activity of its first look
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def test_killed_in_the_middle_of_a_batch_it_leaves_the_message_whole_and_the_next_one_finishes(
    transactional_db: None,
) -> None:
    world = build_world()
    case = answered(world)
    long_ago()
    Case.objects.update(name="", email="", phone="", email_index="", phone_index="", fingerprint="")
    with transaction.atomic():
        # The batch has deleted the files and the links to them when it comes to a message somebody else has locked.
        locked = Message.objects.select_for_update().first()
        assert locked is not None
        process = start("manage", "retention", "--rule", "feedback.text")
        try:
            wait_until(waits_for_a_lock, 60)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait(10)
    wait_until(lambda: not _others_active())
    case.refresh_from_db()
    assert case.text
    assert case.messages.count() == 4
    assert CaseAttachment.objects.count() == Attachment.objects.count() == 2
    assert DisposalRun.objects.get().rows == 0
    assert DisposalRun.objects.get().finished_at is None

    assert task()

    case.refresh_from_db()
    assert case.disposed_at is not None
    assert not Attachment.objects.exists()
    assert gone("feedback.text") == 1
    end(process)


def _others_active() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db
def test_a_file_that_cannot_be_deleted_keeps_only_its_own_message(
    world: World, settings: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(disposal, "BATCH", 2)
    stuck = [answered(world, text=f"Message {number}") for number in range(5)][1]
    file = Path(stuck.attachments.earliest("pk").attachment.stored.path)
    file.unlink()
    (file / "in the way").mkdir(parents=True)
    disposed(days=LONG)
    assert set(Case.objects.filter(disposed_at=None)) == {stuck}
    run = DisposalRun.objects.get(rule="feedback.text")
    assert (run.rows, run.failure) == (4, "OSError")
    stuck.refresh_from_db()
    assert stuck.text
    assert stuck.attachments.count() == 2
    (file / "in the way").rmdir()
    disposed(days=LONG)
    assert not Case.objects.filter(disposed_at=None).exists()


def broken_rule(monkeypatch: Any) -> registry.Rule:
    """A rule that fails with every row, in words that quote it."""

    def fails(rows: QuerySet[Any]) -> int:
        raise DataError("Key (email)=(zubaida.marker@citizen.example) is no good")

    broken = registry.Rule(
        "aaa.broken", "feedback.case", (), "t", "p", "b", 1, "c", due=Case.objects.disposable, dispose=fails
    )
    monkeypatch.setitem(registry._rules, broken.key, broken)
    return broken


@pytest.mark.django_db
def test_a_rule_that_fails_with_every_row_ends_for_the_night(world: World, caplog: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(disposal, "MOST_FAILURES", 3)
    broken_rule(monkeypatch)
    for number in range(5):
        answered(world, text=f"Message {number}")
    disposed(days=LONG)
    assert "aaa.broken failed 3 times: DataError" in caplog.text
    assert gone("feedback.text") == 5


@pytest.mark.django_db
def test_a_rule_that_fails_is_noted_without_its_words_and_holds_up_nobody(
    world: World, caplog: Any, monkeypatch: Any
) -> None:
    answered(world)
    broken_rule(monkeypatch)
    assert disposal.dispose_due(timezone.now() + LONG * DAY)
    run = DisposalRun.objects.get(rule="aaa.broken")
    assert (run.rows, run.failure) == (0, "DataError")
    assert run.finished_at is not None
    assert Case.objects.get().disposed_at is not None
    assert "DataError" in caplog.text
    assert "zubaida" not in caplog.text


@pytest.mark.django_db
def test_the_command_says_what_would_go_and_then_what_went(world: World) -> None:
    answered(world)
    long_ago()
    said = StringIO()
    call_command("retention", "--dry-run", stdout=said)
    assert "feedback.text: 1 would go" in said.getvalue()
    assert Case.objects.get().disposed_at is None
    assert not DisposalRun.objects.exists()
    said = StringIO()
    call_command("retention", rule="feedback.contact", stdout=said)
    assert said.getvalue() == "feedback.contact: 1 went\n"
    assert Case.objects.get().text
    said = StringIO()
    call_command("retention", stdout=said)
    assert "feedback.text: 1 went" in said.getvalue()
    with pytest.raises(CommandError, match=r"feedback\.contact"):
        call_command("retention", rule="no.such", stdout=said)


@pytest.mark.django_db
def test_a_night_in_which_nothing_is_due_is_noted_too(world: World) -> None:
    sent_all()
    assert task()
    assert DisposalRun.objects.count() == len(disposal.obeyed())
    assert not DisposalRun.objects.filter(finished_at=None).exists()


def test_a_period_set_wrongly_is_said_at_the_start(settings: Any) -> None:
    settings.RETENTION_DAYS = {"feedback.texts": 3}
    assert "retention.E001" in [message.id for message in run_checks()]


def test_a_period_set_by_the_operator_is_taken(settings: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(registry, "_periods", {})
    settings.RETENTION_DAYS = {"feedback.text": "30"}
    assert registry.days("feedback.text", 1095) == 30
    assert registry.days("feedback.contact", 365) == 365
    settings.RETENTION_DAYS = {}
    assert [message.id for message in run_checks() if str(message.id).startswith("retention")] == []


@pytest.mark.parametrize("days", [0, "0", -1])
def test_a_period_below_a_day_is_refused_and_not_taken_for_never(settings: Any, monkeypatch: Any, days: Any) -> None:
    monkeypatch.setattr(registry, "_periods", {})
    settings.RETENTION_DAYS = {"feedback.text": days}
    with pytest.raises(ImproperlyConfigured, match=r"feedback\.text"):
        registry.days("feedback.text", 1095)
    assert registry.adjustable() == {}
