"""Refuses tables that contradict each other: what cannot be true cannot be protected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from portal.figures.suppression.model import Model
from portal.figures.suppression.questionnaire import Counts, Questionnaire, View


def check(questionnaire: Questionnaire, earlier: Iterable[Questionnaire] = ()) -> None:
    """Raise ValueError with what is wrong."""
    if missing := set(questionnaire.crossing) - set(questionnaire.cuts):
        raise ValueError(f"the crossing names cuts that are not there: {sorted(missing)}")
    _check_tables("respondents", questionnaire, questionnaire.respondents)
    keys: list[str] = []
    for question in questionnaire.questions:
        if not question.key or question.key in keys:
            raise ValueError(f"question keys must be given and differ: {question.key!r}")
        if question.options:
            _check_tables(question.key, questionnaire, question.counts, question.options)
        if question.multiple or not question.options:
            _check_tables(question.key, questionnaire, question.answered)
        if question.asked_if and question.asked_if[0] not in keys:
            raise ValueError(f"{question.key}: its skip rule names no earlier question")
        keys.append(question.key)
    _check_sums(questionnaire, keys)
    for before in earlier:
        if _structure(before) != _structure(questionnaire):
            raise ValueError("an earlier publication had other cuts, another crossing, or other questions")


def _structure(questionnaire: Questionnaire) -> object:
    questions = [(q.key, q.options, q.multiple, q.asked_if) for q in questionnaire.questions]
    return dict(questionnaire.cuts), questionnaire.crossing, questions


def _check_tables(
    what: str, questionnaire: Questionnaire, tables: Mapping[View, Counts], options: Iterable[str] | None = None
) -> None:
    if set(tables) != set(questionnaire.tables()):
        raise ValueError(f"{what}: tables are needed for {questionnaire.tables()}, not for {list(tables)}")
    for view, counts in tables.items():
        known = [set(questionnaire.cuts[cut]) for cut in view]
        if options is not None:
            known.insert(0, set(options))
        for groups, count in counts.items():
            if len(groups) != len(known) or any(name not in names for name, names in zip(groups, known, strict=True)):
                raise ValueError(f"{what}: no such cell by {view}: {groups}")
            if not isinstance(count, int) or count < 0:
                raise ValueError(f"{what}: not a count: {count!r} at {groups}")


def _check_sums(questionnaire: Questionnaire, keys: list[str]) -> None:
    try:
        model = Model(questionnaire, questionnaire.tables(), keys)
    except KeyError as error:
        raise ValueError(f"a skip rule names no such option: {error}") from error
    for number, row in enumerate(model.rows):
        filled = [table[number] for table in model.counts]
        if any(count < 0 for table in filled for count in table):
            raise ValueError(f"{row.question}: more answers than people who were asked ({row.name})")
        if len({table[grid.total] for table, grid in zip(filled, model.grids, strict=True)}) > 1:
            raise ValueError(f"{row.name or 'respondents'}: the tables have different totals")
