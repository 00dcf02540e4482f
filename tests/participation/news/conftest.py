"""Who writes and publishes announcements, and a quick way to have one."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from participation.news.actions.publishing import publish_announcement
from participation.news.actions.writing import write_announcement
from participation.news.images import check_image, store_image
from participation.news.models import Announcement
from portal.organisations.models import Role
from portal.staff.models import User
from tests.people import World, staff

EDITING = ("view_announcement", "add_announcement", "change_announcement", "delete_announcement")
_numbers = itertools.count(1)


@pytest.fixture
def editor(world: World) -> User:
    return staff("nadia", world.licensing, Role.OFFICER, *EDITING)


@pytest.fixture
def publisher(world: World) -> User:
    return staff("bader", world.licensing, Role.LEAD, *EDITING, "publish_announcement")


@pytest.fixture
def second_publisher(world: World) -> User:
    return staff("zahra", world.licensing, Role.LEAD, *EDITING, "publish_announcement")


@pytest.fixture
def stranger(world: World) -> User:
    """May publish, but in another unit."""
    return staff("fahad", world.other_unit, Role.LEAD, *EDITING, "publish_announcement")


def picture(width: int = 400, height: int = 300, kind: str = "JPEG", name: str = "photo.jpg") -> SimpleUploadedFile:
    output = io.BytesIO()
    Image.new("RGB", (width, height), "#0b5d50").save(output, kind)
    return SimpleUploadedFile(name, output.getvalue(), f"image/{kind.lower()}")


def text(**changes: Any) -> dict[str, Any]:
    number = next(_numbers)
    return {
        "slug": f"notice-{number}",
        "title_ar": f"إعلان رقم {number}", "title_en": f"Notice {number}",
        "summary_ar": "خلاصة الإعلان", "summary_en": "What it says in short",
        "body_ar": "نص **الإعلان**", "body_en": "The *whole* text",
        **changes,
    }  # fmt: skip


Announce = Callable[..., Announcement]


@pytest.fixture
def draft(world: World, editor: User) -> Announce:
    """A draft of the licensing unit, complete unless changed."""

    def write(*, with_image: bool = False, **changes: Any) -> Announcement:
        content = {"unit": world.licensing, **text(**changes)}
        if with_image:
            found = store_image(check_image(picture()))
            content |= {"image": found.attachment, "image_width": found.width, "image_height": found.height,
                        "image_alt_ar": "مبنى الوزارة", "image_alt_en": "The ministry's building"}  # fmt: skip
        return write_announcement(by=editor, **content)

    return write


@pytest.fixture
def announce(draft: Announce, publisher: User) -> Announce:
    """An announcement that came out `days_ago`; `expired` says it is no longer current."""

    def publish(*, days_ago: float = 1, expired: bool = False, is_pinned: bool = False, **changes: Any) -> Announcement:
        announcement = draft(**changes)
        publish_announcement(announcement=announcement, by=publisher)
        at = timezone.now() - timedelta(days=days_ago)
        marks: dict[str, Any] = {"publish_at": at, "is_pinned": is_pinned}
        if expired:
            marks["expires_at"] = at + timedelta(hours=1)
        Announcement.objects.filter(pk=announcement.pk).update(**marks)
        announcement.refresh_from_db()
        return announcement

    return publish


# The staff site ------------------------------------------------------------------------------------------


LIST = "/admin/news/announcement/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def change(announcement: Announcement) -> str:
    return f"{LIST}{announcement.pk}/change/"


def do(announcement: Announcement, verb: str) -> str:
    return f"{LIST}{announcement.pk}/do/{verb}/"


def typed(world: World, announcement: Announcement | None = None, **changes: Any) -> dict[str, Any]:
    """What the form sends: of an announcement, or of a new one."""
    if announcement is None:
        values = {**text(), "seen_version": 1}
    else:
        names = ["slug", *(f"{name}_{code}" for name in ("title", "summary", "body") for code in ("ar", "en"))]
        values = {name: getattr(announcement, name) for name in names} | {"seen_version": announcement.version}
    return {
        "unit": world.licensing.pk, "topic": "", "expires_at_0": "", "expires_at_1": "", "image_alt_ar": "",
        "image_alt_en": "", "kept_image": "", **values, **changes,
    }  # fmt: skip


def words(response: Any) -> str:
    return response.content.decode()
