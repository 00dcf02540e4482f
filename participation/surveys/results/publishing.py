"""From totals to a publication: what may be shown of them is decided once and kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from statistics import fmean
from typing import Any

from participation.surveys.kinds import QuestionKind
from participation.surveys.models import Publication, Questionnaire
from participation.surveys.results.cubes import CATEGORIES, Cell, Said, Totals, read_totals
from participation.surveys.structure import Asked, Rule, Structure, load_structure
from portal.figures import suppression
from portal.figures.suppression.questionnaire import View

CHOSEN = (QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.MATRIX, QuestionKind.RANKING)
Groups = tuple[str, ...]


def question_key(question: int, row: int | None = None) -> str:
    """The name of a question, or of one line of a matrix, within a publication."""
    return f"{question}-{row}" if row else str(question)


def publish(questionnaire: Questionnaire, period: date | None = None) -> Publication:
    """Decide what may be shown and keep it. A publication that is there stays as it is."""
    there = Publication.objects.filter(questionnaire=questionnaire, period=period).first()
    if there is not None:
        return there
    results = decide(questionnaire, read_totals(questionnaire, period))
    return Publication.objects.create(questionnaire=questionnaire, period=period, results=results)


def decide(
    questionnaire: Questionnaire,
    totals: Totals,
    *,
    cuts: bool = True,
    earlier: Sequence[suppression.Publication] = (),
) -> dict[str, Any]:
    """What a publication keeps. Without `cuts` only what everybody said together, for an early look; `earlier` are
    the looks before it, and "repeated" tells that too little came since to show anything new."""
    structure = load_structure(questionnaire)
    without = _questionnaire(questionnaire, structure, totals, plain=True, everything=not cuts)
    with_cuts = _questionnaire(questionnaire, structure, totals, plain=False) if cuts else without
    figures = suppression.protect(with_cuts, threshold=questionnaire.threshold, earlier=earlier)
    results: dict[str, Any] = {
        "figures": figures.record(),
        "repeated": figures.repeated,
        "numbers": dict(_numbers(questionnaire, structure, totals)),
        "ranks": dict(_ranks(structure, totals)),
    }
    if cuts and without.questions:
        results["plain"] = suppression.protect(without, threshold=questionnaire.threshold).record()
    return results


def _questionnaire(
    questionnaire: Questionnaire, structure: Structure, totals: Totals, *, plain: bool, everything: bool = False
) -> suppression.Questionnaire:
    """The counts as the suppression wants them: of the questions whose skip rule it can follow, or (plain, without
    cuts) of the others, or of everything."""
    cuts = [] if plain else [cut.value for cut in questionnaire.cuts]
    crossing = () if plain or not questionnaire.crossing else tuple(cut.value for cut in questionnaire.crossing)
    frame = suppression.Questionnaire(
        cuts={cut.value: tuple(CATEGORIES[cut]) for cut in questionnaire.cuts if not plain},
        respondents={},
        crossing=crossing,
    )
    views = frame.tables()
    asked = [cut.value for cut in questionnaire.cuts] if cuts else []
    return suppression.Questionnaire(
        cuts=frame.cuts,
        respondents={view: _by_view(totals.ballots, asked, view) for view in views},
        questions=tuple(
            _questions(
                structure, totals, asked, views, plain=plain, everything=everything, threshold=questionnaire.threshold
            )
        ),
        crossing=crossing,
    )


def _by_view(cells: Counter[Cell], cuts: list[str], view: View) -> dict[Groups, int]:
    """The counts by the cuts of a view, the others added up."""
    places = [cuts.index(cut) for cut in view]
    found: Counter[Groups] = Counter()
    for cell, count in cells.items():
        found[tuple(cell[place] for place in places)] += count
    return dict(found)


def _questions(
    structure: Structure,
    totals: Totals,
    cuts: list[str],
    views: list[View],
    *,
    plain: bool,
    everything: bool,
    threshold: int,
) -> Iterator[suppression.Question]:
    for asked, rule in _sorted_out(structure):
        if everything and asked.kind == QuestionKind.DATE:
            continue  # which months are named would differ from look to look
        if (rule is NOT_SIMPLE) != plain and not everything:
            continue
        if rule is NOT_SIMPLE and _gives_away(structure, totals, asked, threshold):
            continue
        for row in tuple(row.pk for row in asked.rows) or (None,):
            said = totals.of(asked.pk, row)
            yield suppression.Question(
                key=question_key(asked.pk, row),
                options=tuple(options_of(asked, said, threshold)),
                counts={view: _counts(asked, said, cuts, view, threshold) for view in views},
                multiple=asked.kind == QuestionKind.MULTIPLE,
                answered={view: _by_view(said.answered, cuts, view) for view in views},
                asked_if=None if rule is NOT_SIMPLE else rule,
            )


SkipRule = tuple[str, tuple[str, ...]]
NOT_SIMPLE: SkipRule = ("", ())
"""A skip rule the suppression cannot follow: its question is published without cuts."""


def _sorted_out(structure: Structure) -> Iterator[tuple[Asked, SkipRule | None]]:
    """Each question with its skip rule (a page's rules count for all its questions)."""
    followed: set[int] = set()
    for sheet in structure.pages:
        for asked in sheet.questions:
            rule = _skip_rule(structure, [*sheet.rules, *asked.rules], followed)
            if rule is not NOT_SIMPLE:
                followed.add(asked.pk)
            yield asked, rule


def _skip_rule(structure: Structure, rules: list[Rule], followed: set[int]) -> SkipRule | None:
    if not rules:
        return None
    source = structure.question(rules[0].asked)
    if len(rules) > 1 or source is None or source.pk not in followed:
        return NOT_SIMPLE
    options = set(rules[0].options)
    if rules[0].is_negated and source.kind == QuestionKind.SINGLE:
        # Whoever skipped that question without answering it was asked as well, and is in none of its options.
        return (
            NOT_SIMPLE if not source.question.is_required else _leads(source, {o.pk for o in source.options} - options)
        )
    if rules[0].is_negated or (source.kind == QuestionKind.MULTIPLE and len(options) > 1):
        return NOT_SIMPLE
    return _leads(source, options)


def _leads(source: Asked, options: set[int]) -> SkipRule:
    return question_key(source.pk), tuple(str(pk) for pk in sorted(options))


def _gives_away(structure: Structure, totals: Totals, asked: Asked, threshold: int) -> bool:
    """Whether how many were asked says of a few people what they chose before.

    A skip rule the suppression cannot follow is no secret: who was not asked chose something else in the questions
    it depends on. So no difference to those may be small.
    """
    answered = totals.of(asked.pk).total
    known = [totals.ballots.total()]
    for sheet in structure.pages:
        if asked in sheet.questions:
            for rule in (*sheet.rules, *asked.rules):
                source = totals.of(rule.asked)
                chosen = sum(source.choices.get(str(option), Counter()).total() for option in rule.options)
                known += [source.total, chosen, totals.ballots.total() - chosen]
    return any(0 < abs(number - answered) < threshold for number in known)


OTHER_MONTHS = "other"


def options_of(asked: Asked, said: Said, threshold: int) -> list[str]:
    """What may be chosen in a question: ids of options, points of a scale, or the months that enough people named.

    That somebody named a month is an answer already, so rare months go together.
    """
    if asked.kind in CHOSEN:
        return [str(option.pk) for option in asked.options]
    if asked.kind == QuestionKind.SCALE:
        return [str(point) for point in asked.question.points]
    if asked.kind == QuestionKind.DATE:
        named: Counter[str] = Counter()
        for day, cells in said.choices.items():
            named[day[:7]] += cells.total()
        return [*sorted(month for month, count in named.items() if count >= threshold), OTHER_MONTHS]
    return []


def _counts(asked: Asked, said: Said, cuts: list[str], view: View, threshold: int) -> dict[tuple[str, ...], int]:
    options = options_of(asked, said, threshold)
    found: Counter[tuple[str, ...]] = Counter()
    for value, cells in said.choices.items():
        option = value
        if asked.kind == QuestionKind.DATE:
            option = value[:7] if value[:7] in options else OTHER_MONTHS
        if option in options:
            for groups, count in _by_view(cells, cuts, view).items():
                found[(option, *groups)] += count
    return dict(found)


def _numbers(
    questionnaire: Questionnaire, structure: Structure, totals: Totals
) -> Iterator[tuple[str, dict[str, list[float]]]]:
    """Mean and median of each number: altogether under "", and by one cut under "gender=female"."""
    for asked in structure.questions:
        if asked.kind != QuestionKind.NUMBER:
            continue
        said = totals.of(asked.pk)
        groups: dict[str, Counter[float]] = {"": Counter()}
        for value, cells in said.choices.items():
            for cell, count in cells.items():
                names = ["", *(f"{cut.value}={told}" for cut, told in zip(questionnaire.cuts, cell, strict=True))]
                for name in names:
                    groups.setdefault(name, Counter())[float(value)] += count
        yield question_key(asked.pk), {name: _statistics(values) for name, values in groups.items() if values}


def _statistics(values: Counter[float]) -> list[float]:
    """How many, mean and median."""
    number = values.total()
    mean = sum(value * count for value, count in values.items()) / number
    lower, upper = (_nth(values, place) for place in ((number - 1) // 2, number // 2))
    return [number, mean, (lower + upper) / 2]


def _nth(values: Counter[float], place: int) -> float:
    for value in sorted(values):
        place -= values[value]
        if place < 0:
            return value
    raise IndexError(place)


def _ranks(structure: Structure, totals: Totals) -> Iterable[tuple[str, dict[str, float]]]:
    """The mean rank of each option of a ranking, of everybody together."""
    for asked in structure.questions:
        if asked.kind == QuestionKind.RANKING:
            ranks = totals.of(asked.pk).ranks
            yield question_key(asked.pk), {key: fmean(counted.elements()) for key, counted in ranks.items() if counted}
