"""Rows of a resource: `datastore_search`, `datastore_info` and dumps, from files of queries made by the pipeline."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from opendata.catalogue.models import Dataset, Download, Version
from tests.opendata import making
from tests.opendata.ckan.asking_ckan import body, get, post, refused

DATA = """year,name,amount,ok,day,at
2023,أحمد,1.50,true,2024-01-01,2024-01-01T10:00:00
2024,"a,b""c",12345678901234567.25,false,2024-02-01,2024-01-01T10:00:01
2025,,,,,
2026,"إبراهيم
الأول\t=x",-3.00,true,2024-03-01,2024-01-01T10:00:02
"""
"""Hamzas, commas, quotes, a tab and a line break inside a value, nothing, and a number no double holds."""
NAMES = ["_id", "year", "name", "amount", "ok", "day", "at"]
SECOND = DATA + "2027,سالم,7.00,false,2024-04-01,2024-01-01T10:00:03\n"


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    for _open in making.kept(django_db_blocker):
        dataset = making.make_dataset(slug="payments")
        making.published(dataset, DATA)
        making.published(dataset, SECOND)
        yield


@pytest.fixture(autouse=True)
def dataset(made: None, db: None) -> Dataset:
    return Dataset.objects.get(slug="payments")


def csv_resource(slug: str = "payments") -> Any:
    [found] = [one for one in get("package_show", id=slug)["resources"] if one["datastore_active"]]
    assert (found["format"], found["name"]) == ("CSV", "data.csv")
    return found


@pytest.fixture
def resource(dataset: Dataset) -> str:
    """The rows of the first version, whose identifier means them for ever."""
    first = dataset.versions.get(sequence=1)
    assert first.rows == 4
    newest = csv_resource()
    found = get("resource_show", id=_of_version(newest, 1))
    return str(found["id"])


def _of_version(resource: Any, sequence: int) -> str:
    """The newest version's own identifier, with the number of another version in it."""
    newest, lasting = int(resource["version_resource_id"].replace("-", ""), 16), resource["id"].replace("-", "")
    assert newest ^ int(lasting, 16) == 2 << 8
    text = f"{int(lasting, 16) ^ sequence << 8:032x}"
    return "-".join([text[:8], text[8:12], text[12:16], text[16:20], text[20:]])


def years(identifier: str, **params: Any) -> list[int]:
    status, found = post("datastore_search", {"resource_id": identifier, **params})
    assert status == 200, found
    assert found["result"]["total"] >= len(found["result"]["records"])
    return [one["year"] for one in found["result"]["records"]]


def test_rows_come_with_their_number_and_every_digit(resource):
    response = Client().get(f"/api/3/action/datastore_search?resource_id={resource}")
    found = json.loads(body(response), parse_float=Decimal)["result"]
    assert [one["id"] for one in found["fields"]] == NAMES
    assert [one["type"] for one in found["fields"]] == ["int", "int", "text", "numeric", "bool", "date", "timestamp"]
    assert found["records"][1] == {
        "_id": 2, "year": 2024, "name": 'a,b"c', "amount": Decimal("12345678901234567.25"), "ok": False,
        "day": "2024-02-01", "at": "2024-01-01T10:00:01",
    }  # fmt: skip
    assert found["records"][2] == dict.fromkeys(NAMES) | {"_id": 3, "year": 2025}
    assert found["records"][3]["name"] == "إبراهيم\nالأول\t=x"
    assert (found["total"], found["limit"], found["records_format"]) == (4, 100, "objects")
    assert found["resource_id"] == resource
    assert "offset" not in found


def test_fields_say_what_they_mean(resource):
    [field] = [one for one in get("datastore_search", resource_id=resource, limit=0)["fields"] if one["id"] == "year"]
    assert field["info"]["label_ar"] == "عمود year"
    assert field["info"]["label"] == "year"


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"filters": {"year": 2024}}, [2024]), ({"filters": {"year": "2024"}}, [2024]),
        ({"filters": {"year": [2024, 2026]}}, [2024, 2026]), ({"filters": {"year": {"gt": 2024}}}, [2025, 2026]),
        ({"filters": {"year": {"gte": 2024, "lt": 2026}}}, [2024, 2025]), ({"filters": {"name": "أحمد"}}, [2023]),
        ({"filters": {"name": "احمد"}}, []), ({"filters": {"name": None}}, [2025]),
        ({"filters": {"ok": True}}, [2023, 2026]),
        ({"filters": {"amount": 12345678901234567.25}}, []), ({"filters": {"amount": "12345678901234567.25"}}, [2024]),
        ({"filters": {"day": "2024-02-01"}}, [2024]), ({"filters": {"day": "2024-02-01T00:00:00"}}, [2024]),
        ({"filters": {"at": {"gt": "2024-01-01T10:00:00"}}}, [2024, 2026]),
        ({"filters": {"_id": {"gt": 2}}}, [2025, 2026]),
        ({"filters": {"$and": [{"year": {"gt": 2023}}, {"ok": True}]}}, [2026]),
        ({"filters": {}}, [2023, 2024, 2025, 2026]),
        ({"q": "احمد"}, [2023]), ({"q": "ابراهيم الاول"}, [2026]), ({"q": {"name": "ابراهيم"}}, [2026]),
        ({"q": {"year": "2024"}}, [2024]), ({"q": "احم:*", "plain": False}, [2023]), ({"full_text": "أحمد"}, [2023]),
        ({"q": "nothing"}, []), ({"sort": "amount desc"}, [2024, 2023, 2026, 2025]),
        ({"sort": "amount desc nulls last, year asc"}, [2024, 2023, 2026, 2025]),
        ({"sort": '"ok", year desc'}, [2024, 2026, 2023, 2025]),
        ({"sort": ["year desc"]}, [2026, 2025, 2024, 2023]), ({"limit": 2, "offset": 1}, [2024, 2025]),
        ({"limit": 2, "offset": "3"}, [2026]), ({"offset": 10**30}, []), ({"limit": 0}, []),
    ],
)  # fmt: skip
def test_rows_are_found(resource, params, expected):
    assert years(resource, **params) == expected
    texts = {name: one if isinstance(one, str) else json.dumps(one) for name, one in params.items()}
    if not isinstance(params.get("filters", {}).get("amount"), float):
        asked = get("datastore_search", resource_id=resource, **texts)
        assert [one["year"] for one in asked["records"]] == expected


def test_a_number_written_with_all_its_digits_is_compared_with_all_of_them(resource):
    response = Client().post("/api/3/action/datastore_search", content_type="application/json",
                             data=f'{{"id": "{resource}", "filters": {{"amount": 12345678901234567.25}}}}')  # fmt: skip
    assert json.loads(body(response))["result"]["total"] == 1


def test_columns_are_chosen_and_rows_made_distinct(resource):
    found = post("datastore_search", {"resource_id": resource, "fields": ["ok", "year"], "limit": 1})[1]["result"]
    assert [one["id"] for one in found["fields"]] == ["ok", "year"]
    assert found["records"] == [{"ok": True, "year": 2023}]
    found = get("datastore_search", resource_id=resource, fields="ok", distinct="true", sort="ok")
    assert (found["records"], found["total"]) == ([{"ok": False}, {"ok": True}, {"ok": None}], 3)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("lists", [[1, "أحمد", 1.5], [2, 'a,b"c', 12345678901234567.25]]),
        ("csv", '1,أحمد,1.50\n2,"a,b""c",12345678901234567.25\n'),
        ("tsv", '1\tأحمد\t1.50\n2\t"a,b""c"\t12345678901234567.25\n'),
    ],
)
def test_records_come_in_other_formats(resource, kind, expected):
    found = get("datastore_search", resource_id=resource, records_format=kind, fields="_id,name,amount", limit=2)
    assert found["records"] == expected
    assert found["total"] == 4


def test_the_limit_is_capped_and_told():
    assert get("datastore_search", resource_id=csv_resource()["id"], limit=40_000)["limit"] == 32_000


def test_what_was_asked_is_told(resource):
    asked = {"resource_id": resource, "filters": {"year": {"lt": 2024}}, "q": "احمد", "sort": "year", "offset": 0,
             "include_total": False}  # fmt: skip
    found = post("datastore_search", asked)[1]["result"]
    assert {name: found[name] for name in asked} == asked
    assert "total" not in found


def test_pages_follow_from_the_last_row(resource):
    found = get("datastore_search", resource_id=resource, limit=3)
    assert found["next_page"] == {"_id": {"gt": 3}}
    rest = post("datastore_search", {"resource_id": resource, "limit": 3, "filters": found["next_page"]})[1]["result"]
    assert [one["_id"] for one in rest["records"]] == [4]
    assert "next_page" not in rest
    following = json.loads(body(Client().get(found["_links"]["next"])))["result"]
    assert [one["_id"] for one in following["records"]] == [4]


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"colour": 1}, "colour"),
        ({"status": 1}, "status"),
        ({"kind": 1}, "kind"),
        ({"self": 1}, "self"), ({"filters": "{"}, "filters"), ({"filters": [1]}, "filters"),
        ({"filters": {"colour": 1}}, "filters"), ({"filters": {"year": "many"}}, "filters"),
        ({"filters": {"year": {"like": 1}}}, "filters"), ({"filters": {"year": [[1]]}}, "filters"),
        ({"filters": {"year": []}}, "filters"), ({"filters": {"$or": [{"year": 1}]}}, "filters"),
        ({"filters": {"year": list(range(501))}}, "filters"), ({"fields": ["colour"]}, "fields"),
        ({"sort": "colour"}, "sort"), ({"sort": "year sideways"}, "sort"), ({"sort": "year desc nulls first"}, "sort"),
        ({"sort": "year, year"}, "sort"), ({"limit": -1}, "limit"), ({"limit": "x"}, "limit"),
        ({"records_format": "xml"}, "records_format"), ({"q": {"colour": "x"}}, "q"), ({"q": ["x"]}, "q"),
        ({"q": "a | b", "plain": False}, "q"), ({"q": "؟"}, "search"), ({"distinct": "maybe"}, "distinct"),
        ({"q": "a b c d e f g h i"}, "search"), ({"sort": "_id", "distinct": True, "fields": "ok"}, "sort"),
    ],
)  # fmt: skip
def test_a_mistake_is_named(resource, params, field):
    status, found = post("datastore_search", {"resource_id": resource, **params})
    assert status == 409, found
    assert found["error"]["__type"] == "Validation Error"
    assert list(found["error"]) == [field, "__type"]
    assert found["error"][field][0]


HOSTILE: list[Any] = [
    "", "\0", "\ud800", "'; DROP TABLE rows; --", "\u202e", "a" * 20_000, -1, 10**40, 1.5, 1e300, True, None, [], [[]],
    ["a"] * 2_000, [None], {}, {"year": {"in": 1}}, {"$and": [{"$and": [{"$and": [{"$and": []}]}]}]}, {"a": {"b": []}},
    {"year": "\0"}, {"name": "\ud800"}, {"name": "a" * 2_000}, {"year": 10**50}, {"amount": 1e-300},
    {"day": "0000-00-00"},
    {"at": "2024-01-01T25:00:00"}, {"ok": "perhaps"}, {"_id": [1, 2, "x"]}, {"year": {}}, {"": 1}, {"\ud800": 1},
    '{"year": {"in": "x"}}', "[[[", "year desc, " * 500, "pg_sleep(10)", "year); DROP TABLE rows",
]  # fmt: skip


@pytest.mark.parametrize("name", ["filters", "q", "sort", "fields", "full_text", "offset", "distinct", "plain",
                                  "language", "\ud800"])  # fmt: skip
def test_hostile_values_get_an_answer_or_a_documented_refusal(resource, name):
    for value in HOSTILE:
        status, found = post("datastore_search", {"resource_id": resource, "limit": 1, name: value})
        assert status in (200, 409), (name, value, found)
        assert found["success"] is (status == 200)


def test_a_resource_without_rows_says_where_they_are(resource):
    [sheet] = [one for one in get("package_show", id="payments")["resources"] if one["format"] == "XLSX"]
    assert sheet["datastore_active"] is False
    status, error = refused("datastore_search", resource_id=sheet["id"])
    assert status == 404
    assert csv_resource()["id"] in error["message"]


def test_info_counts_and_describes(resource):
    found = get("datastore_info", id=resource)
    assert (found["meta"]["count"], found["meta"]["id"]) == (4, resource)
    assert [one["id"] for one in found["fields"]] == NAMES
    assert found["fields"][3]["schema"]["native_type"] == "numeric"


def test_the_id_of_a_resource_follows_the_dataset_and_that_of_a_version_stays(resource, dataset):
    newest = csv_resource()
    assert years(newest["id"])[-1] == 2027
    assert years(newest["version_resource_id"])[-1] == 2027
    assert years(resource)[-1] == 2026
    making.withdrawn(Version.objects.select_related("dataset__asset").get(dataset=dataset, sequence=2))
    assert csv_resource()["id"] == newest["id"]
    assert years(newest["id"])[-1] == 2026
    assert post("datastore_search", {"resource_id": newest["version_resource_id"]})[0] == 404
    assert Client().get(f"/datastore/dump/{newest['version_resource_id']}").status_code == 404
    making.withdrawn(Version.objects.select_related("dataset__asset").get(dataset=dataset, sequence=1))
    assert post("datastore_search", {"resource_id": newest["id"]})[0] == 404
    assert refused("package_show", id="payments")[0] == 404


def dumped(identifier: str, **params: Any) -> Any:
    response = Client().get(f"/datastore/dump/{identifier}", params)
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    return response.headers, body(response)


def test_a_dump_is_every_row_as_csv_with_a_mark_for_spreadsheets_if_asked(resource):
    headers, plain = dumped(resource)
    assert headers["Content-Type"] == "text/csv; charset=utf-8"
    assert headers["Content-Disposition"] == 'attachment; filename="payments-1.0.0.csv"'
    rows = list(csv.reader(io.StringIO(plain.decode(), newline="")))
    assert rows[0] == NAMES
    assert rows[1] == ["1", "2023", "أحمد", "1.50", "true", "2024-01-01", "2024-01-01T10:00:00"]
    assert rows[3] == ["3", "2025", "", "", "", "", ""]
    assert len(rows) == 5
    assert dumped(resource, bom="true")[1] == b"\xef\xbb\xbf" + plain
    tabs = dumped(resource, format="tsv", bom="true")[1].decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(tabs, newline=""), delimiter="\t")) == rows


def test_a_dump_as_json_and_xml_holds_the_same(resource):
    headers, content = dumped(resource, format="json")
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    found = json.loads(content, parse_float=Decimal)
    assert [one["id"] for one in found["fields"]] == NAMES
    assert found["records"][1][:4] == [2, 2024, 'a,b"c', Decimal("12345678901234567.25")]
    tree = ET.fromstring(dumped(resource, format="xml")[1])
    assert [row.get("_id") for row in tree] == ["1", "2", "3", "4"]
    assert tree[3].findtext("name") == "إبراهيم\nالأول\t=x"
    assert tree[2].find("name").get("{http://www.w3.org/2001/XMLSchema-instance}nil") == "true"


def test_a_dump_is_narrowed_like_a_search(resource):
    params = {"filters": '{"ok": true}', "fields": "year,name", "sort": "year desc", "limit": 1}
    assert dumped(resource, **params)[1].decode() == 'year,name\n2026,"إبراهيم\nالأول\t=x"\n'
    assert dumped(resource, q="احمد", fields="year", offset=0)[1] == b"year\n2023\n"
    assert dumped(resource, limit=0, fields="year")[1] == b"year\n"


@pytest.mark.parametrize(
    ("params", "status"),
    [({"format": "pdf"}, 409), ({"filters": "{"}, 409), ({"fields": "colour"}, 409), ({"limit": "x"}, 409)],
)
def test_a_dump_that_cannot_be_is_refused_before_it_begins(resource, params, status):
    response = Client().get(f"/datastore/dump/{resource}", params)
    assert response.status_code == status
    assert json.loads(body(response))["error"]["__type"] == "Validation Error"
    assert Client().get("/datastore/dump/nothing").status_code == 404
    assert Client().put(f"/datastore/dump/{resource}").status_code == 405


def test_whole_dumps_count_as_downloads_and_questions_do_not(resource, dataset):
    Download.objects.all().delete()
    assert body(Client().head(f"/datastore/dump/{resource}")) == b""
    dumped(resource, limit=1)
    assert not Download.objects.exists()
    dumped(resource)
    assert Download.objects.get(dataset=dataset, format="csv").count == 1
