"""Small-cell suppression on one core, without a server: `python -m bench.suppression`.

The survey is made up: people are spread over 11 governorates, 6 age groups and 3 genders as unevenly as they are in
Oman, and choose one of 5 options. Protected is everything that is published: all totals and margins of the crossing.
"""

from __future__ import annotations

import gc
from random import Random
from statistics import median
from time import process_time

from bench.figures import demand, show
from portal.figures.suppression import Publication, Question, Questionnaire, protect

TARGET = 1.0
"""Seconds of processor time for an 11 x 6 x 3 cross."""
CUTS = {"governorate": 11, "age": 6, "gender": 3}
OPTIONS = 5
View = tuple[str, ...]


def population(people: int, questions: int, seed: int = 5) -> list[dict[str, str]]:
    """So many people with their answers; the first of them are the same however many there are."""
    random = Random(seed)
    weights = {cut: [0.75**n for n in range(size)] for cut, size in CUTS.items()}
    liking = [[random.random() + 0.1 for _ in range(OPTIONS)] for _ in range(questions)]
    return [
        {cut: f"{cut}{random.choices(range(size), weights[cut])[0]}" for cut, size in CUTS.items()}
        | {f"q{n}": f"option{random.choices(range(OPTIONS), likes)[0]}" for n, likes in enumerate(liking)}
        for _ in range(people)
    ]


def survey(people: int, crossing: View, questions: int = 1) -> Questionnaire:
    """A questionnaire with the answers of so many people to each question."""
    everybody = population(people, questions)
    cuts = {cut: tuple(f"{cut}{n}" for n in range(size)) for cut, size in CUTS.items()}
    views = [crossing, *((cut,) for cut in cuts if cut not in crossing)]
    options = tuple(f"option{n}" for n in range(OPTIONS))
    asked = [Question(f"q{n}", options, tables(everybody, views, f"q{n}")) for n in range(questions)]
    return Questionnaire(cuts, tables(everybody, views), tuple(asked), crossing)


def tables(
    people: list[dict[str, str]], views: list[View], question: str = ""
) -> dict[View, dict[tuple[str, ...], int]]:
    """The counts of these people by each view, of each option where a question is given."""
    found: dict[View, dict[tuple[str, ...], int]] = {}
    for view in views:
        found[view] = {}
        for person in people:
            cell = tuple(person[name] for name in ([question] if question else []) + list(view))
            found[view][cell] = found[view].get(cell, 0) + 1
    return found


def take(
    what: str, questionnaire: Questionnaire, earlier: list[Publication], takes: int = 1
) -> tuple[float, Publication]:
    """Protect it, print how long that took (the median of several takes) and how much is left."""
    times = []
    for _ in range(takes):
        gc.collect()
        began = process_time()
        publication = protect(questionnaire, earlier=earlier)
        times.append(process_time() - began)
    seconds = median(times)
    show(what, f"{seconds:.2f} s", remark(publication))
    return seconds, publication


def remark(publication: Publication) -> str:
    """How much of the tables is withheld, and how many questions kept their crossing."""
    marks = [mark for table in publication.withheld for row in table for mark in row]
    crossing = publication.questionnaire.crossing
    keys = [question.key for question in publication.questionnaire.questions]
    kept = sum(publication[key].shows(*crossing) for key in keys)
    again = ", repeated" if publication.repeated else ""
    return f"{sum(marks)} of {len(marks)} numbers withheld, crossing kept in {kept} of {len(keys)} questions{again}"


def main() -> None:
    """Print seconds for the large cross, then the growth with people, questions and publications."""
    three, two = ("governorate", "age", "gender"), ("governorate", "age")
    worst = 0.0
    for people in (3_000, 5_000, 7_000, 10_000, 30_000, 100_000):
        seconds, _ = take(f"11 x 6 x 3 cross, 5 options, {people:,} people", survey(people, three), [], takes=3)
        worst = max(worst, seconds)
    for people in (1_000, 3_000, 10_000, 100_000):
        take(f"11 x 6 cross and 1 cut, 5 options, {people:,} people", survey(people, two), [])
    for questions in (1, 5, 10, 20):
        take(f"the same, 3,000 people, {questions} questions", survey(3_000, two, questions), [])
    _, first = take("first publication, 10 questions, 3,000 people", survey(3_000, two, 10), [])
    take("second publication, 5,000 people", survey(5_000, two, 10), [first])
    demand(worst <= TARGET, f"{TARGET:.0f} s for an 11 x 6 x 3 cross")


if __name__ == "__main__":
    main()
