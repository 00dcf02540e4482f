"""What a publication shows and withholds, in cases small enough to check by hand."""

import ast
import json
import sys
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from portal.figures import suppression
from portal.figures.suppression import (
    TOTAL,
    Publication,
    Question,
    Questionnaire,
    Statistics,
    protect,
    protect_table,
)

GOVERNORATES = ("muscat", "dhofar", "musandam", "wusta")
PEOPLE = {"muscat": 200, "dhofar": 90, "musandam": 40, "wusta": 30}


def by_governorate(yes: dict[str, int], people: dict[str, int] = PEOPLE) -> Questionnaire:
    """One question, yes or no, by governorate; the rest says no."""
    counts = {("yes", place): n for place, n in yes.items()}
    counts |= {("no", place): people[place] - yes.get(place, 0) for place in people}
    view = ("governorate",)
    everybody = {(place,): n for place, n in people.items()}
    question = Question("q", ("yes", "no"), {view: counts})
    return Questionnaire({"governorate": GOVERNORATES}, {view: everybody}, (question,))


def totals(**counts: int) -> Questionnaire:
    """One question without cuts."""
    question = Question("q", tuple(counts), {(): {(option,): n for option, n in counts.items()}})
    return Questionnaire({}, {(): {(): sum(counts.values())}}, (question,))


def test_large_numbers_are_all_shown():
    publication = protect(by_governorate({"muscat": 120, "dhofar": 50, "musandam": 20, "wusta": 12}))
    figures = publication["q"]
    assert publication.total == 360
    assert figures.at("yes") == 202
    assert [figures.at("yes", governorate=place) for place in GOVERNORATES] == [120, 50, 20, 12]
    assert publication.respondents.answered(governorate="wusta") == 30
    assert figures.share("yes", governorate="muscat") == 0.6
    assert figures.shows("governorate")


def test_a_small_count_goes_with_three_others_and_no_more():
    publication = protect(by_governorate({"muscat": 120, "dhofar": 50, "musandam": 20, "wusta": 3}))
    figures = publication["q"]
    gone = [
        (option, place)
        for option in ("yes", "no")
        for place in GOVERNORATES
        if figures.at(option, governorate=place) is None
    ]
    assert ("yes", "wusta") in gone
    assert ("no", "wusta") in gone
    assert len(gone) == 4
    assert figures.answered(governorate="wusta") == 30
    assert figures.at("yes") == 193


def test_a_zero_is_shown():
    figures = protect(by_governorate({"muscat": 120, "dhofar": 50, "musandam": 20}))["q"]
    assert figures.at("yes", governorate="wusta") == 0
    assert figures.share("yes", governorate="wusta") == 0


def test_a_small_group_is_withheld_in_every_question():
    people = {"muscat": 200, "dhofar": 90, "musandam": 40, "wusta": 2}
    publication = protect(by_governorate({"muscat": 120, "dhofar": 50, "musandam": 20, "wusta": 1}, people))
    for place in ("wusta",):
        assert publication.respondents.answered(governorate=place) is None
        assert publication["q"].answered(governorate=place) is None
        assert publication["q"].share("yes", governorate=place) is None
    gone = [place for place in GOVERNORATES if publication.respondents.answered(governorate=place) is None]
    assert len(gone) == 2
    assert gone == [place for place in GOVERNORATES if publication["q"].answered(governorate=place) is None]


def test_a_small_total_goes_with_another_option():
    figures = protect(totals(a=400, b=300, c=2, d=80))["q"]
    assert figures.at("c") is None
    assert sorted(option for option in "abcd" if figures.at(option) is None) == ["c", "d"]
    assert figures.answered() == 782


def test_two_options_of_which_one_is_small_leave_the_number_of_answers():
    figures = protect(totals(yes=998, no=2))["q"]
    assert (figures.at("yes"), figures.at("no")) == (None, None)
    assert figures.answered() == 1000


def test_options_that_cannot_be_kept_are_dropped():
    figures = protect(totals(yes=2, no=3))["q"]
    assert figures.answered() == 5
    assert (figures.at("yes"), figures.at("no")) == (None, None)


@pytest.mark.parametrize("people", [0, 1, 4])
def test_fewer_people_than_the_threshold_are_not_even_counted(people):
    publication = protect(totals(yes=people, no=0))
    assert publication.total is None
    assert publication["q"].answered() is None
    assert publication["q"].at("yes") is None
    assert not publication["q"].shows()


def test_the_threshold_can_be_higher():
    counts = {"muscat": 120, "dhofar": 50, "musandam": 20, "wusta": 8}
    assert protect(by_governorate(counts))["q"].at("yes", governorate="wusta") == 8
    assert protect(by_governorate(counts), threshold=10)["q"].at("yes", governorate="wusta") is None


def crossed(size: int, yes: int, no: int) -> Questionnaire:
    """One question by gender crossed with age, the same number in each cell."""
    cuts = {cut: tuple(f"{cut}{n}" for n in range(size)) for cut in ("gender", "age")}
    groups = list(product(*cuts.values()))
    view = tuple(cuts)
    counts = {(option, *group): n for option, n in (("yes", yes), ("no", no)) for group in groups}
    everybody = dict.fromkeys(groups, yes + no)
    return Questionnaire(cuts, {view: everybody}, (Question("q", ("yes", "no"), {view: counts}),), view)


def test_a_crossing_is_shown_where_it_can_be():
    figures = protect(crossed(2, 20, 30))["q"]
    assert figures.shows("age", "gender")
    assert figures.at("yes", age="age0", gender="gender1") == 20
    assert figures.at("yes", age="age0") == 40


def test_a_crossing_with_too_few_answers_is_dropped_and_the_cuts_stay():
    publication = protect(crossed(6, 2, 1))
    figures = publication["q"]
    assert not figures.shows("gender", "age")
    assert not publication.respondents.shows("gender", "age")
    assert figures.at("yes", gender="gender0", age="age0") is None
    assert figures.shows("gender")
    assert figures.at("yes", gender="gender0") == 12


def test_a_number_that_is_not_published_is_an_error():
    publication = protect(by_governorate({"muscat": 120}))
    with pytest.raises(KeyError):
        publication["q"].at("yes", governorate="atlantis")
    with pytest.raises(KeyError):
        publication["q"].at("yes", gender="f")
    with pytest.raises(KeyError):
        publication["r"]


def several() -> Questionnaire:
    """Several may be chosen; somebody left the question out."""
    view = ("gender",)
    chosen = {("post", "f"): 60, ("post", "m"): 40, ("phone", "f"): 97, ("phone", "m"): 80}
    question = Question(
        "q", ("post", "phone"), {view: chosen}, multiple=True, answered={view: {("f",): 99, ("m",): 95}}
    )
    everybody = {view: {("f",): 100, ("m",): 100}}
    return Questionnaire({"gender": ("f", "m")}, everybody, (question,))


def test_those_who_did_not_choose_an_option_of_several_are_kept_too():
    figures = protect(several())["q"]
    assert figures.at("phone", gender="f") is None, "else it would be known that two women did not choose it"
    assert figures.at("post", gender="f") == 60
    assert figures.at("phone") == 177
    assert figures.answered(gender="f") == 99


def skipping() -> Questionnaire:
    """The second question was put to those who said yes; three in Wusta were not asked."""
    one = by_governorate({"muscat": 120, "dhofar": 50, "musandam": 20, "wusta": 27})
    view = ("governorate",)
    yes = one.questions[0].counts[view]
    then = {(option, place): yes["yes", place] // 2 for option in ("often", "rarely") for place in GOVERNORATES}
    then["often", "wusta"] += 1
    question = Question("then", ("often", "rarely"), {view: then}, asked_if=("q", ("yes",)))
    return replace(one, questions=(*one.questions, question))


def test_a_question_that_was_skipped_does_not_tell_who_skipped_it():
    publication = protect(skipping())
    assert publication["q"].at("no", governorate="wusta") is None
    assert publication["q"].at("yes", governorate="wusta") is None
    assert publication["then"].answered(governorate="wusta") is None, "it is the number of those who said yes"
    gone = [place for place in GOVERNORATES if publication["q"].at("yes", governorate=place) is None]
    assert gone == [place for place in GOVERNORATES if publication["then"].answered(governorate=place) is None]


def test_the_mean_of_a_scale_is_shown_where_all_its_steps_are():
    figures = protect(by_governorate({"muscat": 120, "dhofar": 50, "musandam": 20, "wusta": 3}))["q"]
    scores = {"yes": 1.0, "no": 0.0}
    assert figures.mean(scores) == pytest.approx(193 / 360)
    assert figures.mean(scores, governorate="muscat") == 0.6
    assert figures.mean(scores, governorate="wusta") is None


def test_statistics_follow_the_number_of_answers():
    view = ("gender",)
    ages = Question("age", answered={view: {("f",): 40, ("m",): 30, ("unsaid",): 2}})
    everybody = {view: {("f",): 40, ("m",): 30, ("unsaid",): 2}}
    publication = protect(Questionnaire({"gender": ("f", "m", "unsaid")}, everybody, (ages,)))
    figures = publication["age"]
    assert figures.statistics(Statistics(72, 31.5, 30)) == Statistics(72, 31.5, 30)
    assert figures.statistics(Statistics(2, 31.5, 30), gender="unsaid") is None
    assert figures.statistics(Statistics(40, 31.5, 30), gender="f") == Statistics(40, 31.5, 30)
    assert figures.statistics(Statistics(30, 31.5, 30), gender="m") is None, "it would give the mean of the two away"
    with pytest.raises(ValueError, match="41 answers"):
        figures.statistics(Statistics(41, 31.5, 30), gender="f")


def test_a_small_difference_to_what_was_published_is_kept():
    before = by_governorate({"muscat": 120, "dhofar": 50, "musandam": 20, "wusta": 12})
    people = {"muscat": 240, "dhofar": 120, "musandam": 60, "wusta": 32}
    after = by_governorate({"muscat": 140, "dhofar": 60, "musandam": 30, "wusta": 13}, people)
    assert protect(after)["q"].at("yes", governorate="wusta") == 13
    second = protect(after, earlier=[protect(before)])
    assert second["q"].at("yes", governorate="wusta") is None, "one person more"
    assert second.respondents.answered(governorate="wusta") is None, "two people more"
    assert second["q"].at("yes") == 243
    assert not second.repeated


def test_what_was_withheld_stays_so_where_it_would_tell():
    before = by_governorate({"muscat": 120, "dhofar": 50, "musandam": 20, "wusta": 3})
    people = PEOPLE | {"muscat": 260}
    after = by_governorate({"muscat": 150, "dhofar": 50, "musandam": 20, "wusta": 3}, people)
    first = protect(before)
    second = protect(after, earlier=[first])
    for option in ("yes", "no"):
        for place in ("dhofar", "musandam", "wusta"):
            was, now = (p["q"].at(option, governorate=place) for p in (first, second))
            assert was is not None or now is None


def test_too_few_new_answers_repeat_the_last_publication():
    before, after = totals(yes=50, no=40), totals(yes=52, no=41)
    first = protect(before)
    second = protect(after, earlier=[first])
    assert second.repeated
    assert second.total == 90
    assert second["q"].at("yes") == 50
    assert protect(before, earlier=[first]).repeated
    third = protect(totals(yes=70, no=60), earlier=[first, second])
    assert not third.repeated
    assert third.total == 130


@pytest.mark.parametrize("make", [several, skipping, lambda: crossed(6, 2, 1), lambda: totals(yes=2, no=1)])
def test_a_publication_comes_back_from_its_record(make):
    publication = protect(make())
    again = Publication.from_record(json.loads(json.dumps(publication.record())))
    assert again.record() == publication.record()
    assert (again.withheld, again.bundles()) == (publication.withheld, publication.bundles())


def test_a_record_protects_later_publications_as_well():
    first = protect(by_governorate({"muscat": 120, "dhofar": 7, "wusta": 3}))
    people = {"muscat": 400, "dhofar": 190, "musandam": 42, "wusta": 33}
    later = by_governorate({"muscat": 220, "dhofar": 90, "musandam": 2, "wusta": 6}, people)
    again = Publication.from_record(json.loads(json.dumps(first.record())))
    assert protect(later, earlier=[again]).record() == protect(later, earlier=[first]).record()


def test_a_plain_table_is_protected_with_all_its_margins():
    counts = {("late", "unit a", "may"): 3, ("late", "unit b", "may"): 30, ("in time", "unit a", "may"): 40,
              ("in time", "unit b", "may"): 60, ("late", "unit a", "june"): 20, ("late", "unit b", "june"): 30,
              ("in time", "unit a", "june"): 40, ("in time", "unit b", "june"): 60}  # fmt: skip
    table = protect_table(counts, [("late", "in time"), ("unit a", "unit b"), ("may", "june")])
    assert table.at("late", "unit a", "may") is None
    assert table.at("late", TOTAL, TOTAL) == 83
    assert table.at(TOTAL, "unit a", TOTAL) == 103
    assert table.at(TOTAL, TOTAL, TOTAL) == 283
    assert protect_table({("a",): 7, ("b",): 9}, [("a", "b")]).at("a") == 7


def test_the_same_tables_are_always_protected_alike():
    questionnaire = by_governorate({"muscat": 120, "dhofar": 4, "musandam": 20, "wusta": 3})
    assert protect(questionnaire).record() == protect(questionnaire).record()


def wrong_tables():
    good = by_governorate({"muscat": 120})
    view = ("governorate",)
    question = good.questions[0]
    cut = {"governorate": GOVERNORATES}
    yield replace(good, crossing=("gender", "governorate")), "names cuts that are not there"
    yield replace(good, respondents={}), "tables are needed"
    yield replace(good, respondents={view: {("atlantis",): 3}}), "no such cell"
    yield replace(good, respondents={view: {("muscat",): -3}}), "not a count"
    yield replace(good, respondents={view: {("muscat",): 3}}), "more answers than people"
    yield replace(good, questions=(question, question)), "must be given and differ"
    yield replace(good, questions=(replace(question, asked_if=("q", ("yes",))),)), "no earlier question"
    skip = Question("r", answered={view: {}}, asked_if=("q", ("perhaps",)))
    yield replace(good, questions=(question, skip)), "no such option"
    both = Questionnaire(
        cut | {"gender": ("f", "m")}, {view: {("muscat",): 9}, ("gender",): {("f",): 8}},
        crossing=(),
    )  # fmt: skip
    yield both, "different totals"


@pytest.mark.parametrize(
    ("questionnaire", "words"), list(wrong_tables()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_tables_that_contradict_each_other_are_refused(questionnaire, words):
    with pytest.raises(ValueError, match=words):
        protect(questionnaire)


def test_another_structure_than_that_published_before_is_refused():
    first = protect(totals(yes=50, no=40))
    with pytest.raises(ValueError, match="other cuts, another crossing, or other questions"):
        protect(totals(yes=60, no=50, perhaps=20), earlier=[first])


def test_it_knows_nothing_but_the_standard_library():
    folder = Path(suppression.__file__).parent
    modules = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom | ast.Import)
    }
    others = {name for name in modules if not name.startswith("portal.figures.suppression")}
    assert {name.partition(".")[0] for name in others} <= sys.stdlib_module_names
