"""What the public reads: list, archive, one announcement, its image - and nothing of what it should not."""

from __future__ import annotations

import re
from datetime import timedelta

import html5lib
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation

from participation.news.actions.hiding import hide_announcement, unhide_announcement
from participation.news.actions.publishing import publish_announcement
from participation.news.actions.writing import edit_announcement
from participation.news.feeds import TOPIC, entries, latest
from participation.news.models import Announcement
from portal import agenda
from portal.attachments.actions import discard_unclaimed
from portal.attachments.models import Attachment
from portal.attachments.models import State as FileState
from portal.feeds import registry
from portal.organisations.models import Topic

pytestmark = pytest.mark.django_db


def titles(response) -> list[str]:
    html = response.content.decode()
    return re.findall(r"<h2><a href=\"[^\"]+\">([^<]+)</a></h2>", html)


def address(announcement: Announcement, language: str = "en") -> str:
    return f"/{language}/news/{announcement.slug}/"


def hide(announcement: Announcement, by) -> None:
    hide_announcement(announcement=announcement, ground="false", reason="why", by=by)


# The list ------------------------------------------------------------------------------------------------------


def test_it_lists_pinned_first_then_newest(client, announce):
    for days in (3, 1, 2):
        announce(days_ago=days, title_en=f"{days} days old")
    announce(days_ago=9, is_pinned=True, title_en="Pinned")
    assert titles(client.get("/en/news/")) == ["Pinned", "1 days old", "2 days old", "3 days old"]


def test_drafts_scheduled_hidden_and_expired_ones_are_not_in_the_list(client, announce, draft, publisher):
    draft()
    publish_announcement(announcement=draft(), by=publisher, at=timezone.now() + timedelta(days=1))
    hide(announce(), publisher)
    announce(expired=True)
    shown = announce(title_en="The one")
    assert titles(client.get("/en/news/")) == ["The one"]
    assert shown.title_ar in client.get("/ar/news/").content.decode()


def test_the_archive_lists_what_is_no_longer_current(client, announce):
    announce(title_en="Current")
    announce(expired=True, days_ago=40, title_en="Older")
    announce(expired=True, days_ago=20, title_en="Newer")
    assert titles(client.get("/en/news/?archive=1")) == ["Newer", "Older"]


def test_it_narrows_by_topic_and_year(client, announce, world):
    other = Topic.objects.create(slug="roads", name_ar="الطرق", name_en="Roads")
    announce(topic=world.topic, title_en="On licences")
    announce(topic=other, title_en="On roads", days_ago=800)
    assert titles(client.get("/en/news/?topic=roads")) == ["On roads"]
    year = (timezone.now() - timedelta(days=800)).year
    assert titles(client.get(f"/en/news/?year={year}")) == ["On roads"]
    assert titles(client.get(f"/en/news/?topic=licences&year={year}")) == []
    page = client.get("/en/news/?topic=roads").content.decode()
    assert 'aria-current="true">Roads' in page
    assert 'href="/en/news/?topic=licences"' in page


def test_a_topic_that_has_nothing_says_so(client, world):
    response = client.get(f"/en/news/?topic={world.topic.slug}")
    assert (response.status_code, titles(response)) == (200, [])
    assert "No current announcement here" in response.content.decode()


@pytest.mark.parametrize("query", ["topic=nothing", "year=20x6", "year=0000", "year=99999", "year=٢٠٢٦"])
def test_a_choice_that_cannot_be_is_not_found(client, world, query):
    assert client.get(f"/en/news/?{query}").status_code == 404


def test_it_pages_by_twenty(client, announce):
    for number in range(23):
        announce(days_ago=number + 1)
    assert len(titles(client.get("/en/news/"))) == 20
    second = client.get("/en/news/?page=2")
    assert len(titles(second)) == 3
    assert "(page 2)" in second.content.decode()


@pytest.mark.parametrize("query", ["", "?archive=1", "?topic=licences"])
def test_the_list_asks_as_often_for_three_as_for_one(client, announce, world, django_assert_num_queries, query):
    client.get("/en/news/")  # fills the cache with the office hours at the foot of every page
    counts = []
    for number in (1, 2):
        for _row in range(number):
            announce(topic=world.topic, expired="archive" in query)
        with django_assert_num_queries(5 if "topic" in query else 4):
            response = client.get(f"/en/news/{query}")
        counts.append(len(titles(response)))
    assert counts == [1, 3]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_page_is_valid_and_sets_no_cookie(client, announce, publisher, language):
    shown, old, down = announce(with_image=True), announce(expired=True), announce()
    hide(down, publisher)
    paths = [
        f"/{language}/news/",
        f"/{language}/news/?archive=1",
        *(address(row, language) for row in (shown, old, down)),
    ]
    for path in paths:
        response = client.get(path)
        html5lib.HTMLParser(strict=True).parse(response.content.decode())
        assert response.content.decode().count("<h1") == 1, path
        assert not response.cookies
        assert not response.wsgi_request.session.accessed


def test_it_points_at_its_feeds(client, announce):
    for path in ("/en/news/", address(announce())):
        page = client.get(path).content.decode()
        assert 'type="application/rss+xml"' in page.partition("<body")[0]
        assert 'href="/en/feeds/news.atom"' in page


# One announcement ------------------------------------------------------------------------------------------------


def test_it_shows_the_text_its_date_and_who_answers_for_it(client, announce, world):
    announcement = announce(body_en="# Heading\n\n- one\n\n<script>alert(1)</script>", topic=world.topic)
    page = client.get(address(announcement)).content.decode()
    assert f"<h1>{announcement.title_en}</h1>" in page
    assert "<h2>Heading</h2>" in page
    assert "<script>" not in page
    for part in ("Published", "Licensing", "Ministry", "?topic=licences"):
        assert part in page
    assert "Updated on" not in page


def test_each_language_shows_its_own_text(client, announce):
    announcement = announce(body_ar="نص عربي", body_en="English text")
    arabic, english = (client.get(address(announcement, code)).content.decode() for code in ("ar", "en"))
    assert ("نص عربي" in arabic, "English text" in arabic) == (True, False)
    assert ("نص عربي" in english, "English text" in english) == (False, True)


def test_a_change_is_told_with_its_date(client, announce, publisher):
    announcement = announce(days_ago=30)
    edit_announcement(announcement=announcement, by=publisher, version=announcement.version, body_en="Corrected")
    page = client.get(address(announcement)).content.decode()
    assert "Updated on" in page
    assert f'datetime="{timezone.localdate():%Y-%m-%d}' in page


def test_what_is_no_longer_current_stays_readable_and_says_so(client, announce):
    page = client.get(address(announce(expired=True)))
    assert page.status_code == 200
    assert "No longer current" in page.content.decode()


def test_a_draft_and_a_scheduled_one_answer_like_nothing_at_all(client, draft, publisher):
    scheduled = draft(with_image=True)
    publish_announcement(announcement=scheduled, by=publisher, at=timezone.now() + timedelta(days=1))
    for slug in (draft().slug, scheduled.slug, "never-was"):
        for path in (f"/en/news/{slug}/", f"/en/news/{slug}/image/"):
            assert client.get(path).status_code == 404, path


def test_what_was_taken_down_leaves_everything_at_once(client, announce, publisher):
    announcement = announce(with_image=True, title_en="Embarrassing", summary_en="Summary", body_en="Wrong words")
    assert client.get(address(announcement)).status_code == 200
    hide(announcement, publisher)
    response = client.get(address(announcement))
    page = response.content.decode()
    assert (response.status_code, response.headers["X-Robots-Tag"]) == (410, "noindex")
    assert "This announcement was taken down" in page
    assert not [word for word in ("Embarrassing", "Summary", "Wrong words", "why", "/image/") if word in page]
    assert response.headers["Cache-Control"] == "no-store"
    assert client.get(address(announcement) + "image/").status_code == 410
    assert (titles(client.get("/en/news/")), entries(10), latest()) == ([], [], None)


def test_shown_again_it_is_back_everywhere(client, announce, publisher):
    announcement = announce(with_image=True)
    hide(announcement, publisher)
    unhide_announcement(announcement=announcement, by=publisher)
    assert client.get(address(announcement)).status_code == 200
    assert client.get(address(announcement) + "image/").status_code == 200
    assert len(entries(10)) == 1


def test_the_page_is_read_in_few_queries(client, announce, world, django_assert_num_queries):
    announcement = announce(with_image=True, topic=world.topic)
    client.get("/en/news/")
    with django_assert_num_queries(1):
        client.get(address(announcement))


# The image ---------------------------------------------------------------------------------------------------------


def test_the_image_has_words_and_a_size(client, announce):
    announcement = announce(with_image=True)
    page = client.get(address(announcement, "ar")).content.decode()
    assert 'alt="مبنى الوزارة" width="400" height="300" loading="lazy"' in page


def test_the_image_is_shown_as_an_image_and_asked_about_each_time(client, announce):
    path = address(announce(with_image=True)) + "image/"
    response = client.get(path)
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["Content-Disposition"] == "inline"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-cache" in response.headers["Cache-Control"]
    again = client.get(path, headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", response.headers["ETag"])


def test_a_copy_of_a_hidden_image_is_not_confirmed(client, announce, publisher):
    announcement = announce(with_image=True)
    path = address(announcement) + "image/"
    etag = client.get(path).headers["ETag"]
    hide(announcement, publisher)
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 410


def test_an_image_that_waits_for_the_scan_is_not_shown(client, announce):
    announcement = announce(with_image=True)
    Attachment.objects.update(state=FileState.QUARANTINED)
    assert "<img" not in client.get(address(announcement)).content.decode()
    assert client.get(address(announcement) + "image/").status_code == 404


def test_nothing_but_an_image_is_given_out_as_one(client, announce):
    announcement = announce(with_image=True)
    Attachment.objects.update(content_type="text/html")
    assert client.get(address(announcement) + "image/").status_code == 404


def test_a_lost_image_is_not_found(client, announce):
    announcement = announce(with_image=True)
    announcement.image.stored.storage.delete(announcement.image.stored.name)
    assert client.get(address(announcement) + "image/").status_code == 404


def test_an_announcement_without_image_has_none(client, announce):
    announcement = announce()
    assert "<img" not in client.get(address(announcement)).content.decode()
    assert client.get(address(announcement) + "image/").status_code == 404


def test_images_in_use_are_not_swept_away(announce):
    kept = announce(with_image=True).image
    loose = Attachment.objects.create(
        original_name="x.txt", content_type="text/plain", size=1, sha256="0" * 64,
        stored=SimpleUploadedFile("x.txt", b"x"), state=FileState.CLEAN,
    )  # fmt: skip
    Attachment.objects.update(created_at=timezone.now() - timedelta(days=30))
    discard_unclaimed()
    assert (Attachment.objects.filter(pk=kept.pk).exists(), Attachment.objects.filter(pk=loose.pk).exists()) == (
        True,
        False,
    )


# What others show ---------------------------------------------------------------------------------------------------


def test_the_feed_tells_what_is_current_in_the_language_asked_for(announce):
    announce(expired=True)
    older, newer = announce(days_ago=5, is_pinned=True), announce(days_ago=1)
    for code in ("ar", "en"):
        with translation.override(code):
            found = entries(10)
        assert [entry.title for entry in found] == [getattr(row, f"title_{code}") for row in (newer, older)]
        assert [entry.path for entry in found] == [f"/news/{row.slug}/" for row in (newer, older)]
    assert [entry.key for entry in found] == [f"news.announcement:{row.pk}" for row in (newer, older)]
    assert len(entries(1)) == 1


def test_the_feed_carries_the_date_of_a_change(announce, publisher):
    announcement = announce()
    edit_announcement(announcement=announcement, by=publisher, version=announcement.version, summary_en="New")
    assert entries(1)[0].updated_at == announcement.revised_at


def test_it_is_registered_with_the_feeds_and_the_map(announce):
    newest = announce()
    assert registry.topic("news") is TOPIC
    tool = next(tool for tool in agenda.tools() if tool.key == "news")
    assert tool.latest().path == f"/news/{newest.slug}/"
