"""Writing, publishing, pinning, taking down, appealing: each act once, audited, and never a toggle."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from participation.news.actions import hiding, publishing, writing
from participation.news.actions.changing import Conflict
from participation.news.models import Announcement
from participation.news.states import Ground, Outcome, State
from portal.audit.models import AuditEvent
from portal.mail.models import OutgoingMail
from tests.at_once import at_once

pytestmark = pytest.mark.django_db


def verbs(announcement: Announcement) -> list[str]:
    return [event.verb.partition(".")[2] for event in AuditEvent.objects.about(announcement)]


def hide(announcement, by, **changes):
    return hiding.hide_announcement(announcement=announcement, by=by, **{"ground": Ground.FALSE, **changes})


# Writing ---------------------------------------------------------------------------------------------------


def test_it_remembers_who_wrote_a_draft(draft, editor):
    announcement = draft()
    assert (announcement.author, announcement.state, verbs(announcement)) == (editor, State.DRAFT, ["written"])


def test_it_changes_only_what_differs(draft, editor):
    announcement = draft()
    same = {"title_ar": announcement.title_ar, "topic": None}
    assert not writing.edit_announcement(announcement=announcement, by=editor, version=1, **same)
    assert writing.edit_announcement(
        announcement=announcement, by=editor, version=1, title_ar="عنوان جديد", **{"topic": None}
    )
    event = AuditEvent.objects.about(announcement).last()
    assert (announcement.version, event.data["fields"]) == (2, ["title_ar"])


def test_it_refuses_to_overwrite_what_somebody_else_changed(draft, editor, publisher):
    announcement = draft()
    writing.edit_announcement(announcement=announcement, by=publisher, version=1, title_en="First")
    with pytest.raises(Conflict):
        writing.edit_announcement(announcement=announcement, by=editor, version=1, title_en="Second")
    announcement.refresh_from_db()
    assert announcement.title_en == "First"


@pytest.mark.django_db(transaction=True)
def test_of_two_editors_at_the_same_moment_one_is_told(draft, editor):
    announcement = draft()

    def edit(number: int) -> bool:
        mine = Announcement.objects.get(pk=announcement.pk)
        return writing.edit_announcement(announcement=mine, by=editor, version=1, title_en=f"Title {number}")

    results = at_once(4, edit)
    assert sorted(type(result).__name__ for result in results) == ["Conflict"] * 3 + ["bool"]
    assert verbs(announcement) == ["written", "edited"]


def test_a_change_after_publication_carries_its_date_and_keeps_the_address(announce, publisher):
    announcement = announce()
    before, version = announcement.slug, announcement.version
    writing.edit_announcement(
        announcement=announcement, by=publisher, version=version, body_en="Corrected", slug="another"
    )
    assert announcement.revised_at is not None
    assert (announcement.slug, announcement.body_en) == (before, "Corrected")


def test_a_change_before_publication_carries_none(draft, publisher):
    announcement = draft()
    at = timezone.now() + timedelta(days=1)
    publishing.publish_announcement(announcement=announcement, by=publisher, at=at)
    writing.edit_announcement(announcement=announcement, by=publisher, version=2, body_en="Corrected", slug="renamed")
    assert (announcement.revised_at, announcement.slug) == (None, "renamed")


def test_it_discards_a_draft_and_nothing_else(draft, announce, editor):
    scrap, kept = draft(), announce()
    assert writing.discard_draft(announcement=scrap, by=editor)
    assert not writing.discard_draft(announcement=kept, by=editor)
    assert list(Announcement.objects.all()) == [kept]


# Publishing --------------------------------------------------------------------------------------------------


def test_it_publishes_once(draft, publisher):
    announcement = draft()
    assert publishing.publish_announcement(announcement=announcement, by=publisher)
    first = announcement.publish_at
    assert not publishing.publish_announcement(announcement=announcement, by=publisher)
    assert (announcement.publish_at, announcement.state) == (first, State.VISIBLE)
    assert verbs(announcement) == ["written", "published"]


def test_it_schedules_reschedules_and_makes_a_draft_again(draft, publisher):
    announcement = draft()
    monday, tuesday = (timezone.now() + timedelta(days=days) for days in (2, 3))
    for at in (monday, monday, tuesday):
        publishing.publish_announcement(announcement=announcement, by=publisher, at=at)
    assert (announcement.state, announcement.publish_at) == (State.SCHEDULED, tuesday)
    assert publishing.unschedule_announcement(announcement=announcement, by=publisher)
    assert not publishing.unschedule_announcement(announcement=announcement, by=publisher)
    assert announcement.state == State.DRAFT
    assert verbs(announcement) == ["written", "scheduled", "scheduled", "unscheduled"]


def test_it_does_not_take_back_what_the_public_has(announce, publisher):
    announcement = announce()
    assert not publishing.unschedule_announcement(announcement=announcement, by=publisher)
    later = timezone.now() + timedelta(days=1)
    assert not publishing.publish_announcement(announcement=announcement, by=publisher, at=later)
    assert announcement.state == State.VISIBLE


def test_it_names_what_is_missing_before_publication(draft, publisher):
    with pytest.raises(publishing.NotReady) as error:
        publishing.publish_announcement(announcement=draft(body_ar="", title_en=""), by=publisher)
    assert error.value.fields == [("title", "en"), ("body", "ar")]


def test_it_does_not_publish_what_would_be_over_by_then(draft, publisher):
    announcement = draft(expires_at=timezone.now() + timedelta(days=1))
    with pytest.raises(publishing.NotReady):
        publishing.publish_announcement(announcement=announcement, by=publisher, at=timezone.now() + timedelta(days=2))


def test_it_publishes_only_the_version_its_publisher_read(draft, editor, publisher):
    announcement = draft()
    writing.edit_announcement(announcement=announcement, by=editor, version=1, title_en="Slipped in")
    with pytest.raises(Conflict):
        publishing.publish_announcement(announcement=announcement, by=publisher, version=1)


SETTERS = [
    (publishing.pin_announcement, publishing.unpin_announcement, "is_pinned"),
    (publishing.lock_announcement, publishing.unlock_announcement, "is_locked"),
]


@pytest.mark.parametrize(("on", "off", "mark"), SETTERS)
def test_pin_and_lock_say_how_it_shall_be(announce, publisher, on, off, mark):
    announcement = announce()
    assert [on(announcement=announcement, by=publisher) for _time in range(3)] == [True, False, False]
    assert getattr(announcement, mark)
    assert [off(announcement=announcement, by=publisher) for _time in range(2)] == [True, False]
    assert not getattr(announcement, mark)
    assert len(verbs(announcement)) == 4


def test_nothing_pins_or_locks_a_draft(draft, publisher):
    announcement = draft()
    assert not any(on(announcement=announcement, by=publisher) for on, _off, _mark in SETTERS)


def test_a_locked_text_changes_for_nobody(announce, publisher):
    announcement = announce()
    publishing.lock_announcement(announcement=announcement, by=publisher)
    with pytest.raises(Conflict):
        writing.edit_announcement(announcement=announcement, by=publisher, version=announcement.version, body_en="x")


# Taking down -------------------------------------------------------------------------------------------------


def test_it_is_taken_down_once_and_its_author_told_the_ground_once(announce, publisher, editor):
    announcement = announce()
    results = [hide(announcement, publisher, reason="السعر غير صحيح") for _time in range(3)]
    assert (results, announcement.state) == ([True, False, False], State.HIDDEN)
    (mail,) = OutgoingMail.objects.all()
    assert mail.to == editor.email
    page = f"/admin/news/announcement/{announcement.pk}/change/"
    for told in ("False or unreliable information", "السعر غير صحيح", "appeal", page):
        assert told in mail.text
    assert "whole" not in mail.text


@pytest.mark.django_db(transaction=True)
def test_taken_down_by_many_at_once_it_is_told_once(announce, publisher):
    announcement = announce()
    results = at_once(6, lambda number: hide(Announcement.objects.get(pk=announcement.pk), publisher))
    assert sorted(results) == [False] * 5 + [True]
    assert OutgoingMail.objects.count() == 1


def test_a_draft_or_scheduled_one_cannot_be_taken_down(draft, publisher):
    announcement = draft()
    assert not hide(announcement, publisher)
    publishing.publish_announcement(announcement=announcement, by=publisher, at=timezone.now() + timedelta(days=1))
    assert not hide(announcement, publisher)


def test_it_is_shown_again_as_it_was(announce, publisher):
    announcement = announce(is_pinned=True)
    hide(announcement, publisher)
    assert [hiding.unhide_announcement(announcement=announcement, by=publisher) for _time in range(2)] == [True, False]
    assert (announcement.state, announcement.is_pinned, announcement.revised_at) == (State.VISIBLE, True, None)


def test_what_is_down_cannot_be_changed_pinned_or_unpinned(announce, publisher):
    announcement = announce(is_pinned=True)
    hide(announcement, publisher)
    assert not publishing.unpin_announcement(announcement=announcement, by=publisher)
    with pytest.raises(Conflict):
        writing.edit_announcement(announcement=announcement, by=publisher, version=announcement.version, body_en="x")


def test_an_appeal_is_made_once_and_not_by_who_took_it_down(announce, publisher, editor):
    announcement = announce()
    assert not hiding.appeal(announcement=announcement, text="Nothing to appeal", by=editor)
    hide(announcement, publisher)
    assert not hiding.appeal(announcement=announcement, text="Mine", by=publisher)
    assert hiding.appeal(announcement=announcement, text="The price is right.", by=editor)
    assert not hiding.appeal(announcement=announcement, text="Again", by=editor)
    assert announcement.appeal_text == "The price is right."


@pytest.mark.parametrize(("outcome", "state"), [(Outcome.UPHELD, State.HIDDEN), (Outcome.RESTORED, State.VISIBLE)])
def test_somebody_else_decides_an_appeal_once(announce, publisher, second_publisher, editor, outcome, state):
    announcement = announce()
    hide(announcement, publisher)
    hiding.appeal(announcement=announcement, text="Look again.", by=editor)
    decision = {"announcement": announcement, "outcome": outcome, "answer": "Checked with the source."}
    for judge in (publisher, editor):
        with pytest.raises(Conflict):
            hiding.decide_appeal(**decision, by=judge)
    assert [hiding.decide_appeal(**decision, by=second_publisher) for _time in range(2)] == [True, False]
    assert (announcement.state, announcement.appeal_decided_by) == (state, second_publisher)
    mail = OutgoingMail.objects.filter(template="news/appeal_decided").get()
    assert (mail.to, "Checked with the source." in mail.text) == (editor.email, True)


def test_taken_down_again_it_can_be_appealed_again(announce, publisher, second_publisher, editor):
    announcement = announce()
    hide(announcement, publisher)
    hiding.appeal(announcement=announcement, text="Look again.", by=editor)
    hiding.decide_appeal(
        announcement=announcement, outcome=Outcome.RESTORED, answer="It is right.", by=second_publisher
    )
    assert hide(announcement, second_publisher, ground=Ground.MISTAKE)
    assert (announcement.appealed_at, announcement.appeal_outcome) == (None, "")
    assert hiding.appeal(announcement=announcement, text="Once more.", by=editor)
    assert OutgoingMail.objects.filter(template="news/hidden").count() == 2


def test_who_takes_down_their_own_is_not_told_by_mail(announce, editor):
    hide(announce(), editor)
    assert not OutgoingMail.objects.exists()


def test_no_text_gets_into_the_history(announce, publisher, editor):
    announcement = announce()
    hide(announcement, publisher, reason="secret reason")
    hiding.appeal(announcement=announcement, text="secret text", by=editor)
    kept = str([event.data for event in AuditEvent.objects.about(announcement)])
    assert "secret" not in kept
    assert announcement.title_ar not in kept


# States --------------------------------------------------------------------------------------------------------


def test_the_database_and_the_object_agree_on_every_state(announce, draft, publisher):
    down = announce()
    hide(down, publisher)
    soon = draft()
    publishing.publish_announcement(announcement=soon, by=publisher, at=timezone.now() + timedelta(hours=1))
    rows = {
        State.DRAFT: draft(), State.SCHEDULED: soon, State.VISIBLE: announce(),
        State.EXPIRED: announce(expired=True), State.HIDDEN: down,
    }  # fmt: skip
    asked = {
        State.DRAFT: Announcement.objects.drafts(), State.SCHEDULED: Announcement.objects.scheduled(),
        State.VISIBLE: Announcement.objects.visible(), State.EXPIRED: Announcement.objects.expired(),
        State.HIDDEN: Announcement.objects.hidden(),
    }  # fmt: skip
    for state, announcement in rows.items():
        assert announcement.state == state
        assert list(asked[state]) == [announcement]


def test_it_appears_and_ends_at_its_very_moment(draft, publisher):
    start = timezone.now() + timedelta(hours=1)
    announcement = draft(expires_at=start + timedelta(hours=1))
    publishing.publish_announcement(announcement=announcement, by=publisher, at=start)
    moments = {timedelta(seconds=-1): State.SCHEDULED, timedelta(0): State.VISIBLE, timedelta(hours=1): State.EXPIRED}
    for offset, state in moments.items():
        at = start + offset
        assert announcement.state_at(at) == state
        found = {State.SCHEDULED: Announcement.objects.scheduled(at), State.VISIBLE: Announcement.objects.visible(at),
                 State.EXPIRED: Announcement.objects.expired(at)}  # fmt: skip
        assert [key for key, rows in found.items() if rows.exists()] == [state]
