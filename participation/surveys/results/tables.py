"""Results as one plain table, the same for every download: a line for each question, option and group."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from participation.surveys.kinds import Cut
from participation.surveys.models import Questionnaire
from participation.surveys.results.cubes import CATEGORIES
from participation.surveys.results.reading import Block, Results, category_label
from portal.bilingual import in_language
from portal.figures.registry import Column

Line = tuple[Any, ...]

COLUMNS = (
    Column("month", "month", "الشهر", "Month", "للاستبانة الدائمة فقط", "Only for the survey that is always open"),
    Column("question_ar", "text", "السؤال (بالعربية)", "Question (Arabic)"),
    Column("question_en", "text", "السؤال (بالإنجليزية)", "Question (English)"),
    Column("option_ar", "text", "الخيار (بالعربية)", "Option (Arabic)"),
    Column("option_en", "text", "الخيار (بالإنجليزية)", "Option (English)"),
    Column("gender", "text", "الجنس", "Gender", "فارغ: الجميع", "Empty: everybody"),
    Column("age_group", "text", "الفئة العمرية", "Age group", "فارغ: الجميع", "Empty: everybody"),
    Column("governorate", "text", "المحافظة", "Governorate", "فارغ: الجميع", "Empty: everybody"),
    Column(
        "count", "integer", "العدد", "Count", "فارغ: محجوب لقلة الإجابات", "Empty: withheld, because answers are few"
    ),
    Column("answered", "integer", "عدد من أجاب عن السؤال", "Answers to the question", "فارغ: محجوب", "Empty: withheld"),
    Column("share", "number", "النسبة", "Share", "من 0 إلى 1", "0 to 1"),
)
HEADINGS = {
    "month": _("Month"), "question": pgettext_lazy("survey", "Question"), "option": _("Option"), "gender": _("Gender"),
    "age_group": _("Age group"), "governorate": _("Governorate"), "count": _("Count"),
    "answered": _("Answers to the question"), "share": _("Share"),
}  # fmt: skip


def lines_of(results: Results) -> Iterator[Line]:
    """Every figure that may be shown, in the columns of COLUMNS; categories by their codes."""
    month = results.publication.period.isoformat()[:7] if results.publication.period else ""
    if results.total is None:
        return
    words = _words(results)
    for block in results.blocks:
        for groups in groups_of(results.questionnaire, block):
            told = tuple(groups.get(cut.value, "") for cut in Cut)
            for key, _label in block.options or [("", "")]:
                count = block.figures.at(key, **groups) if key else block.figures.answered(**groups)
                answered = block.figures.answered(**groups)
                share = block.figures.share(key, **groups) if key else None
                rounded = None if share is None else round(share, 4)
                yield month, *words[block.key, key], *told, count, answered, rounded


def _words(results: Results) -> dict[tuple[str, str], tuple[str, str, str, str]]:
    """Question and option in both languages, by their keys."""
    found: dict[tuple[str, str], list[str]] = {}
    for language in ("ar", "en"):
        with in_language(language):
            fresh = Results(results.questionnaire, results.publication)
            for block in fresh.blocks:
                for key, label in block.options or [("", "")]:
                    found.setdefault((block.key, key), []).extend([block.title, label])
    return {key: (words[0], words[2], words[1], words[3]) for key, words in found.items()}


def groups_of(questionnaire: Questionnaire, block: Block) -> Iterator[dict[str, str]]:
    """Everybody, each group of each cut, and those of the crossing, as far as they are shown."""
    yield {}
    for cut in questionnaire.cuts:
        if block.shows(cut.value):
            yield from ({cut.value: value} for value in CATEGORIES[cut])
    crossing = questionnaire.crossing
    if crossing and block.shows(*(cut.value for cut in crossing)):
        first, second = crossing
        for one in CATEGORIES[first]:
            yield from ({first.value: one, second.value: two} for two in CATEGORIES[second])


def worded_lines(results: Results) -> Iterator[Line]:
    """The same in the words of the active language, for people who open it in a spreadsheet."""
    month = results.publication.period.isoformat()[:7] if results.publication.period else ""
    for block in results.blocks if results.total is not None else ():
        for groups in groups_of(results.questionnaire, block):
            told = tuple(category_label(cut, groups[cut.value]) if cut.value in groups else "" for cut in Cut)
            for key, label in block.options or [("", "")]:
                count = block.figures.at(key, **groups) if key else block.figures.answered(**groups)
                share = block.figures.share(key, **groups) if key else None
                yield month, block.title, label, *told, count, block.figures.answered(**groups), share
