"""Somebody typed a text for an announcement that no longer takes it: nothing is stored, and nothing typed is lost."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from participation.news.models import Announcement
from participation.news.staffside.content_form import TEXT_FIELDS
from participation.news.staffside.sealed import label_of

TEMPLATE = "participation/news/desk/too_late.html"
VERB_TEXTS = ("text", "answer", "reason")


def typed_in(request: HttpRequest) -> list[dict[str, Any]]:
    """The texts that were sent, each with its label and language where it has one."""
    found = [
        {"label": label_of(name), "language": name[-2:], "text": request.POST.get(name, "").strip()}
        for name in TEXT_FIELDS
    ]
    found += [{"label": "", "language": "", "text": request.POST.get(name, "").strip()} for name in VERB_TEXTS]
    return [row for row in found if row["text"]]


def too_late(request: HttpRequest, site: AdminSite, announcement: Announcement) -> HttpResponse:
    """What became of the announcement meanwhile, and the typed texts to be copied."""
    context = {
        **site.each_context(request),
        "title": _("Nothing was saved"),
        "opts": Announcement._meta,
        "announcement": announcement,
        "typed": typed_in(request),
    }
    return render(request, TEMPLATE, context, status=409)
