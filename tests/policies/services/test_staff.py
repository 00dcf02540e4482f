"""The staff side: who sees and does what, and that nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from policies.services.actions.publishing import withdraw_service
from policies.services.actions.writing import edit_service
from policies.services.completeness import REQUIRED
from policies.services.models import Service
from portal.staff.models import User
from tests.people import World
from tests.policies.services.conftest import LIST, change, do, draft, published, signed_in, typed, words

pytestmark = pytest.mark.django_db


def test_a_service_opens_to_its_unit_only(world: World, editor: User, publisher: User, stranger: User) -> None:
    service = draft(world)
    for user, wanted in ((editor, 200), (publisher, 200), (world.administrator, 200), (stranger, 404)):
        client = signed_in(user)
        assert client.get(f"{LIST}{service.pk}/preview/ar/").status_code == wanted
        assert client.get(change(service)).status_code == (200 if wanted == 200 else 302)
    assert str(service) not in words(signed_in(stranger).get(LIST))
    assert signed_in(stranger).post(do(service, "publish")).status_code == 404
    assert signed_in(world.officer).get(LIST).status_code == 403


def test_an_editor_enters_a_service_for_the_own_unit_only(world: World, editor: User) -> None:
    client = signed_in(editor)
    page = words(client.get(f"{LIST}add/"))
    assert 'name="organisation"' not in page
    select = page.partition('name="unit"')[2].partition("</select>")[0]
    assert "Licensing" in select
    assert "Elsewhere" not in select
    refused = client.post(f"{LIST}add/", typed(world, unit=world.other_unit.pk))
    assert (refused.status_code, Service.objects.count()) == (200, 0)
    sent = typed(world, steps_ar="1. ابدأ\n\n- انته", steps_en="* Begin\n• End")
    response = client.post(f"{LIST}add/", sent)
    assert response.status_code == 302, words(response)
    service = Service.objects.get()
    assert (service.organisation, service.edited_by) == (world.ministry, editor)
    assert (service.steps_ar, service.steps_en) == ("ابدأ\nانته", "Begin\nEnd")


def test_an_administrator_enters_services_of_a_body_without_staff_here(world: World) -> None:
    client = signed_in(world.administrator)
    response = client.post(f"{LIST}add/", typed(world, unit="", organisation=world.authority.pk))
    assert response.status_code == 302, words(response)
    assert Service.objects.get().organisation == world.authority
    mixed = client.post(f"{LIST}add/", typed(world, organisation=world.authority.pk))
    assert "belongs to another organisation" in words(mixed)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"url": "http://x.example/"}, "has to begin with https://"),
        ({"url": ""}, "give the link"),
        ({"channels": ["counter"]}, "tick “Website” or “App”"),
        ({"time_unit": ""}, "Give both the number and what is counted"),
        ({"fee": ""}, "Write the amount"),
        ({"fee_kind": "free"}, "There is an amount"),
        ({"fee": "1.2345"}, "no more than 3 decimal places"),
        ({"no_documents": "on"}, "Something is listed"),
        ({"name_ar": "", "name_en": ""}, "Write a name"),
        ({"slug": "organisations"}, "Another page has this address"),
    ],
)
def test_what_does_not_fit_is_said_and_kept(world: World, editor: User, changes: dict[str, Any], message: str) -> None:
    response = signed_in(editor).post(f"{LIST}add/", typed(world, purpose_en="Typed at length", **changes))
    page = words(response)
    assert response.status_code == 200
    assert message in page
    assert "Typed at length" in page
    assert not Service.objects.exists()


def test_numbers_may_be_typed_in_arabic_digits(world: World, editor: User) -> None:
    response = signed_in(editor).post(f"{LIST}add/", typed(world, time_amount="١٢", fee="٣٫٥٠٠"))
    assert response.status_code == 302, words(response)
    service = Service.objects.get()
    assert (service.time_amount, str(service.fee)) == (12, "3.500")


def test_two_editors_are_told_of_each_other(world: World, editor: User) -> None:
    service = draft(world)
    sent = typed(world, service, purpose_en="Mine")
    edit_service(service=service, by=world.lead, version=1, purpose_en="Theirs", channels=["counter"], url="")
    response = signed_in(editor).post(change(service), sent)
    page = words(response)
    assert response.status_code == 409
    for shown in ("Mine", "Theirs", "Nothing was overwritten", 'name="seen_version" value="2"'):
        assert shown in page
    again = signed_in(editor).post(change(service), {**sent, "seen_version": 2})
    assert again.status_code == 302
    service.refresh_from_db()
    assert service.purpose_en == "Mine"


def test_publishing_wants_a_second_person_with_the_permission(world: World, editor: User, publisher: User) -> None:
    service = draft(world, by=publisher)
    assert signed_in(editor).post(do(service, "publish"), {"version": 1}).status_code == 403
    own = signed_in(publisher)
    assert "somebody else has to publish it" in words(own.get(change(service)))
    assert own.post(do(service, "publish"), {"version": 1}).status_code == 422
    other = draft(world, by=editor)
    assert own.get(do(other, "publish")).status_code == 200
    other.refresh_from_db()
    assert other.state == "draft"
    own.post(do(other, "publish"), {"version": 1})
    other.refresh_from_db()
    assert (other.state, other.published_by) == ("published", publisher)


def test_what_is_published_changes_only_by_those_who_may_publish(world: World, editor: User, publisher: User) -> None:
    service = published(world)
    sealed = words(signed_in(editor).get(change(service)))
    assert 'name="purpose_en"' not in sealed
    assert service.purpose_en in sealed
    sent = typed(world, service, purpose_en="Changed")
    late = signed_in(editor).post(change(service), sent)
    assert (late.status_code, "Changed" in words(late)) == (409, True)
    service.refresh_from_db()
    assert service.purpose_en != "Changed"
    missing = signed_in(publisher).post(change(service), typed(world, service, steps_en="Begin"))
    assert "different numbers of items" in words(missing)
    assert signed_in(publisher).post(change(service), sent).status_code == 302
    service.refresh_from_db()
    assert service.purpose_en == "Changed"


def test_what_was_withdrawn_changes_only_by_those_who_may_publish(world: World, editor: User, publisher: User) -> None:
    service = published(world)
    withdraw_service(service=service, by=world.head)
    sent = typed(world, service, name_en="Anything")
    assert 'name="name_en"' not in words(signed_in(editor).get(change(service)))
    assert signed_in(editor).post(change(service), sent).status_code == 409
    assert "Anything" not in words(Client().get(f"/en{service.path}"))
    assert signed_in(publisher).post(change(service), sent).status_code == 302
    service.refresh_from_db()
    assert service.name_en == "Anything"


def test_a_review_on_a_page_read_before_a_change_confirms_nothing(world: World, publisher: User) -> None:
    service = published(world)
    Service.objects.filter(pk=service.pk).update(reviewed_on="2020-01-01")
    client, read = signed_in(publisher), {"version": service.version}
    edit_service(service=service, by=world.head, version=service.version, purpose_en="Changed since")
    told = words(client.post(do(service, "review"), read, follow=True))
    assert "Somebody else changed this service" in told
    service.refresh_from_db()
    assert str(service.reviewed_on) == "2020-01-01"
    client.post(do(service, "review"), {"version": service.version})
    service.refresh_from_db()
    assert str(service.reviewed_on) != "2020-01-01"


@pytest.mark.parametrize("number", ["9" * 5000, "1" * 3000, "²", "x"])
def test_a_version_that_is_no_number_of_ours_breaks_nothing(world: World, publisher: User, number: str) -> None:
    service, client = draft(world), signed_in(publisher)
    sent = {**typed(world, service, purpose_en="Mine"), "seen_version": number}
    assert client.post(change(service), sent).status_code == 409
    assert client.post(do(service, "publish"), {"version": number}).status_code == 302


@pytest.mark.parametrize("fact", REQUIRED)
def test_the_list_finds_what_is_missing(world: World, editor: User, fact: str) -> None:
    gaps: dict[str, dict[str, Any]] = {
        "time": {"time_amount": None, "time_unit": ""}, "fee": {"fee_kind": "", "fee": None}, "contact": {"phone": ""},
    }  # fmt: skip
    whole = draft(world)
    broken = draft(world, **gaps.get(fact, {f"{fact}_ar": "", f"{fact}_en": ""}))
    page = words(signed_in(editor).get(f"{LIST}?missing={fact}"))
    assert f"/{broken.pk}/change/" in page
    assert f"/{whole.pk}/change/" not in page


def test_the_list_asks_as_often_for_three_as_for_one(
    world: World, editor: User, django_assert_max_num_queries: Any
) -> None:
    client, counts = signed_in(editor), []
    draft(world)
    for _round in range(2):
        with django_assert_max_num_queries(20) as queries:
            assert client.get(LIST).status_code == 200
        counts.append(len(queries))
        draft(world)
        published(world)
    assert counts[0] == counts[1]


def test_the_desk_shows_publishers_what_waits(world: World, editor: User, publisher: User) -> None:
    waiting = draft(world)
    old, fresh = published(world), published(world)
    Service.objects.filter(pk=old.pk).update(reviewed_on="2020-01-01")
    page = words(signed_in(publisher).get("/admin/")).partition('id="panel-services"')[2].partition("</section>")[0]
    assert [str(one) in page for one in (waiting, old, fresh)] == [True, True, False]
    assert "panel-services" not in words(signed_in(editor).get("/admin/"))


def test_staff_see_the_page_before_the_public_does(world: World, editor: User) -> None:
    service = draft(world, name_en="")
    for code in ("ar", "en"):
        response = signed_in(editor).get(f"{LIST}{service.pk}/preview/{code}/")
        assert f'<html lang="{code}"' in words(response)
        assert service.name_ar in words(response)
    assert signed_in(editor).get(f"{LIST}{service.pk}/preview/fr/").status_code == 404
