"""How a question is found: the search of the whole portal and the site map. (The FAQ's own search is search.py.)"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participation.faq.models import Entry
from portal.bilingual import LANGUAGE_CODES
from portal.richtext import to_plain
from portal.search.registry import Document, Source, chosen
from portal.site_map import Page, Section


def documents(keys: Iterable[int | str] | None) -> Iterator[Document]:
    """The published ones among these, in each language that is not out of date."""
    rows = Entry.objects.published().select_related("unit__organisation").defer("search").order_by("pk")
    for row in chosen(rows, keys):
        assert row.published_at is not None
        for code in LANGUAGE_CODES:
            question, answer = row.text_in(code)
            if code != row.outdated:
                yield Document(
                    pk=row.pk,
                    language=code,
                    title=question,
                    text=to_plain(answer),
                    path=f"/faq/{row.slug}/",
                    published_at=row.revised_in(code) or row.published_at,
                    organisation=getattr(row.unit.organisation, f"name_{code}"),
                    keywords=row.also_asked,
                )


def versions(keys: Iterable[int | str] | None) -> Iterator[tuple[int, int]]:
    """The published ones among these, each with its version."""
    rows = Entry.objects.published().order_by()
    yield from (rows if keys is None else rows.filter(pk__in=list(keys))).values_list("pk", "version")


def pages() -> Iterator[Page]:
    """The questions in the order of their page."""
    rows = Entry.objects.published().select_related("topic").in_page_order()
    listed = rows.defer("search", "answer", "answer_ar", "answer_en", "also_asked")
    children = tuple(Page(row.question, f"/faq/{row.slug}/", row.revised_at or row.published_at) for row in listed)
    yield Page(_("Frequently asked questions"), "/faq/", children=children)


SOURCE = Source(
    kind="faq",
    label=gettext_lazy("Frequently asked questions"),
    documents=documents,
    model="faq.entry",
    position=10,
    versions=versions,
    page="/faq/",
)
SECTION = Section(key="faq", title=gettext_lazy("Frequently asked questions"), pages=pages, position=40)
