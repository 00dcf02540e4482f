"""Entries are written, revised, published and hidden; each language is current or flagged."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from participation.faq.actions import editing
from participation.faq.models import Entry
from participation.faq.states import State
from portal.audit.models import AuditEvent
from tests.at_once import at_once
from tests.participation.faq.entries import RENEWAL, MakeEntry
from tests.people import World

pytestmark = pytest.mark.django_db


def revise(entry: Entry, other_is_right: bool = False, **changes: Any) -> Entry:
    fresh = Entry.objects.get(pk=entry.pk)
    for name, value in changes.items():
        setattr(fresh, name, value)
    return editing.revise_entry(entry=fresh, by=None, version=fresh.version, other_is_right=other_is_right)


def test_a_new_entry_is_a_draft_with_an_address_of_its_own(make_entry: MakeEntry) -> None:
    first, second = make_entry(draft=True, slug=""), make_entry(draft=True, slug="")
    assert (first.state, first.published_at) == (State.DRAFT, None)
    assert first.slug == "how-do-i-renew-my-commercial-registration"
    assert second.slug == "how-do-i-renew-my-commercial-registration-2"


def test_an_entry_without_english_gets_an_address_too(make_entry: MakeEntry) -> None:
    entry = make_entry(draft=True, slug="", question_en="", answer_en="")
    assert entry.slug == "question"
    assert entry.revised_at_en is None
    assert str(entry) == RENEWAL["question_ar"]


def test_it_is_published_in_both_languages_or_not_at_all(make_entry: MakeEntry) -> None:
    entry = make_entry(draft=True, answer_en="")
    with pytest.raises(editing.Incomplete):
        editing.publish_entry(entry=entry, by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(state="published", published_at=entry.reviewed_at)


def test_publishing_and_hiding_are_set_operations(make_entry: MakeEntry, world: World) -> None:
    entry = make_entry(draft=True)
    assert not editing.hide_entry(entry=entry, by=world.lead)
    assert editing.publish_entry(entry=entry, by=world.lead)
    assert not editing.publish_entry(entry=entry, by=world.lead)
    first_time = Entry.objects.get().published_at
    assert editing.hide_entry(entry=entry, by=world.lead)
    assert not editing.hide_entry(entry=entry, by=world.lead)
    assert editing.publish_entry(entry=entry, by=world.lead)
    assert Entry.objects.get().published_at == first_time
    verbs = AuditEvent.objects.about(entry).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["faq.written", "faq.published", "faq.hidden", "faq.published"]


@pytest.mark.parametrize(
    ("changes", "outdated"),
    [
        ({"answer_ar": "جديد"}, "en"),
        ({"question_en": "New?"}, "ar"),
        ({"answer_ar": "جديد", "answer_en": "New"}, ""),
        ({"position": 7}, ""),
    ],
)
def test_a_change_in_one_language_marks_the_other(
    make_entry: MakeEntry, changes: dict[str, Any], outdated: str
) -> None:
    before = make_entry()
    after = revise(before, **changes)
    assert after.outdated == outdated
    assert (after.revised_at_ar != before.revised_at_ar) == any(name.endswith("_ar") for name in changes)
    assert (after.revised_at_en != before.revised_at_en) == any(name.endswith("_en") for name in changes)


def test_the_language_left_behind_catches_up_by_an_edit_or_a_confirmation(make_entry: MakeEntry) -> None:
    entry = revise(make_entry(), answer_ar="جديد")
    assert revise(entry, answer_ar="أجدد").outdated == "en"
    assert revise(entry, answer_en="New").outdated == ""
    entry = revise(entry, answer_ar="أحدث")
    assert not editing.confirm_language(entry=entry, language="ar", by=None)
    assert editing.confirm_language(entry=entry, language="en", by=None)
    assert not editing.confirm_language(entry=entry, language="en", by=None)
    assert Entry.objects.get().outdated == ""


def test_an_editor_may_say_at_once_that_the_other_language_is_right(make_entry: MakeEntry) -> None:
    assert revise(make_entry(), other_is_right=True, answer_ar="تصحيح إملائي").outdated == ""


def test_a_language_not_written_yet_is_not_out_of_date(make_entry: MakeEntry) -> None:
    assert revise(make_entry(draft=True, question_en="", answer_en=""), answer_ar="جديد").outdated == ""


def test_nothing_is_overwritten_unseen(make_entry: MakeEntry) -> None:
    entry = make_entry()
    stale = Entry.objects.get()
    revise(entry, answer_ar="الأول")
    stale.answer_ar = "الثاني"
    with pytest.raises(editing.Conflict):
        editing.revise_entry(entry=stale, by=None, version=stale.version)
    assert Entry.objects.get().answer_ar == "الأول"


def test_the_address_of_a_published_entry_stays(make_entry: MakeEntry) -> None:
    assert revise(make_entry(), slug="elsewhere").slug == "renew-registration"
    assert revise(make_entry(draft=True, slug="draft"), slug="better").slug == "better"


def test_only_drafts_are_discarded(make_entry: MakeEntry) -> None:
    published, draft = make_entry(), make_entry(draft=True, slug="draft")
    assert not editing.discard_draft(entry=published, by=None)
    assert editing.discard_draft(entry=draft, by=None)
    assert list(Entry.objects.all()) == [published]


@pytest.mark.django_db(transaction=True)
def test_of_many_who_revise_at_once_one_succeeds(make_entry: MakeEntry) -> None:
    entry = make_entry()

    def attempt(number: int) -> Entry:
        mine = Entry.objects.get(pk=entry.pk)
        mine.answer_ar = f"صيغة {number}"
        return editing.revise_entry(entry=mine, by=None, version=entry.version)

    done = at_once(5, attempt)
    assert sum(isinstance(one, Entry) for one in done) == 1
    assert sum(isinstance(one, editing.Conflict) for one in done) == 4
