"""`package_search`: the language of harvesters and of people, orders, pages, facets, and what is refused."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from opendata.catalogue.models import Dataset
from opendata.ckan.searching import grammar
from opendata.ckan.searching.moments import read_moment
from opendata.inventory.models import Asset
from tests.opendata import making
from tests.opendata.ckan.asking_ckan import get, listed, names, post, refused

DAYS = {"hospitals": 1, "clinics": 2, "schools": 3, "roads": 4}
"""The day of March 2026 on which each was last changed."""
EVERY = sorted(DAYS)


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    for _open in making.kept(django_db_blocker):
        house = making.make_house("health-body")
        listed("hospitals", house, theme="health", title_ar="المستشفيات في سلطنة عُمان", title_en="Hospitals in Oman",
               keywords_ar="محمّد، صحة (عامة)", keywords_en="beds, wards",
               formats=("csv", "xlsx", "parquet"))  # fmt: skip
        listed("clinics", house, theme="health", title_ar="العيادات الخاصة", title_en="Private clinics")
        listed("schools", making.make_house("education-body"), theme="education", title_ar="دليل المدارس",
               title_en="A directory of schools", licence="CC0-1.0", keywords_en="beds")  # fmt: skip
        listed("roads", making.make_house("roads"), theme="transport", title_ar="الطرق", title_en="Zebra crossings")
        for slug, day in DAYS.items():
            at = datetime(2026, 3, day, 12, 0, 0, 123456, tzinfo=UTC)
            Dataset.objects.filter(slug=slug).update(modified_at=at, created_at=at - timedelta(days=30))
        Asset.objects.update(updated_at=datetime(2020, 1, 1, tzinfo=UTC))
        yield


@pytest.fixture(autouse=True)
def four(made: None, db: None) -> None:
    """Four datasets of three publishers."""


@pytest.mark.parametrize(
    ("fq", "expected"),
    [
        ("", EVERY),
        ("*:*", EVERY),
        ("organization:health-body", ["clinics", "hospitals"]),
        ('organization:"health-body"', ["clinics", "hospitals"]),
        ("+organization:health-body", ["clinics", "hospitals"]),
        ("organization:health-body OR organization:roads", ["clinics", "hospitals", "roads"]),
        ("organization:(health-body OR roads)", ["clinics", "hospitals", "roads"]),
        ("organization:(health-body roads)", []),
        ("organization:health*", ["clinics", "hospitals"]),
        ("organization:nobody", []),
        ("organization:Health-Body", []),
        ("-organization:health-body", ["roads", "schools"]),
        ("-organization:health-body -organization:roads", ["schools"]),
        ("!organization:health-body", ["roads", "schools"]),
        ("NOT organization:health-body", ["roads", "schools"]),
        ("groups:health", []),
        ("-groups:health", EVERY),
        ("organization:health-body AND -tags:beds", ["clinics"]),
        ("organization:x OR tags:beds", ["hospitals", "schools"]),
        ('tags:"صحة عامة"', ["hospitals"]),
        ("tags:محمد", ["hospitals"]),
        ("tags:Health", ["clinics", "hospitals"]),
        ("tags:*", EVERY),
        ("res_format:Parquet", ["hospitals"]),
        ("license_id:cc-zero", ["schools"]),
        ("name:road?", ["roads"]),
        ("name:*o*", ["hospitals", "roads", "schools"]),
        ("name:*c*i*s", ["clinics"]),
        ("name:s*ol*ls", []),
        ("name:**l?n**", ["clinics"]),
        ("name:(roads OR schools) license_id:cc-by", ["roads"]),
        ("state:active type:dataset private:false capacity:public", EVERY),
        ("title:مدارس", ["schools"]),
        ("text:مستشفى", ["hospitals"]),
        ("metadata_modified:[2026-03-02T12:00:00.123456Z TO *]", ["clinics", "roads", "schools"]),
        ("metadata_modified:{2026-03-02T12:00:00.123456Z TO *]", ["roads", "schools"]),
        ("metadata_modified:[2026-03-02T12:00:00.123457Z TO *]", ["roads", "schools"]),
        ("metadata_modified:[2026-03-02T12:00:00Z TO 2026-03-03T23:59:59Z]", ["clinics", "schools"]),
        ("metadata_modified:[* TO 2026-03-01T12:00:00.123456Z]", ["hospitals"]),
        ("metadata_modified:[* TO 2026-03-01T12:00:00.123456Z}", []),
        ("metadata_modified:[* TO *]", EVERY),
        ('metadata_modified:["2026-03-04T00:00:00Z" TO "2026-03-05T00:00:00Z"]', ["roads"]),
        ("metadata_modified:[2026-03-04 TO *]", ["roads"]),
        ("metadata_modified:[NOW+1DAY TO *]", []),
        ("metadata_modified:[* TO NOW/DAY]", EVERY),
        ('metadata_modified:"2026-03-04T12:00:00.123456Z"', ["roads"]),
        ("metadata_created:[2026-02-02T00:00:00Z TO *]", ["roads"]),
        # Side by side binds less than OR: a filter of harvesters never lets more through than it names.
        ("organization:health-body OR organization:roads metadata_modified:[2026-03-02T00:00:00Z TO *]",
         ["clinics", "roads"]),
        ("-organization:health-body metadata_modified:[2026-03-04T00:00:00Z TO *]", ["roads"]),
        ("name:a OR name:roads AND license_id:cc-zero", []),
        ("(name:a OR name:roads) AND license_id:cc-by", ["roads"]),
        ("-(name:roads OR name:schools)", ["clinics", "hospitals"]),
    ],
)  # fmt: skip
def test_filters_mean_what_harvesters_mean(fq, expected):
    assert sorted(names(fq=fq)) == expected
    assert sorted(one["name"] for one in post("package_search", {"fq": fq})[1]["result"]["results"]) == expected


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("", EVERY), ("*", EVERY), ("*:*", EVERY), ("مستشفى", ["hospitals"]), ("المُستشفيات عمان", ["hospitals"]),
        ("hospital", ["hospitals"]), ("beds", ["hospitals", "schools"]), ("xyzzy", []), ("؟!", []), ("a (b", []),
        ("Oman: hospitals", ["hospitals"]), ("organization:health-body AND -tags:beds", ["clinics"]),
        ("beds organization:health-body", ["hospitals"]), ("beds -hospitals name:*", ["schools"]),
        ('"Private clinics" name:*', ["clinics"]), ("title:schools", ["schools"]),
    ],
)  # fmt: skip
def test_words_are_found_however_they_are_written(q, expected):
    assert sorted(names(q=q)) == expected


def test_several_filters_must_all_hold():
    filters = ["organization:health-body", "tags:beds"]
    assert names(fq_list=json.dumps(filters)) == ["hospitals"]
    assert names(fq_list=filters) == ["hospitals"]
    assert post("package_search", {"fq_list": filters, "fq": "-name:hospitals"})[1]["result"]["count"] == 0


@pytest.mark.parametrize(
    "params",
    [
        {"fq": "colour:red"}, {"fq": "name:"}, {"fq": "(name:a"}, {"fq": "name:a)"}, {"fq": "OR"}, {"fq": "name:a OR"},
        {"fq": "metadata_modified:[yesterday TO *]"}, {"fq": "metadata_modified:[2026-13-01T00:00:00Z TO *]"},
        {"fq": "metadata_modified:[2026-01-01"}, {"fq": "name:[a TO b]"}, {"fq": '"'}, {"fq": "a:b:c"},
        {"fq": "{!lucene}x"}, {"fq": "(" * 300}, {"fq": "-" * 3000}, {"fq": "name:a OR " * 501 + "name:a"},
        {"fq": "[1 TO 2]"},
        {"fq": "metadata_modified:[NOW+999999YEARS TO *]"}, {"fq": "metadata_modified:[0000-01-01 TO *]"},
        {"q": "unknown:thing"}, {"q": "name:a AND ("}, {"sort": "colour asc"}, {"sort": "id sideways"},
        {"sort": "id asc,"}, {"facet.field": '["colour"]'}, {"fq_list": '["x:y"]'},
    ],
)  # fmt: skip
def test_what_is_outside_the_grammar_is_refused_and_noted(caplog, params):
    with caplog.at_level(logging.WARNING, "opendata.ckan"):
        status, error = refused("package_search", **params)
    assert (status, error["__type"]) == (400, "Search Query Error")
    assert error["message"]
    [noted] = [one.getMessage() for one in caplog.records if one.name.startswith("opendata.ckan")]
    assert noted.startswith("package_search refused")
    assert "q" not in params or params["q"] not in noted


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"rows": "many"}, "rows"), ({"rows": -1}, "rows"), ({"start": "x"}, "start"), ({"start": -1}, "start"),
        ({"q": "a" * 10_001}, "q"), ({"facet.field": "[1]"}, "facet.field"), ({"facet.field": "["}, "facet.field"),
        ({"fq_list": "[{}]"}, "fq_list"), ({"facet.limit": "-2"}, "facet.limit"),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_kind_is_named(params, field):
    status, error = refused("package_search", **params)
    assert status == 409
    assert error["__type"] == "Validation Error"
    assert isinstance(error[field], list)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("name asc", ["clinics", "hospitals", "roads", "schools"]), ("name", EVERY), ("name desc", EVERY[::-1]),
        ("title_string asc", ["schools", "hospitals", "clinics", "roads"]),
        ("metadata_modified desc", ["roads", "schools", "clinics", "hospitals"]),
        ("score desc, metadata_modified desc", ["roads", "schools", "clinics", "hospitals"]),
        ("organization asc, name desc", ["schools", "hospitals", "clinics", "roads"]),
        ("", ["roads", "schools", "clinics", "hospitals"]), ("rank", ["roads", "schools", "clinics", "hospitals"]),
    ],
)  # fmt: skip
def test_orders(sort, expected):
    assert names(sort=sort) == expected


def test_the_closest_comes_first():
    assert names(q="private clinics")[0] == "clinics"


def test_pages_follow_from_each_other_and_every_dataset_is_on_one():
    found = [names(rows=1, start=start, sort="id asc") for start in range(5)]
    assert sorted(name for page in found for name in page) == EVERY
    assert found[4] == []
    ids = [one["id"] for one in get("package_search", sort="id asc")["results"]]
    assert ids == sorted(ids)


def test_counts_are_of_all_pages():
    found = get("package_search", rows=0, fq="organization:health-body", sort="id asc")
    assert (found["count"], found["results"], found["sort"]) == (2, [], "id asc")
    assert found["facets"] == found["search_facets"] == {}
    assert get("package_search", rows=10**30)["count"] == 4


def test_facets_count_what_fits():
    found = get("package_search", **{"facet.field": '["organization", "tags", "res_format"]', "facet.limit": 2})
    assert found["facets"]["organization"] == {"health-body": 2, "education-body": 1}
    assert found["search_facets"]["organization"] == {
        "title": "organization",
        "items": [
            {"name": "health-body", "display_name": "Body health-body", "count": 2},
            {"name": "education-body", "display_name": "Body education-body", "count": 1},
        ],
    }
    assert found["facets"]["res_format"] == {"CSV": 4, "XLSX": 4}
    every = get("package_search", **{"facet.field": "tags", "facet.limit": -1, "facet.mincount": 2})["facets"]["tags"]
    assert every == {"Health": 2, "beds": 2, "الصحة": 2}


@pytest.mark.parametrize("name", ["organization", "title"])
def test_a_tree_is_as_it_is_written(name):
    assert grammar.read(f"{name}:a OR -{name}:b c") == grammar.And(
        (grammar.Or((grammar.Term(name, "a"), grammar.Not(grammar.Term(name, "b")))), grammar.Term("", "c"))
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NOW", "2026-05-17T13:14:15.000016"), ("NOW-1DAY", "2026-05-16T13:14:15.000016"),
        ("NOW/DAY", "2026-05-17T00:00:00"), ("NOW-2HOURS/HOUR", "2026-05-17T11:00:00"),
        ("NOW/MONTH", "2026-05-01T00:00:00"), ("NOW/YEAR", "2026-01-01T00:00:00"),
        ("2026-01-02", "2026-01-02T00:00:00"), ("2026-01-02T03:04Z", "2026-01-02T03:04:00"),
        ("2026-01-02T03:04:05.1Z", "2026-01-02T03:04:05.100000"), ("2026-01-02T03:04:05+04:00", "2026-01-01T23:04:05"),
        ("2026-01-02T03:04:05.123456789Z", "2026-01-02T03:04:05.123456"),
    ],
)  # fmt: skip
def test_moments(text, expected):
    now = datetime(2026, 5, 17, 13, 14, 15, 16, tzinfo=UTC)
    assert read_moment(text, now).replace(tzinfo=None).isoformat() == expected


HOSTILE = (
    "a" * 9_000, "(((" * 3_000, '"' * 9_999, "\\" * 9_999, "a:b " * 2_400, "name:a OR " * 900, "*" * 9_000,
    "[* TO " * 1_500, "-+!" * 3_000, "\u202e'; DROP TABLE--", "name:\u0000", "name:" + "?" * 9_000, "a OR " * 1_999,
    "name:" + "*s" * 4_000, "tags:" + "*?" * 4_000,
)  # fmt: skip


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_filters_are_read_or_refused(number):
    for name in ("fq", "q"):
        status, _found = post("package_search", {name: HOSTILE[number]})
        assert status in (200, 400)
