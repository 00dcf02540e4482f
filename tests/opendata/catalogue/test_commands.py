"""`manage.py publish` goes the same way as the staff site, with the same refusals."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command

from opendata.catalogue.checks import check_signing_key
from opendata.catalogue.models import Release, Version
from tests.opendata import making

pytestmark = pytest.mark.django_db

DICTIONARY = [
    {"name": "year", "title_ar": "السنة", "title_en": "Year"},
    {"name": "governorate", "title_ar": "المحافظة", "title_en": "Governorate"},
    {"name": "population", "title_ar": "السكان", "title_en": "Population", "unit": "people"},
]


@pytest.fixture
def shell(tmp_path):
    """Publishes a text as the shell does; the two people and the dictionary are given unless said otherwise."""
    dataset = making.make_dataset()
    house = making.house_of(dataset)
    described = tmp_path / "dictionary.json"
    described.write_text(json.dumps(DICTIONARY))

    def publish(text=making.CSV, **options):
        path = tmp_path / "population.csv"
        path.write_text(text)
        given = {"dataset": dataset.slug, "by": house.publisher.username, "approved_by": house.approver.username,
                 "dictionary": described, "key": "year,governorate"}  # fmt: skip
        call_command("publish", path, **{**given, **options})
        return Version.objects.filter(dataset=dataset).first()

    publish.house = house
    return publish


def test_it_publishes(shell):
    version = shell()
    assert (version.number, version.rows, version.columns[2]["unit"]) == ("1.0.0", 4, "people")
    assert version.release.approved_by == shell.house.approver


def test_the_second_version_needs_a_note(shell):
    shell()
    with pytest.raises(CommandError, match="what has changed"):
        shell()
    version = shell(
        making.CSV + "2025,Muscat,1\n", note_ar="سنة 2025", note_en="The year 2025", dictionary=None, key=""
    )
    assert version.number == "1.1.0"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"approved_by": "publisher"}, "two people|may not approve"),
        ({"approved_by": "nobody"}, "no active member"),
        ({"dataset": "unknown"}, "There is no dataset"),
        ({"dictionary": None}, "no title in both languages"),
        ({"key": "nothing"}, "not there"),
        ({"text": "a,b\n1,2,3\n"}, "line 2"),
        ({"text": ""}, "empty"),
        (
            {"text": "year,governorate,population\n" + "2023,Muscat,1\n" * 40 + "Total,,40\n"},
            "waits? for a decision: accept",
        ),
    ],
)
def test_it_refuses_and_leaves_nothing_open(shell, options, words):
    if options.get("approved_by") == "publisher":
        options = {"approved_by": shell.house.publisher.username}
    with pytest.raises(CommandError, match=words):
        shell(**options)
    assert not Release.objects.open().exists()
    assert not Version.objects.exists()


@pytest.mark.parametrize("choices", ['{"colour": "red"}', "[1]", "{"])
def test_choices_the_reader_does_not_know_are_refused_before_anything_begins(shell, tmp_path, choices):
    path = tmp_path / "a.csv"
    path.write_text("a\n1\n")
    with pytest.raises(CommandError, match="choices"):
        call_command("publish", str(path), "--dataset", "x", "--by", "a", "--approved-by", "b", "--choices", choices)
    with pytest.raises(TypeError):
        making.make_release(choices={"colour": "red"})
    assert not Release.objects.exists()


def test_a_stranger_publishes_nothing(shell):
    stranger = making.make_house()
    with pytest.raises(CommandError, match="may not publish"):
        shell(by=stranger.publisher.username)
    with pytest.raises(CommandError, match="may not approve"):
        shell(approved_by=stranger.approver.username)


@pytest.mark.parametrize(("key", "faults"), [("", 0), ("nonsense", 1), ("A" * 43 + "=", 0)])
def test_a_signing_key_that_is_none_is_said_at_the_start(settings, key, faults):
    settings.SIGNING_KEY = key
    assert len(check_signing_key()) == faults


@pytest.mark.django_db(transaction=True)
def test_it_waits_for_a_worker_that_was_quicker(shell, worker):
    assert shell().number == "1.0.0"
