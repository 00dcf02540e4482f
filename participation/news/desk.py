"""The desk's panel of announcements: what waits for somebody who may publish."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from participation.news.models import Announcement
from portal.organisations.access import unit_ids
from portal.staff.desk import Panel, register

MOST = 5
TEMPLATE = "participation/news/desk/panel.html"


@register
def panels(request: HttpRequest) -> Iterator[Panel]:
    """Appeals to decide, then drafts by the time of their last change. Nothing for those who only read or write."""
    user = request.user
    if not user.has_perm("news.publish_announcement") or not unit_ids(user):
        return
    waiting = Q(publish_at__isnull=True) | Q(pk__in=Announcement.objects.appealed().values("pk"))
    rows = Announcement.objects.filter(waiting, unit__in=unit_ids(user)).order_by("publish_at", "-updated_at", "-id")
    found = list(rows.select_related("unit", "author").defer("body", "body_ar", "body_en")[: MOST + 1])
    if found:
        count = str(len(found)) if len(found) <= MOST else f"{MOST}+"
        url = reverse("admin:news_announcement_changelist")
        context = {"announcements": found[:MOST]}
        yield Panel("news", _("Announcements to publish or decide"), TEMPLATE, context, count=count, url=url)
