"""Announcements, for everybody and for editors."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from participation.news.actions import hiding as news_hiding
from participation.news.actions.publishing import lock_announcement, pin_announcement, publish_announcement
from participation.news.actions.writing import edit_announcement, write_announcement
from participation.news.images import check_image, store_image
from participation.news.models import Announcement
from portal.organisations.models import Role
from tests.accessibility.scenes import Scene, page, press, sign_in_as, then, write
from tests.people import World, staff


def a_picture() -> SimpleUploadedFile:
    output = io.BytesIO()
    Image.new("RGB", (400, 200), "#0b5d50").save(output, "JPEG")
    return SimpleUploadedFile("photo.jpg", output.getvalue(), "image/jpeg")


def announcement(world: World, slug: str, **content: Any) -> Announcement:
    texts = {"title_ar": f"إعلان {slug}", "title_en": f"Notice {slug}", "summary_ar": "خلاصة", "summary_en": "Summary",
             "body_ar": "## عنوان\n\n- بند", "body_en": "## Heading\n\n- item"}  # fmt: skip
    return write_announcement(by=world.lead, unit=world.licensing, topic=world.topic, slug=slug, **{**texts, **content})


def announcements(world: World) -> dict[str, Announcement]:
    """One in each state; the pinned one has an image, and an appeal waits on the one taken down."""
    now, image = timezone.now(), store_image(check_image(a_picture()))
    pictured = {"image": image.attachment, "image_width": image.width, "image_height": image.height,
                "image_alt_ar": "مبنى", "image_alt_en": "A building"}  # fmt: skip
    found = {
        "pinned": announcement(world, "pinned", **pictured), "current": announcement(world, "current"),
        "expired": announcement(world, "expired"), "down": announcement(world, "down"),
        "draft": announcement(world, "draft", title_en="", body_en=""), "locked": announcement(world, "locked"),
    }  # fmt: skip
    for name in ("pinned", "current", "expired", "down", "locked"):
        publish_announcement(announcement=found[name], by=world.administrator)
    pin_announcement(announcement=found["pinned"], by=world.administrator)
    lock_announcement(announcement=found["locked"], by=world.administrator)
    edit_announcement(
        announcement=found["current"], by=world.administrator, version=found["current"].version, body_en="x"
    )
    Announcement.objects.filter(slug="expired").update(
        publish_at=now - timedelta(days=400), expires_at=now - timedelta(days=300)
    )
    news_hiding.hide_announcement(announcement=found["down"], ground="false", reason="السعر خطأ", by=world.head)
    news_hiding.appeal(announcement=found["down"], text="السعر صحيح.", by=world.lead)
    return found


def a_decided_appeal(world: World) -> None:
    """For the second letter."""
    other = announcement(world, "decided")
    publish_announcement(announcement=other, by=world.administrator)
    news_hiding.hide_announcement(announcement=other, ground="mistake", by=world.head)
    news_hiding.appeal(announcement=other, text="ليس خطأ.", by=world.lead)
    news_hiding.decide_appeal(announcement=other, outcome="upheld", answer="بقي محجوبًا.", by=world.administrator)


def news_scenes(world: World) -> Iterator[Scene]:
    yield Scene("news empty", page("news/"))
    yield Scene("news archive empty", page("news/?archive=1"))
    announcements(world)
    a_decided_appeal(world)
    yield Scene("news", page("news/"))
    yield Scene("news of a topic", page("news/?topic=licences"))
    yield Scene("news of a year without any", page("news/?year=2001"))
    yield Scene("news archive", page("news/?archive=1"))
    for slug in ("pinned", "current", "expired", "down"):
        yield Scene(f"announcement {slug}", page(f"news/{slug}/"))


def news_desk_scenes(world: World) -> Iterator[Scene]:
    wanted = Permission.objects.filter(content_type__app_label="news")
    publisher = staff("bader", world.licensing, Role.LEAD)
    publisher.user_permissions.add(*wanted)
    found = announcements(world)
    path = {name: f"news/announcement/{row.pk}/" for name, row in found.items()}
    yield Scene("desk of a publisher", then(sign_in_as(publisher), page("")))
    yield Scene("announcements", page("news/announcement/"))
    yield Scene("announcements of a state", page("news/announcement/?state=draft"))
    yield Scene("new announcement", page("news/announcement/add/"))
    yield Scene("new announcement with errors", then(page("news/announcement/add/"), press("input[name=_save]")))
    for name in found:  # the locked one and the one taken down are sealed: read, not changed
        yield Scene(f"announcement form {name}", page(f"{path[name]}change/"))
    yield Scene("publish", page(f"{path['draft']}do/publish/"))
    yield Scene("publish with errors", then(page(f"{path['draft']}do/publish/"), press("form.composer button")))
    for name, verb in (("current", "hide"), ("current", "pin"), ("down", "decide"), ("down", "unhide")):
        yield Scene(f"{verb} an announcement", page(f"{path[name]}do/{verb}/"))
    yield Scene("hide with errors", then(page(f"{path['current']}do/hide/"), press("form.composer button")))
    yield Scene("preview", page(f"{path['pinned']}preview/ar/"))
    yield Scene("preview of a draft", page(f"{path['draft']}preview/en/"))
    current, other = found["current"], world.administrator
    elsewhere = lambda *_: edit_announcement(  # noqa: E731
        announcement=current, by=other, version=Announcement.objects.get(pk=current.pk).version, summary_ar="غيرها"
    )
    yield Scene("two editors", then(page(f"{path['current']}change/"), elsewhere, write("summary_ar", "خلاصتي"),
                                    press("input[name=_save]")))  # fmt: skip
    lock = lambda *_: lock_announcement(announcement=current, by=other)  # noqa: E731
    yield Scene("a text that comes too late", then(page(f"{path['current']}change/"), lock, write("body_ar", "نص"),
                                                   press("input[name=_save]")))  # fmt: skip
