"""Rows of a published table, asked as programs ask: pages, filters, groups, formats, ETags, and what is refused."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import openpyxl
import pandas
import polars
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from opendata.api import examples
from opendata.api.sheets import sheet
from opendata.catalogue.models import Version
from opendata.catalogue.storage import store
from opendata.querying import client as engine
from opendata.querying.queries import Field
from tests.opendata import making
from tests.opendata.api.test_api_reading import fits

AT = "/api/v1/datasets"
TABLE = f"{AT}/aflaj/rows"
DATA = """name,governorate,flow,share,built,active,format,seen
فلج دارس,الداخلية,2000,0.125,1650-01-01,true,kb,2024-05-06T07:08:09
"فلج الخطمين، نزوى",الداخلية,1500,12.500,1700-01-01,true,kb,2024-05-06T07:08:10
=فلج الملكي,الداخلية,,3.000,,false,,2024-05-06T07:08:11
"فلج ""الجيلة"" القديم",جنوب الشرقية,123456789012345,-1.250,1899-12-31,true,xml,2024-05-06T00:00:00
فلج الميسر,جنوب الباطنة,-7,100.000,2001-02-03,false,xml,2024-05-07T00:00:00
Falaj,Muscat,0,0.000,2020-12-31,true,xml,2024-05-08T00:00:00
"""
"""Commas, quotes, a formula, empty cells, days before a sheet's calendar."""


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    for _open in making.kept(django_db_blocker):
        making.published(making.make_dataset(slug="aflaj", title_ar="الأفلاج", title_en="Aflaj"), DATA)
        making.published(making.make_dataset(slug=examples.SLUG), making.CSV, key=["year", "governorate"])
        yield


@pytest.fixture(autouse=True)
def table(made: None, db: None) -> Version:
    return Version.objects.select_related("dataset").get(dataset__slug="aflaj")


def rows(client: Client, query: str = "", path: str = TABLE) -> Any:
    response = client.get(f"{path}?{query}")
    assert response.status_code == 200, response.content
    return fits(json.loads(response.content, parse_float=Decimal), "Rows")


def refused(client: Client, query: str, status: int = 400) -> Any:
    response = client.get(f"{TABLE}?{query}")
    assert response.status_code == status, response.content
    return fits(response.json(), "Problem")


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_a_page_has_columns_rows_total_and_the_way_on(client):
    told = rows(client, "limit=4")
    assert [one["name"] for one in told["columns"]] == [
        "name", "governorate", "flow", "share", "built", "active", "format", "seen",
    ]  # fmt: skip
    assert [one["type"] for one in told["columns"]] == [
        "text", "text", "integer", "decimal", "date", "boolean", "text", "datetime",
    ]  # fmt: skip
    assert told["rows"][0] == {
        "name": "فلج دارس", "governorate": "الداخلية", "flow": 2000, "share": Decimal("0.125"), "built": "1650-01-01",
        "active": True, "format": "kb", "seen": "2024-05-06T07:08:09",
    }  # fmt: skip
    assert told["rows"][2]["flow"] is None
    assert (told["dataset"], told["version"], told["total"]) == ("aflaj", {"sequence": 1, "number": "1.0.0"}, 6)
    assert told["next"].startswith("http://testserver/api/v1/datasets/aflaj/versions/1/rows?limit=4&cursor=")


@pytest.mark.parametrize("order", ["", "sort=-flow&", "sort=governorate,-share&", "governorate__ne=Muscat&",
                                   "columns=governorate&distinct=true&", "group_by=governorate&"])  # fmt: skip
def test_all_pages_together_give_each_row_once(client, order):
    whole = rows(client, order.rstrip("&"))["rows"]
    found, address = [], f"{TABLE}?{order}limit=2"
    while address:
        response = client.get(address)
        told = fits(json.loads(response.content, parse_float=Decimal), "Rows")
        assert told["total"] == len(whole)
        found += told["rows"]
        address = told["next"]
        assert response.headers.get("Link") == (f'<{address}>; rel="next"' if address else None)
    assert found == whole


def test_a_walk_goes_on_in_its_version_while_a_newer_one_comes(client, table):
    first = rows(client, "limit=4")
    making.published(table.dataset, DATA.replace("2000,0.125", "2001,0.125"))
    assert len(rows(client, path=TABLE)["rows"]) == 6
    assert rows(client)["version"]["sequence"] == 2
    second = client.get(first["next"]).json()
    assert second["version"]["sequence"] == 1
    assert len(first["rows"]) + len(second["rows"]) == 6
    cursor = first["next"].partition("cursor=")[2]
    assert refused(client, f"limit=4&cursor={cursor}")["reason"] == "bad_cursor", "it would leave out rows of the newer"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("flow__gte=1500", ["فلج دارس", "فلج الخطمين، نزوى", 'فلج "الجيلة" القديم']),
        ("flow=123456789012345", ['فلج "الجيلة" القديم']),
        ("flow=123456789012346", []),
        ("flow__is_null=true", ["=فلج الملكي"]),
        ("share__lt=0", ['فلج "الجيلة" القديم']),
        ("name__contains=الجيله", ['فلج "الجيلة" القديم']),
        ("name__in=Falaj,فلج دارس", ["فلج دارس", "Falaj"]),
        ("built__gt=2000-01-01&active=true", ["Falaj"]),
        ("column.format=kb", ["فلج دارس", "فلج الخطمين، نزوى"]),
        ("search=نزوي", ["فلج الخطمين، نزوى"]),
        ("seen__lte=2024-05-06T07:08:09", ["فلج دارس", 'فلج "الجيلة" القديم']),
    ],
    ids=range(11),
)
def test_rows_are_filtered(client, query, names):
    told = rows(client, query)
    assert [one["name"] for one in told["rows"]] == names
    assert told["total"] == len(names)
    assert rows(client, f"{query}&total=false")["total"] is None
    assert rows(client, f"{query}&limit=0")["total"] == len(names)


def test_rows_are_grouped(client):
    told = rows(client, "group_by=governorate&aggregate=count,sum:flow,avg:share&sort=-count,governorate")
    assert [one["name"] for one in told["columns"]] == ["governorate", "count", "sum:flow", "avg:share"]
    assert told["rows"][0]["governorate"] == "الداخلية"
    assert (told["rows"][0]["count"], told["rows"][0]["sum:flow"], told["total"]) == (3, 3500, 4)


def test_the_example_of_the_documents_is_the_real_answer(client):
    path = f"{AT}/{examples.SLUG}/rows"
    assert client.get(f"{path}?{examples.ROWS_ASKED}").json() == examples.ROWS
    for name, address in examples.asked(examples.Sample()).items():
        assert client.get(address).status_code == 200, name


def test_examples_name_a_dataset_that_is_there(client):
    found = examples.sample()
    assert found.slug in ("aflaj", examples.SLUG)
    for name, address in examples.asked(found).items():
        assert client.get(address).status_code == 200, name


@pytest.mark.parametrize(
    ("query", "parameter", "reason"),
    [
        ("colour=red", "colour", "unknown_parameter"),
        ("flow__gte=many", "flow__gte", "not_an_integer"),
        ("flow__like=1", "flow__like", None),
        ("sort=colour", "sort", "unknown_column"),
        ("limit=1001", "limit", "not_in_range"),
        ("limit=", "limit", "not_in_range"),
        ("format=pdf", "format", None),
        ("format=csv&format=json", "format", None),
        ("total=maybe", "total", None),
        ("cursor=abc", "cursor", "bad_cursor"),
        ("cursor=abc&offset=1", "cursor", "cursor_and_offset"),
        ("offset=100001", "offset", "not_in_range"),
        ("aggregate=sum:name", "aggregate", "function_does_not_fit"),
        ("name=%ff", "", None),
        ("name=%00", "name", None),
        ("name__contains=%20", "name__contains", "nothing_to_find"),
        ("'; drop table rows; --=1", "'", None),
    ],
    ids=range(17),
)
def test_what_cannot_be_read_is_named_with_how_to_mend_it(client, query, parameter, reason):
    if query == "name=%00":
        assert rows(client, query)["total"] == 0  # another character stands for it
        return
    told = refused(client, query)
    assert told["code"] == "bad-parameter"
    assert parameter in told["parameter"]
    assert told["detail"]
    assert reason in (None, told.get("reason"))


@pytest.mark.parametrize("path", [TABLE, f"{AT}/aflaj/versions/1/rows"])
@pytest.mark.parametrize(
    "query", ["", "sort=-flow", "format=csv", "format=csv&limit=2", "format=ndjson", "format=xlsx"]
)
def test_who_has_the_answer_asks_nothing_of_the_engine(client, monkeypatch, path, query):
    got = client.get(f"{path}?{query}")
    assert content(got)
    etag = got.headers["ETag"]
    asked = []
    monkeypatch.setattr(engine, "run", lambda *_args, **_more: asked.append(1))
    monkeypatch.setattr(engine, "stream", lambda *_args, **_more: asked.append(1))
    for header in (etag, f"W/{etag}", f'"x", {etag}'):
        again = client.get(f"{path}?{query}", headers={"If-None-Match": header})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
        assert "Content-Type" not in again.headers
    assert not asked


def test_an_etag_follows_the_version_and_the_query(client, table):
    def etag(query: str, path: str = TABLE) -> str:
        return client.get(f"{path}?{query}").headers["ETag"]

    queries = ["", "limit=2", "sort=flow", "sort=-flow", "format=ndjson", "format=csv", "format=xlsx", "total=false",
               "columns=name", "flow=1", "flow=0", "flow__ne=0", "offset=1"]  # fmt: skip
    assert len({etag(query) for query in queries}) == len(queries)
    assert etag("limit=100") == etag("")
    assert etag("flow=01&sort=name") == etag("sort=name&flow=1")
    before = etag("")
    making.published(table.dataset, DATA.replace("2000,0.125", "2001,0.125"))
    assert etag("") != before
    assert etag("", f"{AT}/aflaj/versions/1/rows") == before


@pytest.mark.parametrize("query", ["", "limit=2&sort=-flow", "format=csv&limit=2", "format=xlsx"])
def test_head_says_the_same_without_the_rows(client, query):
    got, head = client.get(f"{TABLE}?{query}"), client.head(f"{TABLE}?{query}")
    assert content(head) == b""
    for name in ("ETag", "Content-Type", "Content-Length", "Cache-Control", "Link", "Content-Disposition"):
        assert head.headers.get(name) == got.headers.get(name), name


def test_head_of_a_whole_table_reads_nothing(client, monkeypatch):
    monkeypatch.setattr(engine, "stream", None)
    head = client.head(f"{TABLE}?format=ndjson")
    assert (head.status_code, head.headers["Content-Type"]) == (200, "application/x-ndjson")


def test_csv_of_all_rows_is_the_versions_own_file_and_that_of_a_query_is_written_like_it(client, table):
    own = store().path(table.files.get(name="data.csv").sha256).read_bytes()
    response = client.get(f"{TABLE}?format=csv")
    assert content(response) == own
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="aflaj-1.0.0-rows.csv"' in response.headers["Content-Disposition"]
    names = ",".join(one["name"] for one in table.columns)
    assert content(client.get(f"{TABLE}?format=csv&columns={names}")) == own
    assert content(client.get(f"{TABLE}?format=csv&limit=1000")) == own


def test_every_format_holds_the_same_rows(client):
    whole = rows(client)["rows"]
    ndjson = content(client.get(f"{TABLE}?format=ndjson")).decode()
    assert [json.loads(line, parse_float=Decimal) for line in ndjson.splitlines()] == whole
    told = list(csv.DictReader(io.StringIO(content(client.get(f"{TABLE}?format=csv")).decode())))
    assert [one["name"] for one in told] == [one["name"] for one in whole]
    assert [one["share"] for one in told] == ["0.125", "12.500", "3.000", "-1.250", "100.000", "0.000"]
    paged = content(client.get(f"{TABLE}?format=ndjson&limit=2"))
    assert [json.loads(line, parse_float=Decimal) for line in paged.decode().splitlines()] == whole[:2]


def test_a_sheet_holds_the_values_and_runs_nothing(client):
    response = client.get(f"{TABLE}?format=xlsx")
    page = openpyxl.load_workbook(io.BytesIO(content(response)))["البيانات Data"]
    lines = list(page.iter_rows(values_only=True))
    assert lines[0][:3] == ("name", "governorate", "flow")
    assert lines[3][0] == "=فلج الملكي"
    assert page["A4"].data_type == "s"
    assert (lines[1][2], lines[3][2], lines[4][2]) == (2000, None, 123456789012345)
    assert (lines[1][4], lines[6][4].isoformat()) == ("1650-01-01", "2020-12-31T00:00:00")
    assert lines[1][5] is True
    assert client.get(f"{TABLE}?format=xlsx").content == response.content


def test_a_sheet_writes_as_text_what_it_would_change():
    columns = [Field("n", "decimal"), Field("at", "datetime"), Field("on", "date"), Field("text", "text")]
    odd = {"n": Decimal("1234567890123456.5"), "at": "2024-01-01T00:00:00.5", "on": "1900-02-28", "text": "http://x"}
    plain = {"n": Decimal("12.50"), "at": "2024-01-01T10:11:12", "on": "1900-03-01", "text": "007"}
    book = openpyxl.load_workbook(io.BytesIO(sheet(columns, [odd, plain])))
    _names, first, second = book.active.iter_rows(values_only=True)
    assert first == ("1234567890123456.5", "2024-01-01T00:00:00.5", "1900-02-28", "http://x")
    assert (second[0], second[1].isoformat(), second[2].date().isoformat(), second[3]) == (
        12.5, "2024-01-01T10:11:12", "1900-03-01", "007",
    )  # fmt: skip


def test_a_sheet_of_more_than_a_few_rows_is_not_made(client, monkeypatch):
    monkeypatch.setattr("opendata.api.asking.SHEET_ROWS", 5)
    told = refused(client, "format=xlsx", 422)
    assert told["code"] == "too-big"
    assert "/versions/1" in told["detail"]
    assert client.get(f"{TABLE}?format=xlsx&limit=5").headers["Link"]
    assert client.get(f"{TABLE}?format=xlsx&governorate=Muscat").status_code == 200


def test_a_sheet_of_many_columns_has_fewer_rows(client, monkeypatch):
    monkeypatch.setattr("opendata.api.asking.SHEET_CELLS", 16)
    assert "More than 2 rows" in refused(client, "format=xlsx&limit=3", 422)["detail"]
    assert client.get(f"{TABLE}?format=xlsx&limit=2").headers["Link"]
    assert client.get(f"{TABLE}?format=xlsx&columns=name,flow").status_code == 200


def test_pandas_polars_and_duckdb_read_equal_tables(client, tmp_path):
    for name in ("csv", "ndjson"):
        (tmp_path / f"t.{name}").write_bytes(content(client.get(f"{TABLE}?format={name}")))
    (tmp_path / "t.json").write_text(json.dumps(client.get(TABLE).json()["rows"]))
    expected = [tuple(row[name] for name in ("name", "governorate", "flow")) for row in rows(client)["rows"]]
    names = ["name", "governorate", "flow"]
    whole = {"dtype": {"flow": "Int64"}}
    read = {
        "csv": (pandas.read_csv(tmp_path / "t.csv", **whole), polars.read_csv(tmp_path / "t.csv")),
        "ndjson": (
            pandas.read_json(tmp_path / "t.ndjson", lines=True, **whole),
            polars.read_ndjson(tmp_path / "t.ndjson"),
        ),
        "json": (pandas.read_json(tmp_path / "t.json", **whole), polars.read_json(tmp_path / "t.json")),
    }
    found: dict[str, Any] = {}
    for name, (by_pandas, by_polars) in read.items():
        found[f"pandas {name}"] = list(by_pandas[names].itertuples(index=False, name=None))
        found[f"polars {name}"] = by_polars.select(names).rows()
    with duckdb.connect() as connected:
        for name in ("csv", "ndjson", "json"):
            rows_read = connected.sql(f"SELECT name, governorate, flow FROM '{tmp_path / f't.{name}'}'")
            found[f"duckdb {name}"] = rows_read.fetchall()
    for key, lines in found.items():
        assert [tuple(None if pandas.isna(value) else value for value in line) for line in lines] == expected, key


def test_a_query_that_takes_too_long_is_stopped_and_told_so(client, monkeypatch):
    monkeypatch.setattr("opendata.api.asking.SECONDS", 0.0)
    response = client.get(f"{TABLE}?sort=-share&search=فلج")
    told = fits(response.json(), "Problem")
    assert (response.status_code, told["code"]) in ((422, "too-slow"), (503, "unavailable"))
    assert told["detail"]


def test_a_version_without_a_file_for_queries_says_what_there_is_instead(client, table):
    store().path(table.query_sha256).rename(store().path(table.query_sha256).with_suffix(".away"))
    try:
        told = refused(client, "", 404)
    finally:
        store().path(table.query_sha256).with_suffix(".away").rename(store().path(table.query_sha256))
    assert told["code"] == "no-rows"
    assert "downloaded" in told["detail"]


@pytest.mark.parametrize("query", ["", "sort=-flow&limit=2", "group_by=governorate", "format=ndjson", "format=xlsx"])
def test_one_statement_finds_the_table(client, query):
    content(client.get(f"{TABLE}?{query}"))  # what never changes of the version is read once
    with CaptureQueriesContext(connection) as seen:
        content(client.get(f"{TABLE}?{query}"))
    assert len(seen) == 1


def test_an_engine_that_was_killed_is_not_noticed(client):
    before = rows(client, "sort=flow")
    engine.end()
    assert rows(client, "sort=flow") == before
