"""Answers collected for somebody else: given to them, with a receipt, before they are destroyed here."""

from __future__ import annotations

import csv
import io
from typing import Any
from zipfile import ZipFile

import pytest

from participation.surveys.actions.lifecycle import (
    Conflict,
    acknowledge_receipt,
    destroy_due,
    hand_over,
)
from participation.surveys.answers import Profile
from participation.surveys.models import HandOver, Questionnaire
from participation.surveys.raw import checksum, raw_file
from portal.audit.models import AuditEvent
from portal.mail.models import OutgoingMail
from tests.people import World
from tests.questionnaires import FULL, cast, closed, make_poll, make_survey, opened


@pytest.fixture
def survey(world: World) -> Questionnaire:
    """A survey on behalf of the authority with two ballots, counted long ago."""
    made = opened(make_survey(world, on_behalf_of=world.authority, consent_ar="أوافق", consent_en="I agree"))
    cast(made, profile=Profile("female", "25-34", "dhofar"), **FULL)
    cast(made, used="No", why="=HYPERLINK(1)", channels=["None"], visits="2.5", language="en")
    return closed(made, days=200)


def tables(questionnaire: Questionnaire) -> dict[str, list[dict[str, Any]]]:
    with raw_file(questionnaire) as file, ZipFile(file) as archive:
        return {
            name: list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
            for name in archive.namelist()
        }


def test_the_file_has_a_line_for_each_ballot_and_a_book_of_codes(survey: Questionnaire) -> None:
    found = tables(survey)
    lines = sorted(found["answers.csv"], key=lambda line: line["language"])
    full, brief = lines
    expected = {
        "gender": "female", "governorate": "dhofar", "language": "ar", "q1": "1", "q2_1": "1", "q2_2": "", "q2_4": "1",
        "q2_4_text": "by post", "q3": "4", "q4_1": "1", "q4_2": "2", "q6": "3", "q7": "2026-03-01", "q8": "Nasser",
        "q10_1": "2", "q10_3": "1", "q11": "شكرا",
    }  # fmt: skip
    assert {name: full[name] for name in expected} == expected
    assert (brief["gender"], brief["q1"], brief["q3"], brief["q6"]) == ("unsaid", "2", "", "2.5")
    assert brief["q5"] == "'=HYPERLINK(1)"  # inert in a spreadsheet
    book = {(row["column"], row["code"]): row for row in found["codebook.csv"]}
    assert book["q1", "2"]["label_en"] == "No"
    assert book["q2_1", ""]["label_ar"] == "خيار Web"
    assert book["q4_2", ""]["label_en"] == "Care"
    assert book["q4", "1"]["question_ar"] == "سؤال: aspects"


def test_nothing_in_the_file_tells_who_answered_when(survey: Questionnaire) -> None:
    header = set(tables(survey)["answers.csv"][0])
    assert not header & {"voter_key", "cast_hour", "id", "source"}
    keys = list(survey.ballots.values_list("voter_key", flat=True))
    with raw_file(survey) as file, ZipFile(file) as archive:
        content = archive.read("answers.csv").decode()
    assert not any(key in content for key in keys)


def test_the_same_answers_give_the_same_file(survey: Questionnaire) -> None:
    sums = []
    for _time in range(2):
        with raw_file(survey) as file:
            sums.append(checksum(file))
    assert sums[0] == sums[1]


def test_the_organisation_is_told_and_says_once_that_it_has_them(survey: Questionnaire, world: World) -> None:
    given = hand_over(questionnaire=survey, by=world.lead)

    with raw_file(survey) as file:
        assert given.sha256 == checksum(file)
    assert (given.ballots, given.organisation) == (2, world.authority)
    letter = OutgoingMail.objects.get(template="surveys/handed_over")
    assert letter.to == "authority@body.example"
    assert given.sha256 in letter.text
    with pytest.raises(Conflict):
        acknowledge_receipt(given=given, received_by=" ", by=world.lead)
    acknowledge_receipt(given=given, received_by="Dr. Said", by=world.lead)
    assert given.received_at is not None
    with pytest.raises(Conflict):
        acknowledge_receipt(given=given, received_by="Somebody else", by=world.lead)
    assert HandOver.objects.get().received_by == "Dr. Said"
    verbs = AuditEvent.objects.about(survey).values_list("verb", flat=True)
    assert {"questionnaire.handed_over", "questionnaire.received"} <= set(verbs)
    assert not any("Said" in str(event.data) for event in AuditEvent.objects.about(survey))


def test_nothing_is_destroyed_before_the_receipt_and_the_owner_is_told_once(
    survey: Questionnaire, world: World
) -> None:
    assert destroy_due() == destroy_due() == 0
    assert survey.ballots.count() == 2
    letters = OutgoingMail.objects.filter(template="surveys/receipt_missing")
    assert sorted(letter.to for letter in letters) == ["hilal@staff.example", "layla@staff.example"]

    given = hand_over(questionnaire=survey, by=world.lead)
    assert destroy_due() == 0
    acknowledge_receipt(given=given, received_by="Dr. Said", by=world.lead)
    assert destroy_due() == 1
    assert not survey.ballots.exists()
    with pytest.raises(Conflict):
        hand_over(questionnaire=survey, by=world.lead)


def test_only_what_was_counted_for_others_is_handed_over(world: World) -> None:
    theirs = {"on_behalf_of": world.authority, "consent_ar": "أ", "consent_en": "A"}
    for questionnaire in (closed(make_poll(world)), opened(make_poll(world, **theirs))):
        with pytest.raises(Conflict):
            hand_over(questionnaire=questionnaire, by=world.lead)
