"""How an outcome is found: the search and the site map."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participation.outcomes.models import Commitment
from portal.bilingual import LANGUAGE_CODES
from portal.richtext import to_plain
from portal.search.registry import Document, Source, chosen
from portal.site_map import Page, Section


def documents(keys: Iterable[int | str] | None) -> Iterator[Document]:
    """The published ones among these with their history, in both languages."""
    rows = Commitment.objects.published().select_related("unit__organisation").prefetch_related("history")
    for row in chosen(rows.order_by("pk"), keys):
        assert row.changed_at is not None
        for code in LANGUAGE_CODES:
            yield Document(
                pk=row.pk,
                language=code,
                title=getattr(row, f"title_{code}"),
                text=_text(row, code),
                path=row.path,
                published_at=row.changed_at,
                organisation=getattr(row.unit.organisation, f"name_{code}"),
            )


def _text(row: Commitment, code: str) -> str:
    """What was asked and decided, and everything that happened since."""
    texts = [getattr(row, f"{field}_{code}") for field in ("asked", "decided", "evidence")]
    for change in row.history.all():
        texts += [getattr(change, f"{field}_{code}") for field in ("note", "evidence")]
    return "\n".join(to_plain(text) for text in texts if text)


def versions(keys: Iterable[int | str] | None) -> Iterator[tuple[int, int]]:
    """The published ones among these, each with its version."""
    rows = Commitment.objects.published().order_by()
    yield from (rows if keys is None else rows.filter(pk__in=list(keys))).values_list("pk", "version")


def pages() -> Iterator[Page]:
    """The outcomes, the one that changed last first."""
    rows = Commitment.objects.published().order_by("-changed_at", "-pk")
    listed = rows.only("slug", "title", "title_ar", "title_en", "changed_at")
    children = tuple(Page(row.title, row.path, row.changed_at) for row in listed)
    yield Page(_("You asked, we did"), "/outcomes/", children=children)


SOURCE = Source(
    kind="outcome",
    label=gettext_lazy("You asked, we did"),
    documents=documents,
    model="outcomes.commitment",
    position=50,
    versions=versions,
    page="/outcomes/",
)
SECTION = Section(key="outcomes", title=gettext_lazy("You asked, we did"), pages=pages, position=60)
