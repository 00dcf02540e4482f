"""What the public reads of a questionnaire: page, CSV, XLSX and JSON say the same, and small groups stay hidden."""

from __future__ import annotations

import csv
import io
import json
import random
from datetime import timedelta

import openpyxl
import pytest
from django.utils import timezone

from participation.surveys.actions.lifecycle import approve_quote, look_early, publish_findings
from participation.surveys.answers import Profile
from participation.surveys.kinds import AgeGroup, Gender
from participation.surveys.models import Population, Publication
from participation.surveys.results.reading import results_of
from participation.surveys.results.tables import COLUMNS, lines_of
from portal.figures.registry import open_tables
from portal.organisations.models import Governorate
from tests.questionnaires import (
    FULL,
    cast,
    cast_in,
    closed,
    make_poll,
    make_satisfaction,
    make_survey,
    opened,
    question,
)

pytestmark = pytest.mark.django_db


def voted(world, options=("Morning", "Evening"), counts=(30, 20), **fields):
    """A closed poll so many voted in for each option."""
    poll = opened(make_poll(world, options, **fields))
    for label, count in zip(options, counts, strict=True):
        for _ in range(count):
            cast(poll, label)
    return closed(poll)


def surveyed(world, people=120, **fields):
    """A closed survey that people of all kinds answered, by chance but always the same."""
    chance = random.Random(7)
    survey = opened(make_survey(world, **fields))
    for _ in range(people):
        told = Profile(
            chance.choice(Gender.values), chance.choice(AgeGroup.values[:4]), chance.choice(Governorate.values[:3])
        )
        if chance.random() < 0.8:
            cast(survey, profile=told, **{**FULL, "ease": chance.randint(1, 5), "visits": chance.randint(0, 20)})
        else:
            cast(survey, profile=told, used="No", why="بعيد عن بيتي")
    return closed(survey)


def test_page_csv_xlsx_and_json_say_the_same(client, world):
    poll = voted(world)
    page = client.get(f"/en/polls/{poll.slug}/results/").content.decode()
    assert "60" in page
    assert "40" in page
    base = f"/en/polls/{poll.slug}/results/data"
    lines = list(csv.reader(io.StringIO(b"".join(client.get(f"{base}.csv").streaming_content).decode("utf-8-sig"))))
    from_csv = {row[2]: (int(row[6]), int(row[7])) for row in lines[1:]}
    assert from_csv == {"Morning": (30, 50), "Evening": (20, 50)}
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get(f"{base}.xlsx").streaming_content)))
    assert {row[2]: (row[6], row[7]) for row in list(book.active.values)[1:]} == from_csv
    content = json.loads(client.get(f"{base}.json").content)
    assert content["respondents"] == {"all": 50}
    assert {row["option_en"]: (row["count"], row["answered"]) for row in content["rows"]} == from_csv
    assert client.get(f"{base}.csv")["Cache-Control"].startswith("public")


def test_shares_are_of_respondents_and_single_choice_makes_a_hundred(world):
    poll = opened(make_poll(world, ("Web", "Phone"), multiple=True))
    for _ in range(10):
        cast(poll, [c for label in ("Web", "Phone") for c in [_choice(poll, label)]])
    for _ in range(10):
        cast(poll, [_choice(poll, "Web")])
    results = results_of(closed(poll))
    (block,) = results.blocks
    shares = {label: block.figures.share(key) for key, label in block.options}
    assert sorted(shares.values()) == [0.5, 1.0]
    assert block.figures.answered() == 20


def _choice(poll, label):
    from tests.questionnaires import choice

    return choice(question(poll), label)


def test_nobody_is_shown_when_fewer_than_the_threshold_answered(client, world):
    poll = voted(world, counts=(2, 1))
    page = client.get(f"/en/polls/{poll.slug}/results/").content.decode()
    assert "Too few people answered" in page
    rows = json.loads(client.get(f"/en/polls/{poll.slug}/results/data.json").content)["rows"]
    assert all(row["count"] is None for row in rows)


def test_no_download_ever_holds_a_small_count(world):
    survey = surveyed(world, crossing_first="age_group", crossing_second="governorate")
    place = [column.name for column in COLUMNS].index("count")
    counts = [line[place] for line in lines_of(results_of(survey))]
    assert len(counts) > 100
    assert not [count for count in counts if count is not None and 0 < count < survey.threshold]


def test_every_way_of_reading_is_shown(client, world):
    survey = surveyed(world, crossing_first="gender", crossing_second="governorate")
    for by in ("", "gender", "age_group", "governorate", "crossing"):
        response = client.get(f"/ar/surveys/{survey.slug}/findings/?by={by}")
        assert response.status_code == 200, by
        assert not response.cookies
    assert client.get(f"/ar/surveys/{survey.slug}/findings/?by=voter_key").status_code == 404


def test_a_publication_is_written_once(world):
    from participation.surveys.results import publish

    poll = voted(world)
    first = Publication.objects.get(questionnaire=poll)
    assert publish(poll).pk == first.pk


def test_the_page_tells_of_early_looks_findings_quotes_and_the_missing_outcome(client, world):
    survey = opened(make_survey(world))
    for _ in range(6):
        cast(survey, **FULL)
    look_early(questionnaire=survey, reason="Asked for by the council", by=world.officer)
    survey = closed(survey, days=3)
    page = client.get(f"/en/surveys/{survey.slug}/findings/").content.decode()
    assert "Asked for by the council" in page
    assert "Outcome not yet published, closed 3 days ago." in page
    publish_findings(
        questionnaire=survey, findings_ar="## الخلاصة\nنعم", findings_en="## In short\nYes", version=survey.version,
        by=world.officer,
    )  # fmt: skip
    approve_quote(question=question(survey, "comment"), text="شكرا", language="ar", by=world.officer)
    page = client.get(f"/en/surveys/{survey.slug}/findings/").content.decode()
    assert "<h3>In short</h3>" in page
    assert '<blockquote class="bubble user-text" dir="auto" lang="ar">شكرا' in page


def test_free_words_are_never_published_by_themselves(client, world):
    survey = surveyed(world, people=40)
    page = client.get(f"/ar/surveys/{survey.slug}/findings/").content.decode()
    files = client.get(f"/ar/surveys/{survey.slug}/findings/data.json").content.decode()
    for words in ("بعيد عن بيتي", "Nasser", "by post"):
        assert words not in page
        assert words not in files


def test_respondents_stand_beside_the_population(client, world):
    Population.objects.create(
        governorate=Governorate.MUSCAT, people=1_000_000, source_ar="تعداد", source_en="Census", as_of="2020-12-12"
    )
    survey = surveyed(world)
    page = client.get(f"/en/surveys/{survey.slug}/findings/").content.decode()
    assert "Respondents beside the population" in page
    assert "Population: Census." in page


def test_satisfaction_is_told_month_by_month(client, world):
    survey = make_satisfaction(world)
    this_month = timezone.localdate().replace(day=1)
    months = [(this_month - timedelta(days=days)).replace(day=1) for days in (45, 15)]
    for month, score in zip(months, (2, 4), strict=True):
        for _ in range(8):
            cast_in(month, survey, score=score)
    from participation.surveys.actions.counting import count_closed

    count_closed()
    page = client.get("/en/satisfaction/results/").content.decode()
    assert "Satisfaction over time" in page
    first = client.get(f"/en/satisfaction/results/?month={months[0]:%Y-%m}")
    assert first.status_code == 200
    assert client.get("/en/satisfaction/results/?month=1999-01").status_code == 404
    rows = json.loads(client.get("/en/satisfaction/results/data.json").content)["rows"]
    scores = {(row["month"], row["option_en"][:1]): row["count"] for row in rows if row["option_en"]}
    assert scores[f"{months[0]:%Y-%m}", "2"] == 8
    assert scores[f"{months[1]:%Y-%m}", "4"] == 8


def test_published_results_are_offered_as_open_tables(world):
    poll = voted(world)
    (table,) = [table for table in open_tables() if table.slug == f"poll-{poll.slug}"]
    rows = list(table.rows())
    assert len(rows) == 2
    assert all(len(row) == len(table.columns) for row in rows)
    assert table.updated_at is not None


def test_the_results_page_asks_the_same_for_few_and_for_many_answers(client, world, django_assert_max_num_queries):
    few, many = voted(world, counts=(6, 6)), voted(world, counts=(60, 40))
    client.get(f"/ar/polls/{few.slug}/results/")
    with django_assert_max_num_queries(16) as asked:
        client.get(f"/ar/polls/{few.slug}/results/")
    with django_assert_max_num_queries(len(asked)):
        client.get(f"/ar/polls/{many.slug}/results/")
