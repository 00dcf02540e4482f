"""What other areas learn of outcomes: the feed, the map, and what came of a page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from participation.outcomes.actions import change_status, link
from participation.outcomes.models import Commitment
from portal import agenda
from portal.audit.labels import verb_label
from portal.bilingual import in_language
from portal.feeds import registry
from tests.participation.outcomes.conftest import make, published
from tests.people import World

pytestmark = pytest.mark.django_db
NOTES = {"note_ar": "بدأ **العمل**.", "note_en": "Work has **begun**."}


def test_each_change_is_an_entry_of_the_feed(world: World, commitment: Commitment) -> None:
    make(world, "draft")
    change_status(commitment=commitment, by=world.lead, status="under_way", **NOTES)
    topic = registry.topic("outcomes")
    assert topic is not None
    with in_language("en"):
        newest, oldest = topic.entries(10)
    assert newest.title == "Longer hours longer-hours: Under way"
    assert newest.summary == "Work has begun."
    assert newest.path == "/outcomes/longer-hours/#change-2"
    assert oldest.summary == "Offices open on Tuesday evening."
    assert oldest.path == "/outcomes/longer-hours/"
    assert newest.key != oldest.key
    with in_language("ar"):
        assert topic.entries(1)[0].key == newest.key
        assert topic.entries(1)[0].summary == "بدأ العمل."


def test_reading_the_feed_asks_once(world: World, django_assert_num_queries: Any) -> None:
    for number in range(3):
        published(world, f"promise-{number}")
    topic = registry.topic("outcomes")
    with django_assert_num_queries(1):
        assert len(topic.entries(50)) == 3


def test_a_page_has_its_outcome_once_a_commitment_about_it_is_published(world: World) -> None:
    draft = make(world, "draft")
    link(commitment=draft, path="/polls/hours/", by=world.lead)
    assert agenda.outcomes_of(["/polls/hours/"]) == {}
    first = published(world, "first", at=timezone.now() - timedelta(days=2))
    second = published(world, "second")
    for commitment in (second, first):
        link(commitment=commitment, path="/ar/polls/hours/", by=world.lead)
    with in_language("ar"):
        found = agenda.outcomes_of(["/polls/hours/", "/polls/other/"])
    assert list(found) == ["/polls/hours/"]
    outcome = found["/polls/hours/"]
    assert (outcome.path, outcome.published_at) == ("/outcomes/first/", first.published_at)
    assert outcome.title == first.title_ar


def test_the_outcomes_of_many_pages_are_asked_for_once(world: World, django_assert_num_queries: Any) -> None:
    commitment = published(world, "promise")
    paths = [f"/polls/{number}/" for number in range(20)]
    for path in paths:
        link(commitment=commitment, path=path, by=None)
    closed = timezone.now() - timedelta(days=1)
    activities = [
        agenda.Activity(f"k:{path}", "polls", path, path, closed - timedelta(days=9), closed) for path in paths
    ]
    with django_assert_num_queries(1):
        found = agenda.placed(activities, timezone.now())
    assert {item.phase for item in found} == {agenda.Phase.DONE}
    assert {item.outcome.path for item in found if item.outcome} == {"/outcomes/promise/"}


def test_the_map_shows_the_newest_change(world: World, commitment: Commitment) -> None:
    tool = next(tool for tool in agenda.tools() if tool.key == "outcomes")
    with in_language("en"):
        latest = tool.latest()
        assert latest is not None
        assert (latest.title, latest.path) == ("Longer hours longer-hours: Promised", "/outcomes/longer-hours/")


def test_the_map_shows_nothing_of_nothing(db: None) -> None:
    tool = next(tool for tool in agenda.tools() if tool.key == "outcomes")
    assert tool.latest() is None


def test_the_audit_trail_has_words_for_every_verb() -> None:
    from participation.outcomes.labels import VERBS

    assert all(verb_label(verb) != verb for verb in VERBS)
