"""How polls and surveys are found: the search and the site map."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participation.surveys.agenda import announced, satisfaction_latest
from participation.surveys.kinds import Kind, Phase
from participation.surveys.models import Questionnaire, QuestionnaireQuerySet
from portal.bilingual import LANGUAGE_CODES
from portal.richtext import to_plain
from portal.search.registry import Document, Source, chosen
from portal.site_map import Page, Section

ASKED = (Phase.OPEN, Phase.COUNTING, Phase.PUBLISHED)
"""From the first of these on, everybody may read what is asked."""


def public(kind: Kind) -> QuestionnaireQuerySet:
    """The announced ones of a kind; of the satisfaction surveys the one that stands open, for they share an address."""
    return announced(kind).open() if kind == Kind.SATISFACTION else announced(kind)


def documents(kind: Kind, keys: Iterable[int | str] | None) -> Iterator[Document]:
    """The announced ones of a kind among these, in both languages."""
    for row in chosen(public(kind).prefetch_related("pages__questions").order_by("pk"), keys):
        assert row.opens_at is not None
        for code in LANGUAGE_CODES:
            yield Document(
                pk=row.pk,
                language=code,
                title=getattr(row, f"title_{code}"),
                text="\n".join(_texts(row, code)),
                path=row.path,
                published_at=_moved_at(row),
                organisation=getattr(row.on_behalf_of or row.unit.organisation, f"name_{code}"),
            )


def _texts(row: Questionnaire, code: str) -> Iterator[str]:
    """The introduction; once it has opened, the questions; once they are published, the findings."""
    yield getattr(row, f"introduction_{code}") or ""
    if row.phase() in ASKED:
        yield from (getattr(asked, f"text_{code}") for page in row.pages.all() for asked in page.questions.all())
    if row.has_findings:
        yield to_plain(getattr(row, f"findings_{code}") or "")


def _moved_at(row: Questionnaire) -> datetime:
    """When something happened with it last: it opened, its results came."""
    assert row.opens_at is not None
    return max(filter(None, (row.opens_at, row.counted_at, row.findings_published_at)))


def versions(kind: Kind, keys: Iterable[int | str] | None) -> Iterator[tuple[int, str]]:
    """The announced ones of a kind among these, each with its version and where it stands."""
    now = timezone.now()
    rows: QuestionnaireQuerySet = public(kind).select_related(None).order_by()
    for row in rows if keys is None else rows.filter(pk__in=list(keys)):
        yield row.pk, f"{row.version} {row.phase(now)} {_moved_at(row).timestamp()}"


def _pages(kind: Kind) -> tuple[Page, ...]:
    """The questionnaires of a kind, each with its results where they are published."""
    return tuple(_page(row) for row in announced(kind))


def _page(row: Questionnaire) -> Page:
    has_results = row.phase() == Phase.PUBLISHED
    results = (Page(_("Results: %(title)s") % {"title": row.title}, row.results_path, row.counted_at),)
    return Page(row.title, row.path, _moved_at(row), results if has_results else ())


def pages() -> Iterator[Page]:
    """Polls, surveys, and the satisfaction survey with what people answered."""
    yield Page(_("Polls"), "/polls/", children=_pages(Kind.POLL))
    yield Page(_("Surveys"), "/surveys/", children=_pages(Kind.SURVEY))
    for row in public(Kind.SATISFACTION):
        yield Page(_("Satisfaction survey"), row.path, children=_months())


def _months() -> tuple[Page, ...]:
    """What people answered month by month, once a month is published."""
    latest = satisfaction_latest()
    return (
        (Page(_("Results: %(title)s") % {"title": _("Satisfaction survey")}, latest.path, latest.at),) if latest else ()
    )


SOURCES = [
    Source(
        kind=str(kind),
        label=label,
        documents=partial(documents, kind),
        model="surveys.questionnaire",
        position=position,
        versions=partial(versions, kind),
        page=page,
    )
    for kind, label, position, page in [
        (Kind.POLL, gettext_lazy("Polls"), 60, "/polls/"),
        (Kind.SURVEY, gettext_lazy("Surveys"), 61, "/surveys/"),
        (Kind.SATISFACTION, gettext_lazy("Satisfaction survey"), 62, ""),
    ]
]
SECTION = Section(key="surveys", title=gettext_lazy("Polls and surveys"), pages=pages, position=20)
