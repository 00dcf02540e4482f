"""How a service is found: the search and the site map."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from policies.services.choices import LifeEvent, Persona
from policies.services.models import Service
from policies.services.words import chosen as in_words
from portal.bilingual import LANGUAGE_CODES, bare_path, in_language
from portal.search.registry import Document, Source, chosen
from portal.site_map import Page, Section

SEARCHED = ("purpose", "prerequisites", "documents", "steps", "legal_basis")


def documents(keys: Iterable[int | str] | None) -> Iterator[Document]:
    """The published services among these, in both languages."""
    for row in chosen(Service.objects.published().select_related("organisation").order_by("pk"), keys):
        for code in LANGUAGE_CODES:
            texts = [getattr(row, f"{field}_{code}") or "" for field in SEARCHED]
            assert row.published_at is not None
            yield Document(
                pk=row.pk,
                language=code,
                title=getattr(row, f"name_{code}"),
                text="\n".join(filter(None, texts)),
                path=row.path,
                published_at=row.published_at,
                organisation=getattr(row.organisation, f"name_{code}"),
                keywords=_keywords(row, code),
            )


def _keywords(row: Service, code: str) -> str:
    """When people need it and who they are, in words: they search by that too."""
    with in_language(code):
        return ", ".join([*in_words(LifeEvent, row.life_events), *in_words(Persona, row.personas)])


def versions(keys: Iterable[int | str] | None) -> Iterator[tuple[int, int]]:
    """The published ones among these, each with its version."""
    rows = Service.objects.published().order_by()
    yield from (rows if keys is None else rows.filter(pk__in=list(keys))).values_list("pk", "version")


def pages() -> Iterator[Page]:
    """The directory with its services, and how complete it is."""
    rows = Service.objects.published().by_name().only("slug", "name", "updated_at")
    services = tuple(Page(str(row), row.path, row.updated_at) for row in rows)
    directory, bodies = (bare_path(reverse(f"services:{name}")) for name in ("list", "organisations"))
    yield Page(_("Service directory"), directory, children=services)
    yield Page(_("Services by organisation"), bodies)


SOURCE = Source(
    kind="service",
    label=pgettext_lazy("directory", "Services"),
    documents=documents,
    model="services.service",
    position=20,
    versions=versions,
    page="/services/",
    is_dated=False,
)
SECTION = Section(key="services", title=gettext_lazy("Government services"), pages=pages, position=30)
