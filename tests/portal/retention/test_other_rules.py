"""Letters, accounts, sessions, sign-ins, opinions, appeals and the trail: each goes when its time is over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from participation.faq.actions.editing import write_entry
from participation.faq.models import Entry, Vote
from participation.news.actions import hiding
from participation.news.actions.publishing import publish_announcement
from participation.news.actions.writing import write_announcement
from participation.news.models import Announcement
from participation.news.retention import FORGOTTEN
from portal.audit.actions import record
from portal.audit.models import AuditEvent
from portal.mail.actions import try_again
from portal.mail.models import MailState, OutgoingMail
from portal.retention.disposal import dispose_due
from portal.retention.models import DisposalRun
from tests.participation.faq.entries import RENEWAL
from tests.people import World, open_case, staff
from tests.portal.retention.past import DAY, disposed, sent_all

pytestmark = pytest.mark.django_db


def test_a_letter_is_emptied_some_time_after_it_was_sent(world: World) -> None:
    open_case(world)
    sent_all()
    disposed(days=29)
    letter = OutgoingMail.objects.get()
    assert letter.to
    assert letter.text
    disposed(days=31)
    letter.refresh_from_db()
    assert (letter.to, letter.subject, letter.text, letter.html, letter.headers) == ("", "", "", "", {})
    assert letter.dedupe_key
    assert letter.sent_at


def test_a_letter_that_waits_is_never_emptied_and_one_given_up_is_not_sent_empty(world: World) -> None:
    open_case(world)
    disposed(days=400)
    letter = OutgoingMail.objects.get()
    assert letter.to
    OutgoingMail.objects.update(state=MailState.FAILED, last_error="SMTPRecipientsRefused 550")
    disposed(days=31)
    assert try_again(mails=OutgoingMail.objects.all(), by=world.administrator) == 0
    letter.refresh_from_db()
    assert (letter.state, letter.to, letter.last_error) == (MailState.FAILED, "", "")


def test_a_key_that_holds_an_address_goes_with_the_letter(world: World) -> None:
    open_case(world)
    sent_all()
    OutgoingMail.objects.update(dedupe_key=f"survey-link:1:{'0a' * 16}:2026112213")
    disposed(days=31)
    assert OutgoingMail.objects.get().dedupe_key is None


def test_sessions_go_the_day_after_they_ended(world: World) -> None:
    SessionStore().create()
    over = SessionStore()
    over.create()
    Session.objects.filter(pk=over.session_key).update(expire_date=timezone.now() - 2 * DAY)
    disposed()
    assert Session.objects.count() == 1


def test_notes_of_signing_in_go_after_three_months() -> None:
    seen = {"username": "omar", "ip_address": "192.0.2.7", "user_agent": "x", "http_accept": "x", "path_info": "/"}
    AccessAttempt.objects.create(**seen, failures_since_start=1)
    AccessFailureLog.objects.create(**seen)
    AccessLog.objects.create(**seen)
    disposed(days=89)
    assert AccessLog.objects.exists()
    disposed(days=91)
    for model in (AccessAttempt, AccessFailureLog, AccessLog):
        assert not model.objects.exists()


def test_accounts_switched_off_lose_their_names_when_the_trail_no_longer_tells_of_them(world: World) -> None:
    left = staff("left", world.licensing)
    left.is_active = False
    left.save()
    record(verb="case.note", subject=left, by=left)
    disposed(days=10 * 365 - 1)
    left.refresh_from_db()
    assert left.username == "left"
    disposed(days=10 * 365 + 1)
    left.refresh_from_db()
    world.officer.refresh_from_db()
    assert left.username == f"former-{left.pk}"
    assert world.officer.username == "omar"
    assert not AuditEvent.objects.exists()


def test_changes_made_in_the_staff_site_go_after_three_years(world: World) -> None:
    LogEntry.objects.create(user=world.lead, object_repr="x", action_flag=CHANGE, change_message="y")
    disposed(days=3 * 365 - 1)
    assert LogEntry.objects.exists()
    disposed(days=3 * 365 + 1)
    assert not LogEntry.objects.exists()


def test_words_of_readers_go_and_their_votes_stay_counted(world: World) -> None:
    entry = write_entry(entry=Entry(**RENEWAL, topic=world.topic, unit=world.licensing), by=None)
    vote = Vote.objects.create(
        entry=entry, key="k", is_helpful=False, reason="unclear", text="I am Zubaida", language="en"
    )
    disposed(days=179)
    vote.refresh_from_db()
    assert vote.text
    disposed(days=181)
    vote.refresh_from_db()
    assert (vote.text, vote.key, vote.reason, vote.is_helpful) == ("", f"disposed-{vote.pk}", "unclear", False)


def taken_down(world: World) -> Announcement:
    texts = {f"{name}_{code}": "نص" for name in ("title", "summary", "body") for code in ("ar", "en")}
    row = write_announcement(by=world.lead, unit=world.licensing, topic=world.topic, slug="notice", **texts)
    publish_announcement(announcement=row, by=world.administrator)
    hiding.hide_announcement(announcement=row, ground="false", reason="سبب", by=world.head)
    return row


def test_why_an_announcement_was_taken_down_is_forgotten_where_nobody_appealed(world: World) -> None:
    row = taken_down(world)
    disposed(days=3 * 365 - 1)
    row.refresh_from_db()
    assert row.hidden_reason
    disposed(days=3 * 365 + 1)
    row.refresh_from_db()
    assert (row.hidden_reason, row.hidden_ground) == ("", "false")
    assert row.hidden_at
    assert hiding.appeal(announcement=row, text="بل صحيح", by=world.lead)


def test_a_dispute_that_ended_without_a_decision_is_forgotten_after_it_was_shown_again(world: World) -> None:
    row = taken_down(world)
    hiding.appeal(announcement=row, text="بل صحيح", by=world.lead)
    long_ago = timezone.now() - 4 * 365 * DAY
    Announcement.objects.update(publish_at=long_ago, hidden_at=long_ago, appealed_at=long_ago, updated_at=long_ago)
    AuditEvent.objects.update(at=long_ago)
    hiding.unhide_announcement(announcement=row, by=world.head)
    disposed(days=3 * 365 - 1)
    row.refresh_from_db()
    assert (row.appeal_text, row.hidden_reason) == ("بل صحيح", "سبب")
    disposed(days=3 * 365 + 1)
    row.refresh_from_db()
    assert (row.appeal_text, row.appeal_answer, row.hidden_reason) == (FORGOTTEN, "", "")


def test_an_appeal_is_forgotten_and_the_decision_stays(world: World) -> None:
    row = taken_down(world)
    hiding.appeal(announcement=row, text="بل صحيح", by=world.lead)
    disposed(days=3 * 365 + 1)
    row.refresh_from_db()
    assert row.appeal_text
    hiding.decide_appeal(announcement=row, outcome="upheld", answer="بقي محجوبًا", by=world.administrator)
    dispose_due(timezone.now() + timedelta(days=3 * 365 + 1))
    row = Announcement.objects.get()
    assert (row.appeal_text, row.appeal_answer, row.hidden_reason) == (FORGOTTEN, FORGOTTEN, "")
    assert (row.hidden_ground, row.appeal_outcome) == ("false", "upheld")
    assert row.hidden_at
    assert not hiding.appeal(announcement=row, text="مرة أخرى", by=world.lead)
    assert dispose_due(timezone.now() + timedelta(days=3 * 365 + 2))
    assert DisposalRun.objects.filter(rule="news.appeal").latest("pk").rows == 0
