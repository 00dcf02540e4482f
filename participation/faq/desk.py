"""The desk's panel for editors: answers that do not help, and languages left behind."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from participation.faq.models import Entry
from participation.faq.staffside.unhelpful import unhelpful
from portal.staff.desk import Panel, register

SHORT = 5


@register
def panels(request: HttpRequest) -> Iterator[Panel]:
    """Only where there is something to do."""
    if not request.user.has_perm("faq.change_entry"):
        return
    rows = unhelpful(request.user)
    behind = Entry.objects.visible_to(request.user).outdated().defer("search", "answer_ar", "answer_en")
    outdated = list(behind.order_by("pk"))
    if rows or outdated:
        yield Panel(
            key="faq",
            title=_("Questions and answers to look at"),
            template="participation/faq/desk/panel.html",
            context={"unhelpful": rows[:SHORT], "outdated": outdated[:SHORT]},
            count=str(len(rows) + len(outdated)),
            url=reverse("admin:faq_entry_unhelpful"),
        )
