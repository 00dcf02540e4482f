"""What staff are told by e-mail about their announcements, in their own language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from participation.news.models import Announcement
from portal.bilingual import in_language
from portal.mail.actions import write_mail


def hidden(announcement: Announcement) -> None:
    """To the author: it was taken down, on which ground, and how to appeal."""
    if announcement.author is not None and announcement.author != announcement.hidden_by:
        _write(announcement, announcement.author, "hidden", str(announcement.hidden_at))


def appeal_decided(announcement: Announcement) -> None:
    """To who appealed: what somebody else decided, and why."""
    _write(announcement, announcement.appealed_by, "appeal_decided", str(announcement.appeal_decided_at))


def _write(announcement: Announcement, to: Any, template: str, key: str) -> None:
    if not to.email:
        return
    page = reverse("admin:news_announcement_change", args=[announcement.pk])
    with in_language(to.language):
        title = str(announcement)
    write_mail(
        to=to.email,
        language=to.language,
        template=f"news/{template}",
        context={"announcement": announcement, "title": title, "page_url": f"{settings.SITE_URL}{page}"},
        about=announcement,
        dedupe_key=f"news:{announcement.pk}:{template}:{key}",
    )
