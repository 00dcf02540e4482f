"""Answers shown before a question is sent, and the way from an answered case to a new entry.

Any area may suggest; here a provider of the tests does. What the questions and answers make of it is tested there,
and in the last tests, which need the real ones.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.safestring import mark_safe

from participation.faq.actions.editing import publish_entry, write_entry
from participation.faq.models import Entry, Match
from participation.feedback.actions import work
from participation.feedback.forms import FASTEST, SEEN_SALT
from participation.feedback.models import Case
from participation.feedback.states import Kind
from participation.feedback.tokens import FORM_SALT
from portal.attachments.models import Attachment
from portal.search import suggestions
from portal.search.suggestions import Suggestion
from portal.staff import drafts
from tests.people import World, open_case, staff
from tests.running import wait_until

pytestmark = pytest.mark.django_db
TEXT = "كيف أجدد السجل التجاري لمحلي في نزوى؟"
ANSWER = Suggestion("التجديد", "/ar/faq/renewal/", mark_safe("<p>يُجدَّد <strong>إلكترونيًا</strong>.</p>"), 0.9)


@pytest.fixture
def provided() -> Iterator[list[Any]]:
    """What the only provider answers; an exception in it is raised."""
    answers: list[Any] = [ANSWER]

    def provider(text: str, limit: int) -> list[Suggestion]:
        if answers and isinstance(answers[0], Exception):
            raise answers[0]
        return answers[:limit]

    others = suggestions._providers[:]
    suggestions._providers[:] = [provider]
    yield answers
    suggestions._providers[:] = others


def form_token(name: str = "one", age: float = FASTEST + 10) -> str:
    return signing.dumps({"id": name, "at": time.time() - age}, salt=FORM_SALT)


def fields(world: World, **changes: Any) -> dict[str, Any]:
    values = {
        "token": form_token(), "kind": Kind.INQUIRY, "topic": world.topic.pk, "text": TEXT, "name": "مريم",
        "email": "maryam@citizen.example", "phone": "", "governorate": "",
    }  # fmt: skip
    return values | changes


def hidden(html: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', html)[1]  # type: ignore[index]


def test_a_question_is_shown_answers_before_it_is_sent(client: Client, world: World, provided: list[Any]) -> None:
    response = client.post("/ar/contact/", fields(world))
    html = response.content.decode()
    assert response.status_code == 200
    assert not response.cookies
    assert not Case.objects.exists()
    assert "<strong>إلكترونيًا</strong>" in html
    assert html.index("<summary>التجديد</summary>") < html.index('name="text"')
    assert TEXT in html
    assert 'value="maryam@citizen.example"' in html
    assert 'value="مريم"' in html


def test_it_asks_once_and_then_sends(client: Client, world: World, provided: list[Any]) -> None:
    html = client.post("/ar/contact/", fields(world)).content.decode()
    again = fields(world, seen=hidden(html, "seen"), do="send")
    assert client.post("/ar/contact/", again).url.startswith("/ar/contact/sent/")
    assert client.post("/ar/contact/", again).url.startswith("/ar/contact/sent/")
    assert Case.objects.get().text == TEXT


def test_a_corrected_form_does_not_ask_again(client: Client, world: World, provided: list[Any]) -> None:
    html = client.post("/ar/contact/", fields(world)).content.decode()
    wrong = client.post("/ar/contact/", fields(world, seen=hidden(html, "seen"), email="nonsense"))
    assert wrong.status_code == 422
    html = wrong.content.decode()
    assert "<summary>التجديد</summary>" not in html
    assert client.post("/ar/contact/", fields(world, seen=hidden(html, "seen"))).status_code == 302


@pytest.mark.parametrize(
    "seen", ["1", "forged:value", signing.dumps(["/x/"], salt="other")], ids=["number", "forged", "other salt"]
)
def test_an_altered_note_stands_in_nobodys_way(client: Client, world: World, provided: list[Any], seen: str) -> None:
    assert client.post("/ar/contact/", fields(world, seen=seen)).status_code == 302


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in (Kind.INQUIRY, Kind.BARRIER)])
def test_what_is_no_question_goes_straight_through(
    client: Client, world: World, provided: list[Any], kind: Kind
) -> None:
    assert client.post("/ar/contact/", fields(world, kind=kind)).status_code == 302


@pytest.mark.parametrize("changes", [{"website": "x"}, {"token": form_token(age=0)}])
def test_what_is_suspected_is_not_talked_out_of_it(
    client: Client, world: World, provided: list[Any], changes: dict[str, str]
) -> None:
    changes = {"token": form_token(age=0)} if "token" in changes else changes
    assert client.post("/ar/contact/", fields(world, **changes)).status_code == 302
    assert Case.objects.get().suspicion


def test_a_form_with_mistakes_is_corrected_first(client: Client, world: World, provided: list[Any]) -> None:
    response = client.post("/ar/contact/", fields(world, topic=""))
    assert response.status_code == 422
    assert "التجديد" not in response.content.decode()


@pytest.mark.parametrize("failure", [RuntimeError("search is away"), TimeoutError(), None])
def test_no_answer_and_no_search_never_keep_a_message_back(
    client: Client, world: World, provided: list[Any], failure: Exception | None
) -> None:
    provided[:] = [failure] if failure else []
    assert client.post("/ar/contact/", fields(world)).status_code == 302
    assert Case.objects.exists()


def test_a_message_sent_already_is_not_asked_about(client: Client, world: World, provided: list[Any]) -> None:
    """Somebody went back to the first page and sent it again."""
    html = client.post("/ar/contact/", fields(world)).content.decode()
    client.post("/ar/contact/", fields(world, seen=hidden(html, "seen")))
    assert client.post("/ar/contact/", fields(world)).url.startswith("/ar/contact/sent/")
    assert Case.objects.count() == 1


def test_files_are_kept_while_answers_are_read(client: Client, world: World, provided: list[Any]) -> None:
    upload = SimpleUploadedFile("عقد.txt", "نص".encode(), content_type="text/plain")
    html = client.post("/ar/contact/", fields(world, uploads=upload)).content.decode()
    assert "عقد.txt" in html
    client.post("/ar/contact/", fields(world, seen=hidden(html, "seen"), kept=hidden(html, "kept")))
    assert Case.objects.get().attachments.get().attachment.original_name == "عقد.txt"


def test_an_answered_question_leaves_nothing_behind(client: Client, world: World, provided: list[Any]) -> None:
    upload = SimpleUploadedFile("عقد.txt", "نص".encode(), content_type="text/plain")
    html = client.post("/ar/contact/", fields(world, uploads=upload)).content.decode()
    done = {"seen": hidden(html, "seen"), "kept": hidden(html, "kept"), "do": "answered"}
    response = client.post("/ar/contact/", fields(world, **done))
    assert response.url == "/ar/contact/?answered=yes"
    assert "nothing of what you wrote is kept" in client.get("/en/contact/?answered=yes").content.decode()
    assert not Case.objects.exists()
    assert not Attachment.objects.exists()


def test_an_answered_question_does_not_take_the_files_of_a_case(
    client: Client, world: World, provided: list[Any]
) -> None:
    upload = SimpleUploadedFile("عقد.txt", "نص".encode(), content_type="text/plain")
    html = client.post("/ar/contact/", fields(world, uploads=upload)).content.decode()
    kept = {"seen": hidden(html, "seen"), "kept": hidden(html, "kept")}
    client.post("/ar/contact/", fields(world, **kept))
    client.post("/ar/contact/", fields(world, do="answered", **kept))
    assert Case.objects.get().attachments.get().attachment.original_name == "عقد.txt"


def test_what_is_shown_is_escaped_unless_it_is_safe(client: Client, world: World, provided: list[Any]) -> None:
    provided[:] = [Suggestion("<b>", "/ar/faq/x/", "<script>", 0.9)]
    html = client.post("/ar/contact/", fields(world)).content.decode()
    assert "<summary>&lt;b&gt;</summary>" in html
    assert "&lt;script&gt;" in html


def test_the_note_holds_addresses_only(client: Client, world: World, provided: list[Any]) -> None:
    html = client.post("/ar/contact/", fields(world)).content.decode()
    assert signing.loads(hidden(html, "seen"), salt=SEEN_SALT) == ["/ar/faq/renewal/"]


def test_words_from_a_search_are_put_into_the_form(client: Client, world: World) -> None:
    html = client.get("/ar/contact/", {"kind": "inquiry", "text": "<رخصة>\u202e" + "ا" * 5000}).content.decode()
    assert "&lt;رخصة&gt;ا" in html
    assert "\u202e" not in html
    assert "ا" * 1001 not in html


# With the real questions and answers ---------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_what_became_of_a_suggestion_is_counted(client: Client, world: World, worker: Any) -> None:
    entry = Entry(
        topic=world.topic, unit=world.licensing, question_ar="كيف أجدد السجل التجاري؟", question_en="How to renew?",
        answer_ar="يُجدَّد إلكترونيًا.", answer_en="Online.",
    )  # fmt: skip
    publish_entry(entry=write_entry(entry=entry, by=None), by=None)
    for name, last in (("one", {"do": "send"}), ("two", {"do": "answered"})):
        sent = fields(world, token=form_token(name), text=f"{TEXT} {name}")
        html = client.post("/ar/contact/", sent).content.decode()
        assert "يُجدَّد إلكترونيًا." in html
        client.post("/ar/contact/", sent)
        client.post("/ar/contact/", sent | last | {"seen": hidden(html, "seen")})
    assert Case.objects.count() == 1
    counts = Match.objects.values_list("suggested", "answered", "sent", "asked")
    wait_until(lambda: list(counts.all()) == [(2, 1, 1, 0)])


def answered_case(world: World) -> Case:
    case = open_case(world, text="كيف أجدد السجل؟", kind=Kind.INQUIRY)
    work.add_note(case=case, text="ملاحظة للزملاء", by=world.officer)
    work.reply_to_case(case=case, text="يُجدَّد إلكترونيًا.", by=world.officer)
    return case


def test_an_editor_makes_an_answered_case_a_draft_question(world: World) -> None:
    case = answered_case(world)
    client = Client()
    client.force_login(staff("huda", world.licensing, "officer", "add_entry"))
    address = f"/admin/feedback/case/{case.pk}/change/"
    assert "Make this a question for the FAQ" in client.get(address).content.decode()
    where = client.post(address, {"do": "question"}).url
    path, _question_mark, key = where.partition("?draft=")
    assert path == "/admin/faq/entry/add/"
    assert client.session[drafts.KEY][key] == {
        "question": "كيف أجدد السجل؟", "answer": "يُجدَّد إلكترونيًا.", "topic": str(world.topic.pk), "language": "ar",
    }  # fmt: skip
    assert "يُجدَّد إلكترونيًا." in client.get(where).content.decode()


def test_the_way_to_a_question_is_for_editors_of_answered_cases(world: World) -> None:
    case, fresh = answered_case(world), open_case(world)
    address = f"/admin/feedback/case/{case.pk}/change/"
    officer, editor = Client(), Client()
    officer.force_login(world.officer)
    editor.force_login(staff("huda", world.licensing, "officer", "add_entry"))
    assert "for the FAQ" not in officer.get(address).content.decode()
    assert officer.post(address, {"do": "question"}).status_code == 403
    assert "for the FAQ" not in editor.get(f"/admin/feedback/case/{fresh.pk}/change/").content.decode()
