"""How the report is found: the search, the site map, and what policies say of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies.assessment.models import Assessment, IndicatorSet
from policies.assessment.reading import report
from policies.assessment.states import Area
from policies.assessment.words import per_cent
from portal.bilingual import LANGUAGE_CODES, bare_path, in_language
from portal.live_facts import Fact
from portal.search.registry import Document, Source, chosen
from portal.site_map import Page, Section


def documents(keys: Iterable[int | str] | None) -> Iterator[Document]:
    """The accepted assessments among these, in both languages."""
    rows = Assessment.objects.accepted().select_related("organisation", "indicator_set").order_by("pk")
    for row in chosen(rows, keys):
        for code in LANGUAGE_CODES:
            yield _document(row, code)


def _document(row: Assessment, code: str) -> Document:
    assert row.decided_at is not None
    with in_language(code):
        name = getattr(row.organisation, f"name_{code}")
        path = reverse("assessment:organisation", args=[row.indicator_set.year, row.organisation.code])
        title = _("E-transformation %(year)d: %(organisation)s")
        return Document(
            pk=row.pk,
            language=code,
            title=title % {"year": row.indicator_set.year, "organisation": name},
            text="\n".join(str(area.label) for area in Area),
            path=bare_path(path),
            published_at=row.decided_at,
            organisation=name,
        )


def versions(keys: Iterable[int | str] | None) -> Iterator[tuple[int, int]]:
    """The accepted ones among these, each with its version."""
    rows = Assessment.objects.accepted().order_by()
    yield from (rows if keys is None else rows.filter(pk__in=list(keys))).values_list("pk", "version")


def pages() -> Iterator[Page]:
    """The report, and each of its years."""
    years = tuple(Page(str(one.year), one.path, one.opened_at) for one in IndicatorSet.objects.opened())
    yield Page(_("Progress of e-transformation"), bare_path(reverse("assessment:index")), children=years)


def latest_assessment() -> str:
    """A paragraph on the latest year that has figures."""
    found = next((one for one in map(report, IndicatorSet.objects.opened()) if one.mean), None)
    if found is None or found.mean is None:
        return _("No assessment has been accepted yet.")
    told = _("In %(year)d %(scored)d of %(all)d organisations have an accepted assessment; their mean is %(mean)s.")
    values = {"year": found.indicator_set.year, "scored": len(found.scored), "all": len(found.lines)}
    title = _("Progress of e-transformation")
    link = f"[{title}]({reverse('assessment:index')})"
    return f"{told % {**values, 'mean': per_cent(found.mean.total)}} {link}"


SOURCE = Source(
    kind="assessment",
    label=gettext_lazy("E-transformation reports"),
    documents=documents,
    model="assessment.assessment",
    position=80,
    versions=versions,
    page="/e-transformation/",
)
SECTION = Section(key="e-transformation", title=gettext_lazy("E-transformation"), pages=pages, position=60)
FACTS = (
    Fact(
        "latest_assessment",
        gettext_lazy("What the latest e-transformation assessment found, with the link to the report"),
        latest_assessment,
        is_block=True,
    ),
)
