"""How an announcement is found: the search and the site map."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participation.news.models import Announcement, AnnouncementQuerySet
from portal.bilingual import LANGUAGE_CODES
from portal.richtext import to_plain
from portal.search.registry import Document, Source, chosen
from portal.site_map import Page, Section


def documents(keys: Iterable[int | str] | None) -> Iterator[Document]:
    """The current ones among these, in both languages."""
    for row in chosen(Announcement.objects.visible().select_related("unit__organisation").order_by("pk"), keys):
        assert row.publish_at is not None
        for code in LANGUAGE_CODES:
            summary, body = (getattr(row, f"{field}_{code}") for field in ("summary", "body"))
            yield Document(
                pk=row.pk,
                language=code,
                title=getattr(row, f"title_{code}"),
                text=f"{summary}\n{to_plain(body)}",
                path=row.path,
                published_at=row.publish_at,
                organisation=getattr(row.unit.organisation, f"name_{code}"),
            )


def versions(keys: Iterable[int | str] | None) -> Iterator[tuple[int, int]]:
    """The current ones among these, each with its version."""
    rows: AnnouncementQuerySet = Announcement.objects.visible().order_by()
    yield from (rows if keys is None else rows.filter(pk__in=list(keys))).values_list("pk", "version")


def pages() -> Iterator[Page]:
    """The current announcements, newest first, and the archive with the earlier ones."""
    yield Page(_("News"), "/news/", children=_listed(Announcement.objects.visible()))
    yield Page(_("News archive"), "/news/?archive=1", children=_listed(Announcement.objects.expired()))


def _listed(rows: AnnouncementQuerySet) -> tuple[Page, ...]:
    listed = rows.newest_first().only("slug", "title", "title_ar", "title_en", "publish_at", "revised_at")
    return tuple(Page(row.title, row.path, row.revised_at or row.publish_at) for row in listed)


SOURCE = Source(
    kind="news",
    label=gettext_lazy("News"),
    documents=documents,
    model="news.announcement",
    position=40,
    versions=versions,
    page="/news/",
)
SECTION = Section(key="news", title=gettext_lazy("News"), pages=pages, position=50)
