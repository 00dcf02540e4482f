"""How requests are found: the search and the site map."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opendata.data_requests.listing import PRIVATE
from opendata.data_requests.models import DataRequest, DataRequestQuerySet
from opendata.data_requests.suggesting import REQUEST
from portal.bilingual import LANGUAGE_CODES, bare_path
from portal.search.registry import Document, Source, chosen
from portal.site_map import Page, Section


def _rows() -> DataRequestQuerySet:
    return DataRequest.objects.listed()


def documents(keys: Iterable[int | str] | None) -> Iterator[Document]:
    """The public wording of these requests, with their newest answer, in both languages."""
    rows = _rows().select_related("organisation").prefetch_related("answers").defer(*PRIVATE).order_by("pk")
    for row in chosen(rows, keys):
        answers = sorted(row.answers.all(), key=lambda answer: answer.sequence)
        for code in LANGUAGE_CODES:
            texts = [getattr(row, f"public_summary_{code}"), *(getattr(one, f"text_{code}") for one in answers[-1:])]
            yield Document(
                pk=row.pk,
                language=code,
                title=getattr(row, f"public_title_{code}"),
                text="\n".join(filter(None, texts)),
                path=row.path,
                published_at=row.received_at,
                organisation=getattr(row.organisation, f"name_{code}") if row.organisation else "",
                keywords=f"{row.reference} {row.reference.replace('-', '')}",
            )


def versions(keys: Iterable[int | str] | None) -> Iterator[tuple[int, int]]:
    """The keys of those, each with what changes when it does."""
    rows = _rows().order_by()
    yield from (rows if keys is None else rows.filter(pk__in=list(keys))).values_list("pk", "version")


def pages() -> Iterator[Page]:
    """The list of requests, and where to ask."""
    yield Page(_("Requests for data"), bare_path(reverse("data_requests:list")))
    yield Page(_("Ask for data"), bare_path(reverse("data_requests:new")))


SOURCE = Source(
    kind=REQUEST,
    label=gettext_lazy("Requests for data"),
    documents=documents,
    model="data_requests.datarequest",
    position=46,
    versions=versions,
    page="/data/requests/",
)
SECTION = Section(key="data-requests", title=gettext_lazy("Requests for data"), pages=pages, position=38)
