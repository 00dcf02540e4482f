"""What is sent from the page of a dataset reaches those who hold the data; everything else goes as before."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from opendata.catalogue.models import Dataset
from opendata.inventory.models import Asset
from participation.feedback.actions.disposal import dispose_cases
from participation.feedback.actions.routing import route_by_rules
from participation.feedback.actions.work import close_case
from participation.feedback.models import Case, RoutingRule
from participation.feedback.pages import read_page
from participation.feedback.staffside.facts import events_of
from participation.feedback.states import Kind, State
from portal.answerable import unit_for
from portal.bilingual import in_language
from portal.intake import Message, submit
from portal.organisations.models import Unit
from portal.staff.models import User
from tests.opendata import making
from tests.participation.feedback.test_contact_page import fields
from tests.people import World, submitted

TRY = "/admin/feedback/routingrule/try/"


@pytest.fixture
def dataset(world: World) -> Dataset:
    return making.make_dataset(making.make_house("statistics"), slug="population")


def routed(world: World, **changes: Any) -> Case:
    """A correction of data, unless changed, as the router leaves it."""
    case = submitted(world, **{"kind": Kind.DATA_CORRECTION, **changes}).case
    assert route_by_rules(case_id=case.pk)
    case.refresh_from_db()
    return case


@pytest.mark.parametrize("kind", [Kind.DATA_CORRECTION, Kind.COMMENT, Kind.INQUIRY, Kind.COMPLAINT])
def test_it_goes_to_the_unit_that_answers_for_the_dataset(world: World, dataset: Dataset, kind: Kind) -> None:
    case = routed(world, kind=kind, page=dataset.path)
    assert (case.unit, case.state) == (dataset.asset.unit, State.OPEN)
    data = events_of(case)[-1].data
    assert (data["unit"], data["rule"], data["because"]) == ("statistics-data", None, "page")


def test_the_history_says_why_in_both_languages(world: World, dataset: Dataset) -> None:
    case = routed(world, page=dataset.path)
    with in_language("en"):
        english = events_of(case)[-1].details  # type: ignore[attr-defined]
    assert "because of the page it was sent from" in english
    with in_language("ar"):
        assert str(dataset.asset.unit) in events_of(case)[-1].details  # type: ignore[attr-defined]


def test_every_page_of_the_dataset_and_its_inventory_row_count(world: World, dataset: Dataset) -> None:
    row = dataset.asset
    for page in (dataset.path, f"{dataset.path}v/1/changes/", row.path):
        assert unit_for(page) == row.unit_id, page
    Asset.objects.filter(pk=row.pk).update(state="inventoried")
    for page in (row.path, "/data/", "/data/unknown/", "/data/inventory/", "/data/inventory/schedule/", "/news/x/", ""):
        assert unit_for(page) is None, page


def test_a_rule_for_corrections_of_data_comes_first_and_a_general_one_does_not(world: World, dataset: Dataset) -> None:
    RoutingRule.objects.create(position=2, name="all", unit=world.other_unit)
    assert routed(world, page=dataset.path).unit == dataset.asset.unit
    RoutingRule.objects.filter(position=2).update(kind=Kind.DATA_CORRECTION)
    assert routed(world, page=dataset.path).unit == world.other_unit


@pytest.mark.parametrize("kind", [Kind.PORTAL_PROBLEM, Kind.BARRIER])
def test_what_is_wrong_with_the_page_itself_is_not_theirs(world: World, dataset: Dataset, kind: Kind) -> None:
    assert routed(world, kind=kind, page=dataset.path).state == State.UNROUTED


def test_a_unit_that_is_closed_or_has_nobody_gets_nothing(world: World, dataset: Dataset) -> None:
    unit = dataset.asset.unit
    Unit.objects.filter(pk=unit.pk).update(is_active=False)
    assert routed(world, page=dataset.path).state == State.UNROUTED
    Unit.objects.filter(pk=unit.pk).update(is_active=True)
    User.objects.filter(memberships__unit=unit).update(is_active=False)
    assert routed(world, page=dataset.path).state == State.UNROUTED
    assert routed(world, kind=Kind.COMPLAINT, page=dataset.path).unit == world.licensing


def test_the_link_on_the_dataset_page_is_followed_to_the_unit(client: Client, world: World, dataset: Dataset) -> None:
    form = client.get("/en/contact/", {"kind": "data_correction", "page": f"/ar{dataset.path}?x=1"}).content.decode()
    assert f'name="page" value="{dataset.path}"' in form
    sent = fields(world, kind=Kind.DATA_CORRECTION, page=dataset.path)
    assert client.post("/ar/contact/", sent).status_code == 302
    case = Case.objects.get()
    route_by_rules(case_id=case.pk)
    case.refresh_from_db()
    assert (case.page, case.unit) == (dataset.path, dataset.asset.unit)


@pytest.mark.parametrize(
    "page", ["javascript:alert(1)", "https://elsewhere.example/data/x/", "/data/<b>/", "/" + "x" * 200, "مريم", " "]
)
def test_what_is_no_page_of_the_portal_is_left_out(client: Client, world: World, page: str) -> None:
    assert read_page(page) == ""
    assert client.post("/ar/contact/", fields(world, page=page)).status_code == 302
    assert Case.objects.get().page == ""


def test_what_comes_from_the_page_of_another_area_keeps_its_page(world: World) -> None:
    submit(Message(kind="barrier", text="لا أستطيع قراءة الجدول", language="ar", token="one", page="/data/population/"))
    assert Case.objects.get().page == "/data/population/"


def test_the_registry_is_asked_in_no_statement_of_the_sending_and_only_where_there_is_a_page(
    world: World, dataset: Dataset
) -> None:
    def statements(page: str) -> tuple[int, int]:
        with CaptureQueriesContext(connection) as sending:
            case = submitted(world, kind=Kind.DATA_CORRECTION, page=page).case
        with CaptureQueriesContext(connection) as routing:
            route_by_rules(case_id=case.pk)
        asked = [query for query in routing if "catalogue_" in query["sql"] or "inventory_" in query["sql"]]
        return len(sending), len(asked)

    statements("")  # what is asked once in a process
    assert statements(dataset.path)[0] == statements("")[0]
    assert (statements("")[1], statements(dataset.path)[1]) == (0, 1)


def test_a_text_is_tried_with_the_page_it_would_be_sent_from(world: World, dataset: Dataset) -> None:
    client = Client()
    client.force_login(world.administrator)
    sent = {"kind": Kind.COMMENT, "topic": world.topic.pk, "text": "A remark"}
    assert "No rule fits" in client.post(TRY, sent).content.decode()
    tried = client.post(TRY, {**sent, "page": f"{settings.SITE_URL}/en{dataset.path}"}).content.decode()
    assert str(dataset.asset.unit) in tried
    assert "because of the page it was sent from" in tried
    assert "complaints" in client.post(TRY, {**sent, "kind": Kind.COMPLAINT}).content.decode()
    assert client.post(TRY, {**sent, "page": "https://elsewhere.example/"}).status_code == 422
    assert not Case.objects.exists()


def test_the_page_goes_with_the_text(world: World, dataset: Dataset) -> None:
    case = routed(world, page=dataset.path)
    worker = User.objects.filter(memberships__unit=case.unit).first()
    close_case(case=case, text="Corrected.", by=worker)
    dispose_cases(Case.objects.filter(pk=case.pk))
    case.refresh_from_db()
    assert (case.text, case.page) == ("", "")
