"""Results as charts with their tables, altogether or read by a cut."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from participation.surveys.kinds import TEXTS, Cut, QuestionKind
from participation.surveys.models import Population, Questionnaire, Quote, Turnout
from participation.surveys.results.cubes import CATEGORIES
from participation.surveys.results.reading import Block, Results, category_label
from portal.figures.charts import Chart, Series, bars, grouped, lines, stacked

CROSSING = "crossing"
MOST_SERIES = 5
"""Options beside each other in one chart; beyond, each group has a chart of its own."""


@dataclass
class Shown:
    """A question on the results page."""

    block: Block
    charts: list[Chart] = field(default_factory=list)
    facts: list[tuple[str, Any]] = field(default_factory=list)
    quotes: list[Quote] = field(default_factory=list)
    is_withheld: bool = False
    """Too few answers to be read this way."""


def shown(results: Results, by: str = "") -> list[Shown]:
    """Every question, altogether (`by` empty), by one cut, or by the crossing."""
    quotes: dict[int, list[Quote]] = {}
    for quote in Quote.objects.filter(question__page__questionnaire=results.questionnaire):
        quotes.setdefault(quote.question_id, []).append(quote)
    return [_shown(results, block, by, quotes.get(block.asked.pk, [])) for block in results.blocks]


def _shown(results: Results, block: Block, by: str, quotes: list[Quote]) -> Shown:
    one = Shown(block, quotes=quotes if block.row is None else [])
    cuts = _cuts(results.questionnaire, by)
    if block.asked.kind in TEXTS:
        one.facts = [(_("Answers"), _number(block.figures.answered()))]
    elif cuts and not block.shows(*(cut.value for cut in cuts)):
        one.is_withheld = True
    elif block.asked.kind == QuestionKind.NUMBER:
        one.facts = list(_numbers(block, cuts[0] if len(cuts) == 1 else None))
    elif not cuts:
        one.charts = [_altogether(block)]
        one.facts = list(_means(block))
    elif len(cuts) == 1:
        one.charts = list(_by_cut(block, cuts[0]))
    else:
        one.charts = list(_crossed(block, *cuts))
    return one


def _cuts(questionnaire: Questionnaire, by: str) -> list[Cut]:
    if by == CROSSING:
        return list(questionnaire.crossing or ())
    return [Cut(by)] if by else []


def _number(value: int | None) -> str:
    return _("withheld") if value is None else str(value)


def _answers(count: int | None) -> str:
    if count is None:
        return ""
    return ngettext("%(count)d answer", "%(count)d answers", count) % {"count": count}


def _altogether(block: Block) -> Chart:
    values = [block.figures.at(key) for key, _label in block.options]
    base = block.figures.answered()
    labels = [label for _key, label in block.options]
    return bars(block.title, labels, values, key=f"q{block.key}", base=base, source=_answers(base))


def _means(block: Block) -> Iterator[tuple[str, str]]:
    if block.is_scale and (mean := block.mean()) is not None:
        yield _("Mean"), f"{mean:.1f}"
    if block.asked.kind == QuestionKind.RANKING:
        words = dict(block.options)
        for key, rank in sorted(block.mean_ranks.items(), key=lambda item: item[1]):
            yield words[key], _("mean rank %(rank)s") % {"rank": f"{rank:.1f}"}


def _numbers(block: Block, cut: Cut | None) -> Iterator[tuple[str, str]]:
    groups: list[tuple[str, dict[str, str]]] = [(_("Everybody"), {})]
    if cut is not None:
        groups = [(category_label(cut, value), {cut.value: value}) for value in CATEGORIES[cut]]
    for label, group in groups:
        found = block.statistics(**group)
        text = _("withheld") if found is None else _("%(answers)s: mean %(mean)s, median %(median)s") % {
            "answers": _answers(found.n), "mean": f"{found.mean:.1f}", "median": f"{found.median:g}",
        }  # fmt: skip
        yield label, text


def _by_cut(block: Block, cut: Cut, **fixed: str) -> Iterator[Chart]:
    """One chart with a bar for each group: divided by options where each has one answer, else bars side by side."""
    groups = [value for value in CATEGORIES[cut] if block.figures.answered(**fixed, **{cut.value: value}) != 0]
    labels = [category_label(cut, value) for value in groups]
    bases = [block.figures.answered(**fixed, **{cut.value: value}) for value in groups]
    series = [
        Series(label, [block.figures.at(key, **fixed, **{cut.value: value}) for value in groups])
        for key, label in block.options
    ]
    name = "-".join(["q", block.key, cut.value, *fixed.values()])
    if not groups:
        return
    if block.asked.kind != QuestionKind.MULTIPLE:
        yield stacked(
            _titled(block, fixed), labels, series, key=name, bases=bases, ordered=block.is_scale,
            group_heading=str(cut.label),
        )  # fmt: skip
        return
    for start in range(0, len(groups), MOST_SERIES):
        part = slice(start, start + MOST_SERIES)
        columns = [
            Series(label, [line.values[place] for line in series]) for place, label in list(enumerate(labels))[part]
        ]
        options = [label for _key, label in block.options]
        yield grouped(_titled(block, fixed), options, columns, key=f"{name}-{start}", bases=bases[part])


def _titled(block: Block, fixed: dict[str, str]) -> str:
    words = [category_label(Cut(cut), value) for cut, value in fixed.items()]
    return " – ".join([block.title, *words])


def _crossed(block: Block, first: Cut, second: Cut) -> Iterator[Chart]:
    """For each group of the shorter cut a chart by the longer one."""
    if len(CATEGORIES[first]) > len(CATEGORIES[second]):
        first, second = second, first
    for value in CATEGORIES[first]:
        if block.figures.answered(**{first.value: value}) != 0:
            yield from _by_cut(block, second, **{first.value: value})


def turnout_chart(questionnaire: Questionnaire) -> Chart | None:
    """Answers a day while it was open, or a week where some days had very few; nothing where weeks had."""
    days = list(Turnout.objects.filter(questionnaire=questionnaire).values_list("day", "count"))
    weeks: Counter[date] = Counter()
    for day, count in days:
        weeks[day - timedelta(days=day.isoweekday() % 7)] += count
    for title, heading, found in (
        (_("Answers a day"), _("Day"), days),
        (_("Answers a week"), _("Week from"), sorted(weeks.items())),
    ):
        if len(found) > 1 and all(count >= questionnaire.threshold for _day, count in found):
            labels = [date_format(day, "MONTH_DAY_FORMAT") for day, _count in found]
            counts = Series(_("Answers"), [count for _day, count in found])
            return lines(title, labels, [counts], key="turnout", label_heading=heading)
    return None


def score_charts(months: list[Results]) -> list[Chart]:
    """The mean of each scale of the standing survey, month by month."""
    if not months:
        return []
    labels = [date_format(month.month, "YEAR_MONTH_FORMAT") for month in months]
    charts = []
    for block in months[-1].blocks:
        if block.is_scale:
            means = [_mean_of(month, block.key) for month in months]
            charts.append(
                lines(
                    block.title, labels, [Series(_("Mean"), means)], key=f"score{block.key}",
                    highest=block.asked.question.most, label_heading=_("Month"),
                )
            )  # fmt: skip
    return charts


def _mean_of(month: Results, key: str) -> float | None:
    block = next((block for block in month.blocks if block.key == key), None)
    mean = block.mean() if block else None
    return None if mean is None else round(mean, 2)


@dataclass(frozen=True)
class Represented:
    """A governorate among respondents and among everybody, in per cent; None is withheld."""

    label: str
    respondents: int | None
    share: float | None
    population_share: float


def representativeness(results: Results) -> tuple[list[Represented], Population | None]:
    """Respondents of each governorate beside its people; nothing where no governorate was asked for."""
    people = {row.governorate: row for row in Population.objects.all()}
    if Cut.GOVERNORATE not in results.questionnaire.cuts or not people or results.total is None:
        return [], None
    everybody = sum(row.people for row in people.values()) or 1
    rows = []
    for value, row in people.items():
        count = results.figures.respondents.answered(governorate=value)
        share = None if count is None else 100 * count / results.total
        label = category_label(Cut.GOVERNORATE, value)
        rows.append(Represented(label, count, share, 100 * row.people / everybody))
    return rows, next(iter(people.values()))
