"""The guide for reusers in the site map."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.bilingual import bare_path
from portal.site_map import Page, Section


def pages() -> Iterator[Page]:
    """The guide."""
    yield Page(_("Guide for reusers"), bare_path(reverse("reusers_pages:guide")))


SECTION = Section(key="reusers", title=gettext_lazy("Use the data"), pages=pages, position=41)
