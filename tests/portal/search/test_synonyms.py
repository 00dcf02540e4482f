"""Staff write down which words find each other; it is noted who did."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from portal.audit.models import AuditEvent
from portal.search.asking import read_question
from portal.search.models import Synonym
from tests.people import World, staff

pytestmark = pytest.mark.django_db
ADD = "/admin/search/synonym/add/"


@pytest.fixture
def editor(world: World) -> Client:
    client = Client()
    permissions = [f"{verb}_synonym" for verb in ("view", "add", "change", "delete")]
    client.force_login(staff("editor", world.licensing, "officer", *permissions))
    return client


def test_it_writes_changes_and_deletes_a_group_and_notes_it(editor: Client) -> None:
    assert editor.post(ADD, {"words": "رخصة، licence ,  permit", "note": ""}).status_code == 302
    group = Synonym.objects.get()
    assert group.terms == ["رخصة", "licence", "permit"]
    editor.post(f"/admin/search/synonym/{group.pk}/change/", {"words": "رخصة, licence", "note": "agreed"})
    editor.post(f"/admin/search/synonym/{group.pk}/delete/", {"post": "yes"})
    assert not Synonym.objects.exists()
    verbs = AuditEvent.objects.filter(verb__startswith="search.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["search.synonym_written", "search.synonym_changed", "search.synonym_deleted"]


@pytest.mark.parametrize(
    "words", ["one", "one, ", "one, ONE", "!!, ??", ", ".join(map(str, range(30))), "a, " + "b" * 90]
)
def test_it_refuses_a_group_that_is_none(editor: Client, words: str) -> None:
    answer = editor.post(ADD, {"words": words, "note": ""})
    assert answer.status_code == 200
    assert answer.context["errors"]
    assert not Synonym.objects.exists()


def test_the_database_refuses_a_group_of_one() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Synonym.objects.create(words="alone")


def test_others_may_not(world: World) -> None:
    client = Client()
    client.force_login(world.officer)
    assert client.get(ADD).status_code == 403


def test_the_longest_known_term_counts() -> None:
    groups = [["driving licence", "رخصة قيادة"], ["licence", "permit"]]
    question = read_question("my driving licences", groups)
    assert question is not None
    assert len(question.groups) == 1
    assert "قياده" in question.anywhere
    assert "permit" not in question.anywhere
    other = read_question("hunting licence", groups)
    assert other is not None
    assert "permit" in other.anywhere
    assert "permit" not in other.in_own_words
