"""Results of questionnaires, offered to be published as open data."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from participation.surveys.kinds import Kind
from participation.surveys.models import Publication, Questionnaire
from participation.surveys.results.reading import Results
from participation.surveys.results.tables import COLUMNS, Line, lines_of
from portal.figures.registry import OpenTable


def tables() -> Iterator[OpenTable]:
    """One table for each questionnaire whose results are published."""
    published = Questionnaire.objects.announced().filter(publications__isnull=False).distinct()
    for questionnaire in published.select_related("on_behalf_of", "unit__organisation"):
        yield _table(questionnaire)


def _table(questionnaire: Questionnaire) -> OpenTable:
    owner = questionnaire.on_behalf_of or questionnaire.unit.organisation
    newest = questionnaire.publications.order_by("-published_at").first()
    return OpenTable(
        slug=f"{questionnaire.kind}-{questionnaire.slug}",
        title_ar=f"نتائج: {questionnaire.title_ar}",
        title_en=f"Results: {questionnaire.title_en}",
        description_ar="عدد الإجابات لكل خيار، للجميع ولكل فئة من المجيبين. حُجبت أعداد الفئات الصغيرة.",
        description_en="Answers to each option, altogether and by groups of respondents. Small groups are withheld.",
        columns=COLUMNS,
        rows=partial(_rows, questionnaire),
        updated_at=newest.published_at if newest else None,
        organisation=owner.code,
        frequency="monthly" if questionnaire.kind == Kind.SATISFACTION else "irregular",
    )


def _rows(questionnaire: Questionnaire) -> Iterator[Line]:
    publications = Publication.objects.filter(questionnaire=questionnaire).order_by("period")
    for publication in publications:
        yield from lines_of(Results(questionnaire, publication))
