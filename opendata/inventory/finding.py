"""How assets and agencies are found: the search and the site map."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opendata.inventory.models import Agency, Asset, AssetQuerySet
from portal.bilingual import LANGUAGE_CODES, bare_path, in_language
from portal.search.registry import Document, Source, chosen
from portal.site_map import Page, Section


def _rows() -> AssetQuerySet:
    """What everybody may read by name."""
    return Asset.objects.public().shown_by_name()


def documents(keys: Iterable[int | str] | None) -> Iterator[Document]:
    """The assets among these whose titles are public, in both languages."""
    for row in chosen(_rows().select_related("organisation").order_by("pk"), keys):
        for code in LANGUAGE_CODES:
            yield Document(
                pk=row.pk,
                language=code,
                title=getattr(row, f"title_{code}"),
                text=_text(row, code),
                path=row.path,
                published_at=row.assessed_at or row.created_at,
                organisation=getattr(row.organisation, f"name_{code}"),
                keywords=_keywords(row, code),
            )


def _text(row: Asset, code: str) -> str:
    texts = (getattr(row, f"{field}_{code}") for field in ("description", "legal_basis"))
    return "\n".join(filter(None, texts))


def _keywords(row: Asset, code: str) -> str:
    with in_language(code):
        return ", ".join([str(row.get_theme_display()), row.code])


def versions(keys: Iterable[int | str] | None) -> Iterator[tuple[int, int]]:
    """The keys of those, each with what changes when it does."""
    rows = _rows().order_by()
    yield from (rows if keys is None else rows.filter(pk__in=list(keys))).values_list("pk", "revision")


def pages() -> Iterator[Page]:
    """The inventory, its schedule, and the agencies with their profiles."""
    inventory, schedule, agencies = (
        bare_path(reverse(f"inventory:{name}")) for name in ("list", "schedule", "agencies")
    )
    yield Page(_("Data inventory"), inventory, children=(Page(_("Planned releases of data"), schedule),))
    rows = Agency.objects.select_related("organisation").order_by("organisation__name")
    profiles = tuple(
        Page(_("Open data of %(agency)s") % {"agency": row}, bare_path(row.get_absolute_url())) for row in rows
    )
    yield Page(_("Agencies and their duties in open data"), agencies, children=profiles)


SOURCE = Source(
    kind="data-asset",
    label=gettext_lazy("Data inventory"),
    documents=documents,
    model="inventory.asset",
    position=45,
    versions=versions,
    page="/data/inventory/",
    is_dated=False,
)
SECTION = Section(key="data-inventory", title=gettext_lazy("Data inventory"), pages=pages, position=36)
