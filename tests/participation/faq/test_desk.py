"""Editors write, publish and improve the questions of their units."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from participation.faq.actions import editing
from participation.faq.actions.opinions import explain_vote, vote
from participation.faq.models import Entry, Match, Vote
from participation.faq.staffside.unhelpful import LEAST
from participation.faq.states import State
from portal.audit.models import AuditEvent
from portal.staff import drafts
from portal.staff.models import User
from tests.participation.faq.entries import RENEWAL, MakeEntry, lamp
from tests.people import World, staff

pytestmark = pytest.mark.django_db
LIST = "/admin/faq/entry/"
PERMISSIONS = ("view_entry", "add_entry", "change_entry", "delete_entry")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def editor(world: World) -> Client:
    return signed_in(staff("huda", world.licensing, "lead", *PERMISSIONS))


@pytest.fixture
def stranger(world: World) -> Client:
    """An editor of another unit."""
    return signed_in(staff("zahir", world.other_unit, "lead", *PERMISSIONS))


def sent(world: World, **changes: Any) -> dict[str, Any]:
    values = {"topic": world.topic.pk, "unit": world.licensing.pk, "position": 100, "also_asked": "", **RENEWAL}
    return {**values, **changes}


def page(entry: Entry) -> str:
    return f"{LIST}{entry.pk}/change/"


def say_no(entry: Entry, count: int = LEAST, text: str = "") -> None:
    for number in range(count):
        key = f"{entry.pk}-{number}-{Vote.objects.count()}"
        vote(entry=entry, key=key, is_helpful=False, language="ar")
        explain_vote(key=key, reason="unclear", text=text)


def test_an_editor_writes_a_draft_and_publishes_it_later(editor: Client, world: World) -> None:
    assert editor.post(f"{LIST}add/", sent(world, slug="", question_en="", answer_en="")).status_code == 302
    entry = Entry.objects.get()
    assert (entry.state, entry.version) == (State.DRAFT, 1)
    incomplete = editor.post(page(entry), sent(world, question_en="", answer_en="", version=1, _publish="yes"))
    assert incomplete.status_code == 200
    assert "in both languages" in incomplete.content.decode()
    assert editor.post(page(entry), sent(world, version=1, _publish="yes")).status_code == 302
    entry.refresh_from_db()
    assert (entry.state, entry.slug) == (State.PUBLISHED, "renew-registration")
    assert "إلكترونيًا" in Client().get("/ar/faq/renew-registration/").content.decode()


def test_a_published_entry_keeps_both_languages_and_its_address(
    editor: Client, world: World, make_entry: MakeEntry
) -> None:
    entry = make_entry()
    answer = editor.post(page(entry), sent(world, answer_en="", version=entry.version))
    assert answer.status_code == 200
    editor.post(page(entry), sent(world, slug="other", answer_ar="جديد", version=entry.version))
    entry.refresh_from_db()
    assert (entry.slug, entry.answer_ar, entry.outdated) == ("renew-registration", "جديد", "en")  # type: ignore[attr-defined]


def test_a_small_change_leaves_the_other_language_current(editor: Client, world: World, make_entry: MakeEntry) -> None:
    entry = make_entry()
    editor.post(page(entry), sent(world, answer_ar="جديد", version=entry.version, other_is_right="on"))
    entry.refresh_from_db()
    assert entry.outdated == ""


def test_the_second_of_two_editors_is_told_and_loses_nothing(
    editor: Client, world: World, make_entry: MakeEntry
) -> None:
    entry = make_entry()
    stale = entry.version
    entry.answer_ar = "الأول"  # type: ignore[attr-defined]
    editing.revise_entry(entry=entry, by=world.lead, version=stale)
    answer = editor.post(page(entry), sent(world, answer_ar="الثاني", version=stale))
    html = answer.content.decode()
    assert "Somebody else changed this question" in html
    assert "Answer (Arabic)" in html
    assert "الثاني" in html
    assert Entry.objects.get().answer_ar == "الأول"  # type: ignore[attr-defined]
    current = Entry.objects.get().version
    assert f'name="version" value="{current}"' in html
    editor.post(page(entry), sent(world, answer_ar="الثاني", version=current))
    assert Entry.objects.get().answer_ar == "الثاني"  # type: ignore[attr-defined]


def test_nobody_sees_or_changes_the_entries_of_another_unit(
    stranger: Client, world: World, make_entry: MakeEntry
) -> None:
    entry = make_entry()
    say_no(entry)
    assert RENEWAL["question_ar"] not in stranger.get(LIST).content.decode()
    assert RENEWAL["question_ar"] not in stranger.get(f"{LIST}unhelpful/").content.decode()
    assert stranger.get(page(entry)).status_code == 302
    assert stranger.post(f"{LIST}{entry.pk}/do/hide/").status_code == 404
    assert stranger.post(f"{LIST}unhelpful/", {"entry": entry.pk, "seen": 99}).status_code == 404
    stranger.post(LIST, {"action": "hide_selected", "_selected_action": [entry.pk]})
    assert stranger.post(f"{LIST}add/", sent(world, slug="")).status_code == 200
    assert Entry.objects.get().state == State.PUBLISHED


def test_without_the_permission_nothing_opens(world: World, make_entry: MakeEntry) -> None:
    entry = make_entry()
    officer = signed_in(world.officer)
    assert officer.get(LIST).status_code == 403
    assert officer.get(f"{LIST}unhelpful/").status_code == 403
    assert officer.post(f"{LIST}{entry.pk}/do/hide/").status_code == 403
    assert "panel-faq" not in officer.get("/admin/").content.decode()


def test_buttons_hide_confirm_and_review(editor: Client, make_entry: MakeEntry) -> None:
    entry = make_entry()
    Entry.objects.update(outdated="en")
    assert "The English is right as it is" in editor.get(page(entry)).content.decode()
    editor.post(f"{LIST}{entry.pk}/do/confirm/", {"language": "en"})
    editor.post(f"{LIST}{entry.pk}/do/review/")
    editor.post(f"{LIST}{entry.pk}/do/hide/")
    entry.refresh_from_db()
    assert (entry.outdated, entry.state) == ("", State.HIDDEN)
    assert "Nothing had to change" in editor.post(f"{LIST}{entry.pk}/do/hide/", follow=True).content.decode()
    assert editor.post(f"{LIST}{entry.pk}/do/nonsense/").status_code == 404
    assert editor.get(f"{LIST}{entry.pk}/do/hide/").status_code == 405


def test_many_are_changed_at_once_and_the_incomplete_named(editor: Client, make_entry: MakeEntry) -> None:
    ready, incomplete = make_entry(draft=True), make_entry(draft=True, **lamp(answer_en=""))
    both = [ready.pk, incomplete.pk]
    html = editor.post(LIST, {"action": "publish_selected", "_selected_action": both}, follow=True).content.decode()
    assert "1 question was changed" in html
    assert "street light" in html.split("messagelist")[1].split("</ul>")[0]
    editor.post(LIST, {"action": "hide_selected", "_selected_action": both})
    states = Entry.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [State.HIDDEN, State.DRAFT]


def test_the_list_is_searched_and_filtered_by_language(editor: Client, make_entry: MakeEntry) -> None:
    make_entry()
    lamp_entry = make_entry(**lamp())
    Entry.objects.filter(pk=lamp_entry.pk).update(outdated="ar")
    for query in ({"q": "الإنارة"}, {"q": "lamp post"}, {"languages": "ar"}, {"languages": "behind"}):
        html = editor.get(LIST, query).content.decode()
        assert "street light" in html
        assert "renew my" not in html
    assert "street light" not in editor.get(LIST, {"languages": "current"}).content.decode()
    assert "Arabic out of date" in editor.get(LIST).content.decode()


def test_drafts_can_be_discarded_and_published_entries_not(editor: Client, make_entry: MakeEntry) -> None:
    draft, published = make_entry(draft=True, slug="draft"), make_entry()
    assert editor.post(f"{LIST}{draft.pk}/delete/", {"post": "yes"}).status_code == 302
    assert editor.post(f"{LIST}{published.pk}/delete/", {"post": "yes"}).status_code == 403
    assert list(Entry.objects.all()) == [published]
    assert AuditEvent.objects.filter(verb="faq.discarded", subject_id=str(draft.pk)).exists()


def test_the_queue_shows_why_and_is_dealt_with(editor: Client, make_entry: MakeEntry) -> None:
    entry = make_entry()
    assert "Well done" in editor.get(f"{LIST}unhelpful/").content.decode()
    say_no(entry, text="<b>أين الرابط؟</b>")
    html = editor.get(f"{LIST}unhelpful/").content.decode()
    assert "&lt;b&gt;أين الرابط؟" in html
    assert f"It is hard to understand: {LEAST}" in html
    seen = html.split('name="seen" value="')[1].split('"')[0]
    say_no(entry, count=1)
    editor.post(f"{LIST}unhelpful/", {"entry": entry.pk, "seen": seen})
    assert Vote.objects.open().count() == 1
    assert "Well done" in editor.get(f"{LIST}unhelpful/").content.decode()


def test_the_desk_shows_what_is_to_be_done_and_else_nothing(editor: Client, make_entry: MakeEntry) -> None:
    entry = make_entry()
    assert "panel-faq" not in editor.get("/admin/").content.decode()
    say_no(entry)
    Entry.objects.update(outdated="ar")
    html = editor.get("/admin/").content.decode()
    assert "panel-faq" in html
    assert "Arabic out of date" in html


def with_draft(client: Client, **values: str) -> str:
    session = client.session
    session[drafts.KEY] = {"key": {"language": "ar", **values}}
    session.save()
    return f"{LIST}add/?draft=key"


def test_a_draft_from_a_case_fills_the_form_and_warns(editor: Client, world: World) -> None:
    question = "السلام عليكم. انتهى سجلي قبل شهر. كيف أجدد السجل؟ رقمي 99999999."
    address = with_draft(editor, question=question, answer="يُجدَّد إلكترونيًا.", topic=str(world.topic.pk))
    html = editor.get(address).content.decode()
    assert 'value="كيف أجدد السجل؟"' in html
    assert "يُجدَّد إلكترونيًا." in html
    assert f'<option value="{world.topic.pk}" selected>' in html
    assert "take out everything that could tell who asked" in html
    assert "99999999" in html.split("What was asked")[1]
    assert "99999999" not in editor.get(f"{LIST}add/?draft=other").content.decode()


def test_saving_a_draft_from_a_case_counts_the_asking_once(editor: Client, world: World) -> None:
    address = with_draft(editor, question="كيف؟", answer="هكذا.", topic=str(world.topic.pk))
    assert editor.post(address, sent(world, slug="")).status_code == 302
    assert Entry.objects.get().asked_count == 1
    assert Match.objects.get().asked == 1
    assert editor.session[drafts.KEY] == {}


def test_a_question_that_is_there_already_is_counted_instead(
    editor: Client, stranger: Client, make_entry: MakeEntry
) -> None:
    entry = make_entry()
    address = with_draft(editor, question="أريد أن أجدد السجل التجاري", answer="", topic="")
    html = editor.get(address).content.decode()
    action = f"{LIST}{entry.pk}/asked/?draft=key"
    assert action in html
    editor.post(action)
    assert editor.post(action).status_code == 404
    entry.refresh_from_db()
    assert entry.asked_count == 1
    with_draft(stranger, question="أجدد السجل")
    assert stranger.post(action).status_code == 302
    assert signed_in(staff("said")).post(action).status_code == 403
    assert "suggested before sending: 0" in editor.get(page(entry)).content.decode()


def test_lists_ask_as_often_for_three_as_for_one(
    editor: Client, make_entry: MakeEntry, django_assert_num_queries: Any
) -> None:
    make_entry()
    with CaptureQueriesContext(connection) as one:
        editor.get(LIST)
    for slug in ("two", "three"):
        make_entry(**lamp(slug=slug))
    with django_assert_num_queries(len(one)):
        editor.get(LIST)
