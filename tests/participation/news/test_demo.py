"""The demonstration tells announcements of every state, in both languages, once."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.utils import timezone

from participation.news.models import Announcement
from participation.news.states import State
from portal.audit.models import AuditEvent
from portal.home.demo.news import PLACE, tell_news
from portal.home.demo.people import ensure_people
from portal.home.demo.setting import ensure_setting

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(db: None) -> int:
    ensure_setting()
    ensure_people()
    return tell_news()


def test_it_is_told_once(told):
    assert told == Announcement.objects.count() > 10
    assert (tell_news(), Announcement.objects.count()) == (0, told)


def test_there_is_one_of_every_kind(told):
    assert {announcement.state for announcement in Announcement.objects.all()} == set(State)
    assert Announcement.objects.filter(is_pinned=True).count() == 1
    assert Announcement.objects.appealed().count() == 1
    (pictured,) = Announcement.objects.filter(image__isnull=False)
    assert pictured.shows_image
    assert pictured.image.size < 100_000


def test_no_place_for_a_date_is_left_unfilled(told):
    for announcement in Announcement.objects.all():
        for name in ("title", "summary", "body"):
            for code in ("ar", "en"):
                assert not PLACE.search(getattr(announcement, f"{name}_{code}") or "")


def test_each_has_a_history_that_is_no_younger_than_now(told):
    for announcement in Announcement.objects.filter(publish_at__isnull=False):
        events = list(AuditEvent.objects.about(announcement))
        assert events[0].verb == "announcement.written"
        assert all(event.at <= timezone.now() for event in events)


@pytest.mark.parametrize(
    "day", [date(2026, 1, 2), date(2026, 7, 3), date(2026, 11, 26), date(2027, 2, 27), date(2030, 6, 1)]
)
def test_it_can_be_told_on_any_day(db, day):
    ensure_setting()
    ensure_people()
    moment = timezone.make_aware(datetime(day.year, day.month, day.day, 12))
    assert tell_news(moment) > 8
    assert Announcement.objects.visible(moment).count() >= 5
    assert Announcement.objects.scheduled(moment).count() == 1
