"""What feeds, the participation map and the demonstration tell of the questions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from participation.faq.actions import editing
from participation.faq.models import Entry, Match, Vote
from portal import agenda
from portal.bilingual import in_language
from portal.feeds import registry
from portal.home.demo.faq import tell_faq
from portal.home.demo.setting import ensure_setting
from tests.participation.faq.entries import MakeEntry, lamp

pytestmark = pytest.mark.django_db


def test_the_feed_has_what_is_published_newest_first(make_entry: MakeEntry) -> None:
    entry = make_entry()
    make_entry(**lamp())
    make_entry(**lamp(slug="draft"), draft=True)
    editing.hide_entry(entry=make_entry(**lamp(slug="hidden")), by=None)
    topic = registry.topic("faq")
    assert topic is not None
    with in_language("en"):
        found = topic.entries(10)
    assert [row.path for row in found] == ["/faq/street-light/", "/faq/renew-registration/"]
    assert found[1].key == f"faq.entry:{entry.pk}"
    assert found[1].summary == "It is renewed online with your identity card. The lease must be valid."
    assert len(topic.entries(1)) == 1


def test_a_changed_answer_is_an_update_in_its_own_language(make_entry: MakeEntry) -> None:
    entry = make_entry()
    later = timezone.now() + timedelta(days=1)
    Entry.objects.filter(pk=entry.pk).update(revised_at_ar=later)
    topic = registry.topic("faq")
    assert topic is not None
    for code, updated in (("ar", later), ("en", None)):
        with in_language(code):
            assert topic.entries(1)[0].updated_at == updated


def test_the_map_tells_of_the_newest_question(make_entry: MakeEntry) -> None:
    tool = next(tool for tool in agenda.tools() if tool.key == "faq")
    assert tool.latest() is None
    make_entry()
    with in_language("en"):
        latest = tool.latest()
    assert latest is not None
    assert (latest.title, latest.path) == ("How do I renew my commercial registration?", "/faq/renew-registration/")


def test_the_demonstration_is_told_once() -> None:
    ensure_setting()
    count = tell_faq()
    assert 18 <= count == Entry.objects.published().count()
    assert tell_faq() == 0
    for entry in Entry.objects.all():
        votes = Vote.objects.filter(entry=entry)
        assert votes.filter(is_helpful=True).count() == entry.helpful_count
        assert votes.filter(is_helpful=False).count() == entry.unhelpful_count
        rows = Match.objects.filter(entry=entry)
        assert sum(row.suggested + row.asked for row in rows) == entry.asked_count
    assert Entry.objects.outdated().count() == 1
