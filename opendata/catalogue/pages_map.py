"""The catalogue in the site map."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opendata.catalogue.models import Dataset
from portal.bilingual import bare_path
from portal.site_map import Page, Section


def pages() -> Iterator[Page]:
    """The catalogue with its datasets, and how downloads are verified."""
    rows = Dataset.objects.published().order_by("title").only("slug", "title", "modified_at")
    datasets = tuple(Page(str(row), row.path, row.modified_at) for row in rows)
    yield Page(_("Open data"), bare_path(reverse("catalogue:list")), children=datasets)
    yield Page(_("Verify a download"), bare_path(reverse("catalogue:verify")))


SECTION = Section(key="data", title=gettext_lazy("Open data"), pages=pages, position=40)
