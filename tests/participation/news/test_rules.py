"""What the database refuses, whoever asks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from participation.news.models import Announcement

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def refused(announcement: Announcement, name: str, **changes: Any) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Announcement.objects.filter(pk=announcement.pk).update(**changes)


@pytest.mark.parametrize("column", ["title_ar", "title_en", "summary_ar", "summary_en", "body_ar", "body_en"])
@pytest.mark.parametrize("value", ["", None])
def test_it_refuses_a_published_text_in_one_language(announce, column, value):
    refused(announce(), "announcement_in_both_languages", **{column: value})


def test_it_takes_a_draft_in_one_language(draft):
    announcement = draft(title_ar="", summary_ar="", body_ar="")
    announcement.refresh_from_db()
    assert (announcement.title_en, announcement.body_ar) == (f"{announcement}", "")


@pytest.mark.parametrize("value", ["", None])
def test_it_refuses_a_draft_without_any_title(draft, value):
    refused(draft(), "announcement_has_a_title", title_ar=value, title_en=value)


@pytest.mark.parametrize("column", ["image_alt_ar", "image_alt_en"])
@pytest.mark.parametrize("value", ["", None])
def test_it_refuses_an_image_that_nobody_described(draft, column, value):
    refused(draft(with_image=True), "announcement_image_in_both_languages", **{column: value})


@pytest.mark.parametrize("changes", [{"image_width": None}, {"image_height": 0}, {"image": None}])
def test_it_refuses_an_image_without_its_size(draft, changes):
    refused(draft(with_image=True), "announcement_image_measured", **changes)


@pytest.mark.parametrize("slug", ["عيد", "Eid", "eid--hours", "-eid", "eid hours", "eid_hours", ""])
def test_it_refuses_an_address_of_other_characters(draft, slug):
    refused(draft(), "announcement_address_plain", slug=slug)


def test_it_refuses_an_address_twice(draft):
    refused(draft(), "slug", slug=draft().slug)


def test_it_refuses_to_publish_without_a_publisher(draft):
    refused(draft(), "announcement_publisher_named", publish_at=NOW)


def test_it_refuses_an_end_before_the_beginning(announce):
    announcement = announce()
    refused(announcement, "announcement_expires_after", expires_at=announcement.publish_at)


@pytest.mark.parametrize("mark", [{"is_pinned": True}, {"is_locked": True}, {"revised_at": NOW}])
def test_it_refuses_marks_of_the_published_on_a_draft(draft, mark):
    refused(draft(), "announcement_draft_is_plain", **mark)


def test_it_refuses_hiding_without_ground_or_name_or_before_publication(announce, draft, publisher):
    down = {"hidden_at": NOW + timedelta(minutes=1), "hidden_by": publisher, "hidden_ground": "false"}
    for gap in ({"hidden_ground": ""}, {"hidden_by": None}, {"hidden_at": NOW - timedelta(days=9)}):
        refused(announce(), "announcement_hidden_on_a_ground", **{**down, **gap})
    refused(draft(), "announcement_hidden_on_a_ground", **down)
    refused(announce(), "announcement_(hidden_on_a_ground|ground_known)", **{**down, "hidden_ground": "because"})


def appealed(announcement: Announcement, hider: Any, by: Any) -> dict[str, Any]:
    return {
        "hidden_at": timezone.now(), "hidden_by": hider, "hidden_ground": "false",
        "appealed_at": timezone.now(), "appealed_by": by, "appeal_text": "Please look again.",
    }  # fmt: skip


def test_it_refuses_an_appeal_without_text_or_name(announce, publisher, editor):
    announcement = announce()
    whole = appealed(announcement, publisher, editor)
    for gap in ({"appeal_text": ""}, {"appealed_by": None}, {"appealed_at": None}):
        refused(announcement, "announcement_appeal_has_text", **{**whole, **gap})


def test_it_refuses_a_decision_by_who_hid_or_appealed(announce, publisher, second_publisher, editor):
    announcement = announce()
    whole = appealed(announcement, publisher, editor) | {
        "appeal_decided_at": timezone.now(), "appeal_outcome": "upheld", "appeal_answer": "It is false.",
    }  # fmt: skip
    for judge in (publisher, editor):
        refused(announcement, "announcement_decided_by_another", **whole, appeal_decided_by=judge)
    for gap in ({"appeal_answer": ""}, {"appeal_outcome": ""}, {"appeal_decided_at": None}):
        refused(
            announcement, "announcement_decision_is_whole", **{**whole, "appeal_decided_by": second_publisher, **gap}
        )
    refused(
        announcement, "restored_is_shown", **{**whole, "appeal_outcome": "restored"}, appeal_decided_by=second_publisher
    )
    Announcement.objects.filter(pk=announcement.pk).update(**whole, appeal_decided_by=second_publisher)
