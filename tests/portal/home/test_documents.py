"""What each area gives to the search: what is public now, in each language that is current, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from participation.faq.documents import SOURCE as FAQ
from participation.faq.models import Entry
from participation.news.actions.hiding import hide_announcement
from participation.news.actions.publishing import publish_announcement
from participation.news.actions.writing import write_announcement
from participation.news.documents import SOURCE as NEWS
from participation.news.models import Announcement
from participation.outcomes.actions import change_status
from participation.outcomes.documents import SOURCE as OUTCOMES
from participation.surveys.documents import SOURCES as SURVEYS
from participation.surveys.models import Questionnaire
from portal.search import indexing, registry
from portal.search.registry import Source
from tests.participation.faq.entries import MakeEntry
from tests.participation.outcomes.conftest import make, published
from tests.people import World
from tests.questionnaires import make_poll, make_survey, opened

pytestmark = pytest.mark.django_db


def given(source: Source, *keys: Any) -> dict[tuple[str, str], str]:
    """Language and title of the documents, with their text. They are the same with keys and without."""
    found = list(source.documents([str(key) for key in keys] if keys else None))
    assert source.versions is not None
    versions = dict(source.versions(None))
    assert {document.pk for document in found} <= set(versions)
    if keys:
        assert dict(source.versions([str(key) for key in keys])).items() <= versions.items()
    return {(document.language, document.title): document.text for document in found}


def announcement(world: World, slug: str = "hours") -> Announcement:
    texts = {"title_ar": "ساعات العمل", "title_en": "Hours", "summary_ar": "خلاصة", "summary_en": "Summary",
             "body_ar": "## عنوان", "body_en": "## Heading"}  # fmt: skip
    return write_announcement(by=world.lead, unit=world.licensing, topic=None, slug=slug, **texts)


def test_announcements_while_they_are_current(world: World) -> None:
    row = announcement(world)
    assert given(NEWS) == {}
    publish_announcement(announcement=row, by=world.administrator)
    assert given(NEWS, row.pk) == {("ar", "ساعات العمل"): "خلاصة\nعنوان", ("en", "Hours"): "Summary\nHeading"}
    now = timezone.now()
    Announcement.objects.update(publish_at=now - timedelta(days=2), expires_at=now - timedelta(days=1))
    assert given(NEWS, row.pk) == {}
    Announcement.objects.update(expires_at=None)
    hide_announcement(announcement=Announcement.objects.get(), ground="false", reason="x", by=world.head)
    assert given(NEWS) == {}


def test_questions_in_the_languages_that_are_not_out_of_date(make_entry: MakeEntry) -> None:
    entry = make_entry(also_asked="renew the CR")
    make_entry(draft=True, slug="draft")
    assert [code for code, _title in given(FAQ)] == ["ar", "en"]
    assert "lease must be valid" in given(FAQ, entry.pk)["en", entry.question_en]
    assert {document.keywords for document in FAQ.documents(None)} == {"renew the CR"}
    Entry.objects.filter(pk=entry.pk).update(outdated="ar")
    assert [code for code, _title in given(FAQ)] == ["en"]


def test_outcomes_with_what_happened_since(world: World) -> None:
    make(world, "draft")
    row = published(world, "hours")
    before = dict(OUTCOMES.versions(None))
    change_status(
        commitment=row, by=world.lead, decision="accepted", status="under_way", due_on=row.due_on,
        note_ar="بدأ العمل", note_en="Work has begun",
    )  # fmt: skip
    assert "Work has begun" in given(OUTCOMES, row.pk)["en", row.title_en]
    assert dict(OUTCOMES.versions(None)) != before
    assert len(given(OUTCOMES)) == 2


def test_polls_and_surveys_and_what_they_ask_once_they_are_open(world: World) -> None:
    polls, surveys, _satisfaction = SURVEYS
    poll = make_poll(world)
    make_survey(world)
    assert given(polls) == given(surveys) == {}
    opened(poll)
    assert "Which hours suit you?" in given(polls, poll.pk)["en", poll.title_en]
    now, before = timezone.now(), dict(polls.versions(None))
    Questionnaire.objects.filter(pk=poll.pk).update(opens_at=now + timedelta(days=1), closes_at=now + timedelta(days=2))
    assert given(polls, poll.pk)["en", poll.title_en] == "We would like to hear from you."
    assert dict(polls.versions(None)) != before


def test_a_sweep_over_all_kinds_settles(world: World, make_entry: MakeEntry) -> None:
    make_entry()
    publish_announcement(announcement=announcement(world), by=world.administrator)
    published(world, "hours")
    opened(make_poll(world))
    assert indexing.refresh() >= 4
    assert indexing.refresh() == 0
    assert indexing.refresh(thorough=True) == 0


def test_every_kind_is_named_in_both_languages_and_leads_to_its_list(client: Any, world: World) -> None:
    for source in registry.sources():
        assert str(source.label)
        if source.page and source.kind in ("news", "faq", "outcome", "poll", "survey", "help"):
            assert client.get(f"/ar{source.page}").status_code == 200
