"""Small counts against somebody with linear programming: random publications of questionnaires, attacked as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from portal.figures.suppression import Publication, Question, Questionnaire, protect
from tests.portal.figures.suppression_attacker import Attacker, Name, names, shown, truth

THRESHOLD = 5
SLACK = 1e-6
COUNTS = [0, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 9, 15, 40]
Person = dict[str, str | frozenset[str]]

thorough = settings(max_examples=30, deadline=None, derandomize=True, phases=[Phase.generate])


@dataclass(frozen=True)
class Plan:
    """What is asked: options of the one question everybody gets, and whether there are more."""

    cuts: dict[str, tuple[str, ...]]
    crossing: tuple[str, ...]
    options: tuple[str, ...]
    has_multiple: bool
    has_skip_rule: bool
    is_optional: bool

    def tables(self, people: list[Person]) -> Questionnaire:
        """The counts of these people."""
        frame = Questionnaire(self.cuts, {}, (), self.crossing)

        def count(told: Callable[[Person], Iterator[tuple[str, ...]]]) -> dict[tuple[str, ...], dict]:
            tables: dict[tuple[str, ...], dict[tuple[str, ...], int]] = {view: {} for view in frame.tables()}
            for person in people:
                for answer in told(person):
                    for view, table in tables.items():
                        cell = (*answer, *(str(person[cut]) for cut in view))
                        table[cell] = table.get(cell, 0) + 1
            return tables

        questions = [Question("first", self.options, count(lambda person: iter([(str(person["first"]),)])))]
        if self.has_multiple:
            chosen = count(lambda person: ((option,) for option in sorted(person.get("many", ()))))
            answered = count(lambda person: iter([()] if "many" in person else []))
            questions.append(Question("many", ("a", "b"), chosen, multiple=True, answered=answered))
        if self.has_skip_rule:
            said = count(lambda person: iter([(str(person["then"]),)] if "then" in person else []))
            questions.append(Question("then", ("x", "y"), said, asked_if=("first", self.options[:1])))
        return replace(frame, respondents=count(lambda person: iter([()])), questions=tuple(questions))


@dataclass(frozen=True)
class Case:
    """A plan with whom chance sends: every seed another."""

    seed: int
    is_simple: bool = False
    crosses_three: bool = False

    def __post_init__(self) -> None:
        random = Random(self.seed)
        sizes = random.randint(2, 4), random.randint(2, 3), random.randint(1, 2)
        cuts = {cut: tuple(f"{cut}{n}" for n in range(size)) for cut, size in zip("abc", sizes, strict=True)}
        crossing = ("a", "b", "c") if self.crosses_three else random.choice([(), ("a", "b"), ("b", "a"), ("a", "c")])
        options = tuple(f"o{n}" for n in range(random.randint(2, 4)))
        more = [random.random() < 0.5 and not self.is_simple for _ in range(2)]
        object.__setattr__(self, "random", random)
        object.__setattr__(self, "plan", Plan(cuts, crossing, options, *more, random.random() < 0.5))

    def crowd(self) -> list[Person]:
        """People of every group and answer: nobody, few, or many."""
        random, plan = self.random, self.plan
        scale, people = random.choice([1, 1, 1, 4]), []
        for *groups, option in product(*plan.cuts.values(), plan.options):
            for _ in range(random.choice(COUNTS) * scale):
                person: Person = {**dict(zip(plan.cuts, groups, strict=True)), "first": option}
                if not plan.is_optional or random.random() < 0.9:
                    person["many"] = frozenset(o for o, share in (("a", 0.5), ("b", 0.06)) if random.random() < share)
                if option == plan.options[0] and (not plan.is_optional or random.random() < 0.9):
                    person["then"] = random.choice("xxxy")
                people.append(person)
        return people


seeds = st.integers(0, 10**9)


def small(publication: Publication, questionnaire: Questionnaire, before: Questionnaire | None = None) -> list[Name]:
    """The numbers to keep: small ones, or, with `before`, those of tables shown again that changed a little."""
    found = []
    for name in names(questionnaire):
        number = truth(questionnaire, name) - (truth(before, name) if before else 0)
        if 0 < abs(number) < publication.threshold and (before is None or is_in_a_table(publication, name)):
            found.append(name)
    return found


def narrow(attacker: Attacker, wanted: list[Name], *waves: str) -> dict[Name, tuple[float, float]]:
    """Those that the attacker bounds more narrowly than the threshold."""
    found = {}
    for name in wanted:
        least, most = attacker.bounds(attacker.terms(name, *waves))
        if most - least < THRESHOLD - SLACK:
            found[name] = least, most
    return found


@thorough
@given(seeds)
def test_no_small_count_can_be_worked_out_from_all_tables_together(seed):
    case = Case(seed)
    questionnaire = case.plan.tables(case.crowd())
    publication = protect(questionnaire)
    secret = small(publication, questionnaire)
    assert not [name for name in secret if shown(publication, name) is not None]
    attacker = Attacker(questionnaire, publication.unanswered).read(publication, "all").solve()
    assert not narrow(attacker, secret, "all")


@settings(thorough, max_examples=12)
@given(seeds)
def test_a_crossing_of_three_cuts_gives_nothing_away(seed):
    case = Case(seed, is_simple=True, crosses_three=True)
    questionnaire = case.plan.tables(case.crowd())
    publication = protect(questionnaire)
    attacker = Attacker(questionnaire, publication.unanswered).read(publication, "all").solve()
    secret = [name for name in small(publication, questionnaire) if is_in_a_table(publication, name)]
    assert not narrow(attacker, secret, "all")


@settings(thorough, max_examples=12)
@given(seeds)
def test_no_withheld_number_follows_by_linear_algebra(seed):
    case = Case(seed)
    questionnaire = case.plan.tables(case.crowd())
    publication = protect(questionnaire)
    attacker = Attacker(questionnaire, publication.unanswered).read(publication, "all").solve()
    gone = [
        name for name in names(questionnaire) if shown(publication, name) is None and is_in_a_table(publication, name)
    ]
    known = attacker.determines([attacker.terms(name, "all") for name in gone])
    assert not [name for name, is_known in zip(gone, known, strict=True) if is_known]


def is_in_a_table(publication: Publication, name: Name) -> bool:
    """Whether the number is of a table that is shown, with gaps."""
    figures = publication[name[0]] if name[0] else publication.respondents
    return figures.shows(*(cut for cut, _category in name[2]))


@settings(thorough, max_examples=12)
@given(seeds)
def test_two_publications_together_give_nothing_away(seed):
    case = Case(seed)
    first = case.crowd()
    questionnaires = [case.plan.tables(people) for people in (first, first + case.crowd())]
    one = protect(questionnaires[0])
    two = protect(questionnaires[1], earlier=[one])
    attacker = Attacker(questionnaires[0], one.unanswered | two.unanswered).read(one, "first")
    if two.repeated:
        assert not narrow(attacker.solve(), small(one, questionnaires[0]), "first")
        return
    attacker.read(two, "first", "later").solve()
    assert not narrow(attacker, small(one, questionnaires[0]), "first")
    assert not narrow(attacker, small(two, questionnaires[1]), "first", "later")
    assert not narrow(attacker, small(two, *reversed(questionnaires)), "later")


@settings(thorough, max_examples=12)
@given(seeds)
def test_three_publications_together_give_nothing_away(seed):
    case = Case(seed, is_simple=True)
    people: list[Person] = []
    published: list[tuple[Questionnaire, Publication, list[str]]] = []
    waves: list[str] = []
    for number in range(3):
        people = people + case.crowd()
        questionnaire = case.plan.tables(people)
        publication = protect(questionnaire, earlier=[publication for _, publication, _ in published])
        waves = [*waves, f"wave {number}"]
        if not publication.repeated:
            published.append((questionnaire, publication, waves))
    attacker = Attacker(published[-1][0], published[-1][1].unanswered)
    for _questionnaire, publication, counted in published:
        attacker.read(publication, *counted)
    attacker.solve()
    for n, (questionnaire, publication, counted) in enumerate(published):
        assert not narrow(attacker, small(publication, questionnaire), *counted)
        for before, _publication, told in published[:n]:
            assert not narrow(
                attacker, small(publication, questionnaire, before), *(w for w in counted if w not in told)
            )


@settings(thorough, max_examples=25)
@given(seeds, st.sampled_from([0.02, 0.3, 0.7]))
def test_a_correction_gives_nothing_away(seed, share):
    case = Case(seed, is_simple=True)
    people = case.crowd()
    kept = [person for person in people if case.random.random() > share]
    before, after = case.plan.tables(people), case.plan.tables(kept)
    one = protect(before)
    two = protect(after, earlier=[one])
    attacker = Attacker(before, one.unanswered | two.unanswered).read(one, "kept", "gone")
    if two.repeated:
        assert not narrow(attacker.solve(), small(one, before), "kept", "gone")
        return
    attacker.read(two, "kept").solve()
    assert not narrow(attacker, small(one, before), "kept", "gone")
    assert not narrow(attacker, small(two, after), "kept")
    assert not narrow(attacker, small(two, after, before), "gone")


def naively(publication: Publication) -> Publication:
    """The same with small counts withheld, and nothing else."""
    model = publication.model
    marks = tuple(
        tuple(bytes(0 < count < publication.threshold for count in row) for row in table) for table in model.counts
    )
    return replace(publication, withheld=marks, dropped=frozenset())


def test_the_attack_finds_what_is_withheld_naively():
    counts = {("yes", "muscat"): 30, ("yes", "dhofar"): 3, ("no", "muscat"): 20, ("no", "dhofar"): 12}
    question = Question("q", ("yes", "no"), {("gov",): counts})
    everybody = {("gov",): {("muscat",): 50, ("dhofar",): 15}}
    questionnaire = Questionnaire({"gov": ("muscat", "dhofar")}, everybody, (question,))
    publication = protect(questionnaire)
    naive = naively(publication)
    secret = ("q", "yes", (("gov", "dhofar"),))
    assert shown(naive, secret) is None
    assert shown(naive, ("q", "no", (("gov", "dhofar"),))) == 12
    attacker = Attacker(questionnaire).read(naive, "all").solve()
    assert narrow(attacker, [secret], "all") == {secret: (pytest.approx(3), pytest.approx(3))}
    assert attacker.determines([attacker.terms(secret, "all")]) == [True]
    assert not narrow(Attacker(questionnaire).read(publication, "all").solve(), [secret], "all")


def test_the_attack_finds_the_difference_of_two_naive_publications():
    def counted(yes: int) -> Questionnaire:
        question = Question("q", ("yes", "no"), {(): {("yes",): yes, ("no",): 40}})
        return Questionnaire({}, {(): {(): yes + 40}}, (question,))

    one, two = protect(counted(30)), protect(counted(32))
    attacker = Attacker(counted(30)).read(one, "first").read(two, "first", "later").solve()
    assert attacker.bounds(attacker.terms(("q", "yes", ()), "later")) == (2, 2)
    assert protect(counted(32), earlier=[one]).repeated


def test_the_attack_finds_small_counts_in_most_publications_that_are_naive():
    found = 0
    for seed in range(8):
        case = Case(seed, is_simple=True)
        questionnaire = case.plan.tables(case.crowd())
        publication = naively(protect(questionnaire))
        attacker = Attacker(questionnaire, publication.unanswered).read(publication, "all").solve()
        found += bool(narrow(attacker, small(publication, questionnaire), "all"))
    assert found >= 6
