"""How a dataset is found by the search of the portal; the catalogue's own search asks the same index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import pgettext_lazy

from opendata.catalogue.listing import KIND
from opendata.catalogue.models import Dataset
from opendata.inventory.choices import Theme
from portal.bilingual import LANGUAGE_CODES, in_language
from portal.search.registry import Document, Source, chosen


def documents(keys: Iterable[int | str] | None) -> Iterator[Document]:
    """The published datasets among these, in both languages."""
    rows = Dataset.objects.in_lists().defer("latest__preview", "latest__manifest", "latest__signature")
    for row in chosen(rows.order_by("pk"), keys):
        assert row.latest is not None
        for code in LANGUAGE_CODES:
            yield Document(
                pk=row.pk,
                language=code,
                title=getattr(row, f"title_{code}"),
                text=_text(row, code),
                path=row.path,
                published_at=row.latest.published_at,
                organisation=getattr(row.asset.organisation, f"name_{code}"),
                keywords=_keywords(row, code),
            )


def _text(row: Dataset, code: str) -> str:
    """Its description, then what its columns are called: people look for a figure by the name of its column."""
    assert row.latest is not None
    columns = [one.get(f"title_{code}", "") for one in row.latest.columns]
    texts = [getattr(row, f"description_{code}"), ", ".join(filter(None, columns)), getattr(row, f"methods_{code}")]
    return "\n".join(filter(None, texts))


def _keywords(row: Dataset, code: str) -> str:
    with in_language(code):
        theme = str(Theme(row.asset.theme).label)
    names = [column["name"].replace("_", " ") for column in (row.latest.columns if row.latest else [])]
    own = [getattr(row, f"keywords_{code}"), theme, row.slug.replace("-", " ")]
    return ", ".join(filter(None, [*own, getattr(row.asset.organisation, f"name_{code}"), *names]))


def versions(keys: Iterable[int | str] | None) -> Iterator[tuple[int, str]]:
    """The published ones among these, each with what moves whenever its page does."""
    rows = Dataset.objects.published().order_by()
    found = rows if keys is None else rows.filter(pk__in=list(keys))
    for key, revision, latest, asset in found.values_list("pk", "revision", "latest", "asset__revision"):
        yield key, f"{revision}.{latest}.{asset}"


SOURCE = Source(
    kind=KIND,
    label=pgettext_lazy("search", "Datasets"),
    documents=documents,
    model="catalogue.dataset",
    position=25,
    versions=versions,
    page="/data/",
)
