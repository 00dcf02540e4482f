"""Writing an announcement in the staff site: what is refused, what is kept, and what the second editor is told."""

from __future__ import annotations

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from participation.news.actions import hiding, publishing
from participation.news.actions.writing import edit_announcement
from participation.news.models import Announcement
from participation.news.states import State
from portal.attachments.models import Attachment
from portal.audit.models import AuditEvent
from tests.participation.news.conftest import LIST, change, picture, signed_in, typed, words

pytestmark = pytest.mark.django_db


# Writing ----------------------------------------------------------------------------------------------------


def test_an_editor_writes_a_draft_in_one_language(world, editor):
    data = typed(world, slug="", title_ar="", summary_ar="", body_ar="", title_en="Eid hours")
    response = signed_in(editor).post(f"{LIST}add/", data)
    assert response.status_code == 302
    announcement = Announcement.objects.get()
    assert (announcement.slug, announcement.author, announcement.state) == ("eid-hours", editor, State.DRAFT)


def test_an_address_is_made_from_the_day_where_there_is_no_english_title(world, editor):
    for _time in range(2):
        signed_in(editor).post(f"{LIST}add/", typed(world, slug="", title_en=""))
    day = f"news-{timezone.localdate():%Y-%m-%d}"
    assert set(Announcement.objects.values_list("slug", flat=True)) == {day, f"{day}-2"}


def test_a_text_is_stored_without_marks_that_change_the_direction(world, editor):
    signed_in(editor).post(f"{LIST}add/", typed(world, title_ar="إعلان\u202e  مقلوب\x07 ", body_ar="سطر\r\nسطر"))
    announcement = Announcement.objects.get()
    assert (announcement.title_ar, announcement.body_ar) == ("إعلان  مقلوب", "سطر\nسطر")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title_ar": "", "title_en": ""}, "Write a title"),
        ({"slug": "إعلان"}, "Enter a valid"),
        ({"expires_at_0": "01/01/2020", "expires_at_1": "10:00"}, "This moment has passed"),
        ({"unit": ""}, "required"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(world, editor, changes, message):
    response = signed_in(editor).post(f"{LIST}add/", typed(world, body_en="A long text.", **changes))
    assert message in words(response)
    assert "A long text." in words(response)
    assert not Announcement.objects.exists()


def test_a_published_text_cannot_lose_a_language(announce, world, publisher):
    announcement = announce()
    response = signed_in(publisher).post(change(announcement), typed(world, announcement, body_ar=""))
    assert "What is published has this text in both languages." in words(response)


def test_the_address_is_permanent_once_the_public_had_it(announce, world, publisher):
    announcement = announce()
    page = words(signed_in(publisher).get(change(announcement)))
    assert re.search(r'name="slug"[^>]*disabled', page)
    signed_in(publisher).post(change(announcement), typed(world, announcement, slug="other", body_en="New"))
    before = announcement.slug
    announcement.refresh_from_db()
    assert (announcement.slug, announcement.body_en) == (before, "New")


def test_it_notes_who_changed_a_published_text(announce, world, publisher):
    announcement = announce()
    signed_in(publisher).post(change(announcement), typed(world, announcement, body_en="New"))
    event = AuditEvent.objects.about(announcement).last()
    assert (event.verb, event.actor, event.data["fields"]) == ("announcement.edited", publisher, ["body_en"])
    announcement.refresh_from_db()
    assert announcement.revised_at is not None


def test_the_second_of_two_editors_is_told_what_changed(draft, world, editor, publisher):
    announcement = draft(body_en="Old", summary_en="Old summary")
    mine = typed(world, announcement, body_en="Mine", slug=announcement.slug)
    edit_announcement(announcement=announcement, by=publisher, version=1, body_en="Theirs", summary_en="Their summary")
    response = signed_in(editor).post(change(announcement), mine)
    page = words(response)
    assert response.status_code == 409
    for told in ("Nothing was overwritten", "Bader", "Text changed", "Theirs", "Their summary", "Mine"):
        assert told in page
    announcement.refresh_from_db()
    assert announcement.body_en == "Theirs"
    seen = re.search(r'name="seen_version" value="(\d+)"', page)[1]
    assert signed_in(editor).post(change(announcement), {**mine, "seen_version": seen}).status_code == 302
    announcement.refresh_from_db()
    assert announcement.body_en == "Mine"


# The image --------------------------------------------------------------------------------------------------


DESCRIBED = {"image_alt_ar": "مبنى", "image_alt_en": "A building"}


def test_an_image_is_made_small_and_loses_its_metadata(world, editor):
    output = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Camera of somebody"
    Image.new("RGB", (3000, 1500), "#d9a84e").save(output, "JPEG", exif=exif)
    upload = SimpleUploadedFile("صورة.jpg", output.getvalue(), "image/jpeg")
    response = signed_in(editor).post(f"{LIST}add/", typed(world, image_file=upload, **DESCRIBED))
    assert response.status_code == 302
    announcement = Announcement.objects.get()
    with announcement.image.stored.open("rb") as content, Image.open(content) as stored:
        assert stored.size == (announcement.image_width, announcement.image_height) == (1200, 600)
        assert not stored.getexif()


@pytest.mark.parametrize(
    ("upload", "message"),
    [
        (SimpleUploadedFile("notes.txt", "نص".encode(), "text/plain"), "is not an image"),
        (SimpleUploadedFile("photo.jpg", b"not a picture", "image/jpeg"), "cannot be read as a JPG file"),
        (picture(120, 90), "only 120 pixels wide"),
    ],
)
def test_an_image_that_cannot_be_used_is_refused_with_a_reason(world, editor, upload, message):
    upload.seek(0)
    response = signed_in(editor).post(f"{LIST}add/", typed(world, image_file=upload, **DESCRIBED))
    assert message in words(response)
    assert not Announcement.objects.exists()


@pytest.mark.parametrize("missing", ["image_alt_ar", "image_alt_en"])
def test_an_image_needs_its_words_in_both_languages_and_is_kept_meanwhile(world, editor, missing):
    data = typed(world, **{**DESCRIBED, missing: ""})
    response = signed_in(editor).post(f"{LIST}add/", {**data, "image_file": picture(name="square.jpg")})
    page = words(response)
    assert "Say in a sentence what the image shows" in page
    assert "“square.jpg” is kept" in page
    kept = re.search(r'name="kept_image" value="([^"]+)"', page)[1]
    assert signed_in(editor).post(f"{LIST}add/", {**data, missing: "Words", "kept_image": kept}).status_code == 302
    assert Announcement.objects.get().image.original_name == "square.jpg"


def test_an_image_kept_for_one_form_serves_one_announcement(world, editor):
    data = typed(world, image_alt_ar="مبنى")
    page = words(signed_in(editor).post(f"{LIST}add/", {**data, "image_file": picture()}))
    kept = re.search(r'name="kept_image" value="([^"]+)"', page)[1]
    whole = {"kept_image": kept, **DESCRIBED}
    assert signed_in(editor).post(f"{LIST}add/", {**data, **whole}).status_code == 302
    assert signed_in(editor).post(f"{LIST}add/", {**typed(world), **whole}).status_code == 302
    assert [bool(row.image_id) for row in Announcement.objects.order_by("pk")] == [True, False]


def test_a_made_up_kept_image_is_nobodys(world, editor):
    attachment = Attachment.objects.create(
        original_name="x.jpg", content_type="image/jpeg", size=1, sha256="0" * 64, stored="x", state="clean"
    )
    signed_in(editor).post(f"{LIST}add/", typed(world, kept_image=str(attachment.pk), **DESCRIBED))
    assert Announcement.objects.get().image is None


def test_an_image_is_replaced_and_taken_out(draft, world, editor):
    announcement = draft(with_image=True)
    first, client = announcement.image, signed_in(editor)
    client.post(change(announcement), typed(world, announcement, image_file=picture(600, 300), **DESCRIBED))
    announcement.refresh_from_db()
    assert announcement.image != first
    assert (announcement.image_width, announcement.image_height) == (600, 300)
    client.post(change(announcement), typed(world, announcement, remove_image="on"))
    announcement.refresh_from_db()
    assert (announcement.image, announcement.image_width) == (None, None)


@pytest.mark.parametrize("fate", ["published", "taken down", "locked"])
def test_a_text_that_comes_too_late_is_given_back(draft, announce, world, editor, publisher, fate):
    announcement = draft() if fate == "published" else announce()
    by = editor if fate == "published" else publisher
    mine = typed(world, announcement, body_ar="نص طويل كتبته", body_en="A long text I wrote")
    if fate == "published":
        publishing.publish_announcement(announcement=announcement, by=publisher)
    elif fate == "locked":
        publishing.lock_announcement(announcement=announcement, by=publisher)
    else:
        hiding.hide_announcement(announcement=announcement, ground="mistake", by=publisher)
    response = signed_in(by).post(change(announcement), mine)
    assert response.status_code == 409
    for kept in ("نص طويل كتبته", "A long text I wrote", "Text (Arabic)"):
        assert kept in words(response)
    announcement.refresh_from_db()
    assert announcement.body_en != "A long text I wrote"


def test_reasons_that_come_too_late_are_given_back(announce, editor, publisher, second_publisher, world):
    announcement = announce()
    hiding.hide_announcement(announcement=announcement, ground="false", by=publisher)
    hiding.appeal(announcement=announcement, text="Look again", by=editor)
    hiding.decide_appeal(announcement=announcement, outcome="upheld", answer="No.", by=second_publisher)
    data = {"version": announcement.version, "outcome": "restored", "answer": "My careful reasons"}
    response = signed_in(world.administrator).post(f"{LIST}{announcement.pk}/do/decide/", data)
    assert response.status_code == 409
    assert "My careful reasons" in words(response)
    announcement.refresh_from_db()
    assert announcement.appeal_answer == "No."
