"""The public directory: what is shown, how it is narrowed, in both languages, and how complete it is."""

from __future__ import annotations

import csv
import io
from typing import Any

import html5lib
import pytest
from django.test import Client

from policies.services.actions.publishing import withdraw_service
from policies.services.choices import LifeEvent
from policies.services.facts import FACTS
from policies.services.finding import documents, pages
from policies.services.models import Service
from policies.services.open_figures import tables
from policies.services.standing import standings, together
from portal.bilingual import in_language
from tests.people import World
from tests.policies.services.conftest import draft, published, words

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_service_says_everything_in_both_languages(world: World, client: Client, language: str) -> None:
    service = published(world, topic=world.topic)
    page = words(client.get(f"/{language}/services/{service.slug}/"))
    html5lib.HTMLParser(strict=True).parse(page)
    for field in ("name", "purpose", "legal_basis", "prerequisites", "held_documents"):
        assert getattr(service, f"{field}_{language}") in page
    for line in getattr(service, f"steps_{language}").split("\n"):
        assert f"<li>{line}</li>" in page
    assert "12.500" in page
    assert 'href="https://services.ministry.example/apply"' in page
    assert not client.cookies


def test_what_is_not_stated_is_said_to_be_so(world: World, client: Client) -> None:
    service = published(world, steps_ar="", steps_en="", time_amount=None, time_unit="", fee_kind="", fee=None)
    assert words(client.get(f"/en/services/{service.slug}/")).count("Not stated yet") == 3


def test_it_can_be_read_as_plain_text(world: World, client: Client) -> None:
    service = published(world, name_en="Tea & <biscuits>")
    response = client.get(f"/en/services/{service.slug}.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    text = words(response)
    for part in ("Tea & <biscuits>", "1. Begin\n2. End", "- First document", "Time promised: 3 working days"):
        assert part in text
    assert "\n\n\n" not in text.strip()


def test_a_draft_is_nowhere_and_a_withdrawn_service_says_so(world: World, client: Client) -> None:
    scrap, gone = draft(world), published(world)
    withdraw_service(service=gone, by=world.lead)
    assert client.get(f"/en/services/{scrap.slug}/").status_code == 404
    response = client.get(f"/en/services/{gone.slug}/")
    assert response.status_code == 410
    assert "no longer offered" in words(response)
    assert client.get(f"/en/services/{gone.slug}.txt").status_code == 410
    assert "No service is listed yet" in words(client.get("/en/services/"))
    assert list(documents(None)) == []


def test_the_directory_is_narrowed_by_every_way_together(world: World, client: Client) -> None:
    both = published(world, topic=world.topic, personas=["citizen", "older"], life_events=["moving", "child"])
    other = published(world, organisation=world.authority, unit=None, channels=["counter"], url="")
    client_page = lambda query: words(client.get(f"/en/services/?{query}"))  # noqa: E731
    for query in ("life=child", "persona=older", "topic=licences", "body=ministry", "channel=website",
                  "life=child&persona=older&topic=licences&body=ministry&channel=website"):  # fmt: skip
        page = client_page(query)
        assert f"/services/{both.slug}/" in page, query
        assert f"/services/{other.slug}/" not in page, query
    assert "No service fits all of this" in client_page("life=child&body=authority")
    assert "1 service fits" in client_page("body=authority")


@pytest.mark.parametrize("query", ["life=ghost", "persona=x", "topic=x", "body=x", "channel=x", "body=%00", "topic='"])
def test_a_value_nobody_could_choose_is_not_found(world: World, client: Client, query: str) -> None:
    published(world)
    assert client.get(f"/en/services/?{query}").status_code == 404


def test_life_events_are_offered_with_their_numbers(world: World, client: Client) -> None:
    published(world, life_events=["child"])
    published(world, life_events=["child", "moving"])
    page = words(client.get("/en/services/"))
    assert f"{LifeEvent.CHILD.label} (2)" in page
    assert f"{LifeEvent.MOVING.label} (1)" in page
    html5lib.HTMLParser(strict=True).parse(page)


@pytest.mark.parametrize("path", ["/en/services/", "/ar/services/organisations/", "/en/services/?life=business"])
def test_it_asks_as_often_for_three_as_for_one(
    world: World, client: Client, django_assert_max_num_queries: Any, path: str
) -> None:
    counts = []
    published(world)
    client.get(path)  # the hours in the footer are asked for once
    for _round in range(2):
        with django_assert_max_num_queries(12) as queries:
            assert client.get(path).status_code == 200
        counts.append(len(queries))
        published(world)
        published(world, organisation=world.authority, unit=None)
    assert counts[0] == counts[1]


GAPS: list[dict[str, Any]] = [
    {},
    {"prerequisites_ar": "", "prerequisites_en": ""},
    {"prerequisites_ar": "", "prerequisites_en": "", "no_prerequisites": True},
    {"documents_ar": "", "documents_en": ""},
    {"documents_ar": "", "documents_en": "", "no_documents": True},
    {"steps_ar": "", "steps_en": ""},
    {"time_amount": None, "time_unit": "", "channels": ["counter"], "url": ""},
    {"fee_kind": "", "fee": None},
    {"legal_basis_ar": "", "legal_basis_en": "", "phone": ""},
    {"phone": "", "email": "a@b.example"},
    {"phone": "", "contact_ar": "هنا", "contact_en": "Here"},
]


def test_completeness_agrees_with_the_rows(world: World) -> None:
    for changes in GAPS:
        published(world, **changes)
    draft(world, steps_ar="", steps_en="")
    published(world, organisation=world.authority, unit=None, steps_ar="", steps_en="")
    rows = list(Service.objects.published())
    for standing in standings():
        mine = [row for row in rows if row.organisation_id == standing.organisation.pk]
        assert standing.listed == len(mine)
        assert standing.complete == sum(not row.gaps() for row in mine)
        assert standing.electronic == sum(row.is_electronic for row in mine)
        assert standing.with_documents == sum("documents" not in row.gaps() for row in mine)
        assert dict(standing.missing) == (
            {key: sum(key in row.gaps() for row in mine) for key in dict(standing.missing)}
        )
    sums = together(standings())
    assert sums == {"listed": 12, "complete": 5, "electronic": 11, "bodies": 2, "all_bodies": 3}


def test_the_page_of_completeness_names_who_lists_nothing(world: World, client: Client) -> None:
    empty = words(client.get("/en/services/organisations/"))
    assert "No service is listed yet" in empty
    published(world)
    published(world, steps_ar="", steps_en="")
    page = words(client.get("/en/services/organisations/"))
    html5lib.HTMLParser(strict=True).parse(page)
    assert "1 (50%)" in page
    assert page.count("No service listed yet") == 2
    assert "Steps (1)" in page


def test_the_file_keeps_formulas_harmless(world: World, client: Client) -> None:
    type(world.ministry).objects.filter(pk=world.ministry.pk).update(name_en="=HYPERLINK(1)")
    published(world)
    response = client.get("/en/services/organisations.csv")
    rows = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    line = next(row for row in rows if row[0] == "ministry")
    assert line[2] == "'=HYPERLINK(1)"
    assert line[3:] == ["1", "1", "1", "1"]


def test_it_is_found_by_search_site_map_policies_and_data_users(world: World) -> None:
    service, scrap = published(world), draft(world)
    found = list(documents([service.pk, scrap.pk]))
    assert [(row.pk, row.language, row.path) for row in found] == [
        (service.pk, "ar", f"/services/{service.slug}/"),
        (service.pk, "en", f"/services/{service.slug}/"),
    ]
    assert found[0].title == service.name_ar
    with in_language("en"):
        mapped = list(pages())
        told = [fact.value() for fact in FACTS]
    assert [page.path for page in mapped] == ["/services/", "/services/organisations/"]
    assert [page.title for page in mapped[0].children] == [service.name_en]
    assert told[0] == "[1 service](/en/services/)"
    assert "services of 1 of 3 organisations" in told[1]
    for table in tables():
        rows = list(table.rows())
        assert all(len(row) == len(table.columns) for row in rows)
        assert rows
