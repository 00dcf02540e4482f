"""The staff side: who sees and does what, and that nothing typed is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from opendata.inventory.actions.agencies import describe_agency
from opendata.inventory.actions.changing import lock_numbers
from opendata.inventory.actions.writing import EDITABLE, edit_asset
from opendata.inventory.models import Agency, Asset
from portal.audit.models import AuditEvent
from portal.staff.models import User
from tests.opendata.inventory.conftest import (
    AGENCIES,
    ASSETS,
    GIVEAWAYS,
    PROFILE,
    agency,
    assessed,
    asset,
    published,
    redacted,
    scheduled,
    signed_in,
    withheld,
    words,
)
from tests.people import World
from tests.running import wait_until

pytestmark = pytest.mark.django_db


def change(found: Any) -> str:
    return f"{ASSETS if isinstance(found, Asset) else AGENCIES}{found.pk}/change/"


def do(found: Asset, verb: str) -> str:
    return f"{ASSETS}{found.pk}/do/{verb}/"


def typed(found: Asset, **changes: Any) -> dict[str, Any]:
    values = {name: getattr(found, name) or "" for name in EDITABLE} | {"unit": found.unit_id, "is_high_value": ""}
    return {**values, "seen_revision": found.revision, **changes}


def decided(found: Asset, **changes: Any) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "revision": found.revision, "access": "closed", "classification": "none", "reason": "personal",
        "legal_basis_ar": "قانون", "legal_basis_en": "A law", "decided_by_role_ar": "مدير",
        "decided_by_role_en": "Director", "decided_on": f"{today:%d/%m/%Y}",
        "review_on": f"{today + timedelta(days=365):%d/%m/%Y}", **changes,
    }  # fmt: skip


def test_an_asset_opens_to_its_unit_and_the_overseer_only(
    world: World, steward: User, stranger: User, overseer: User
) -> None:
    for found in (asset(world, title_en="Unassessed thing"), redacted(world)):
        for user, wanted in ((steward, 200), (overseer, 200), (stranger, 302), (world.administrator, 200)):
            assert signed_in(user).get(change(found)).status_code == wanted
        assert signed_in(stranger).get(do(found, "assess")).status_code == 404
        assert signed_in(stranger).post(do(found, "withhold"), decided(found)).status_code == 404
    theirs = words(signed_in(stranger).get(f"{ASSETS}?q=submarine")) + words(signed_in(stranger).get(ASSETS))
    assert "Unassessed thing" not in theirs
    assert not [word for word in ("Blue submarine", "BLUE-SUB-7", "الغواصة") if word in theirs]
    assert "Unassessed thing" in words(signed_in(overseer).get(ASSETS))
    assert signed_in(world.officer).get(ASSETS).status_code == 403


def test_the_overseer_reads_and_changes_nothing(world: World, overseer: User) -> None:
    found, body = asset(world), agency(world)
    client = signed_in(overseer)
    page = words(client.get(change(found)))
    assert 'name="title_en"' not in page
    assert "/do/assess/" not in page
    assert found.title_en in page
    assert client.post(change(found), typed(found, title_en="Changed")).status_code == 403
    assert client.post(do(found, "assess"), decided(found)).status_code == 403
    assert client.get(f"{ASSETS}add/").status_code == 403
    assert client.get(change(body)).status_code == 200
    assert client.post(change(body), {}).status_code == 403


def test_a_steward_enters_an_asset_for_the_own_unit_in_both_languages(world: World, steward: User) -> None:
    client = signed_in(steward)
    page = words(client.get(f"{ASSETS}add/"))
    assert "Elsewhere" not in page.partition('name="unit"')[2].partition("</select>")[0]
    model = Asset(unit=world.licensing, code="أ-٠٠٧", title_ar="عنوان", title_en="Title", theme="law",
                  frequency="yearly")  # fmt: skip
    sent = {name: "" if value is None else value for name, value in typed(model).items()}
    assert client.post(f"{ASSETS}add/", {**sent, "title_ar": ""}).status_code == 200
    one_sided = client.post(f"{ASSETS}add/", {**sent, "description_en": "Typed at length"})
    assert "Write it in both languages" in words(one_sided)
    assert "Typed at length" in words(one_sided)
    assert client.post(f"{ASSETS}add/", {**sent, "unit": world.other_unit.pk}).status_code == 200
    response = client.post(f"{ASSETS}add/", sent)
    assert response.status_code == 302, words(response)
    found = Asset.objects.get()
    assert (found.code, found.organisation, found.created_by) == ("أ-007", world.ministry, steward)
    assert "has this number" in words(client.post(f"{ASSETS}add/", sent))


def test_every_step_is_taken_from_its_own_page_and_told_in_the_history(world: World, steward: User) -> None:
    found, client = asset(world), signed_in(steward)
    assert "/do/assess/" in words(client.get(change(found)))
    open_now = {"revision": found.revision, "access": "open", "classification": "none"}
    assert client.post(do(found, "assess"), open_now).status_code == 302
    found.refresh_from_db()
    day = timezone.localdate() + timedelta(days=9)
    assert client.get(do(found, "schedule")).status_code == 200
    sent = {"revision": found.revision, "release_on": f"{day:%d-%m-%Y}"}
    assert client.post(do(found, "schedule"), sent).status_code == 302
    found.refresh_from_db()
    assert client.post(do(found, "withhold"), decided(found)).status_code == 302
    found.refresh_from_db()
    sent = {"revision": found.revision, "ground": "security"}
    assert client.post(do(found, "redact_title"), sent).status_code == 302
    found.refresh_from_db()
    assert client.post(do(found, "show_title"), {"revision": found.revision}).status_code == 302
    found.refresh_from_db()
    assert client.post(do(found, "reopen"), {"revision": found.revision}).status_code == 302
    page = words(client.get(change(found)))
    for told in (
        "Data asset entered",
        "Assessed",
        "Release scheduled",
        "Withheld",
        "Title hidden",
        "Decision reopened",
    ):
        assert told in page
    assert client.get(do(found, "reopen")).status_code == 302
    assert client.get(do(found, "burn")).status_code == 404
    assert not [word for event in AuditEvent.objects.about(found) for word in GIVEAWAYS if word in str(event.data)]


def test_a_step_that_lacks_something_says_what_and_keeps_what_was_typed(world: World, steward: User) -> None:
    found = asset(world)
    response = signed_in(steward).post(do(found, "assess"), decided(found, legal_basis_en="", decided_on="32/1/2026"))
    assert response.status_code == 422
    response = signed_in(steward).post(do(found, "assess"), decided(found, legal_basis_en=""))
    page = words(response)
    assert response.status_code == 422
    assert "Name the legal basis in English." in page
    assert 'href="#id_legal_basis_en"' in page
    assert "Director" in page
    late = signed_in(steward).post(do(published(world), "reopen"), {"revision": 3})
    assert late.status_code == 422
    assert "Its data is published" in words(late)


def test_a_decision_looked_at_again_is_confirmed(world: World, steward: User) -> None:
    found, client = withheld(world), signed_in(steward)
    page = words(client.get(do(found, "confirm")))
    assert 'value="Personal Data Law"' in page
    assert "checked" in page
    response = client.post(do(found, "confirm"), decided(found, legal_basis_en="A newer law"))
    assert response.status_code == 302
    found.refresh_from_db()
    assert (found.state, found.legal_basis_en) == ("withheld", "A newer law")


def test_whoever_comes_second_is_told_and_loses_nothing(world: World, steward: User) -> None:
    found, client = asset(world), signed_in(steward)
    sent = typed(found, title_en="My title", source_system="My system")
    edit_asset(asset=found, by=world.officer, revision=found.revision, title_en="Their title")
    response = client.post(change(found), sent)
    page = words(response)
    assert response.status_code == 409
    for shown in ("Nothing was overwritten", "Their title", "My title", "My system"):
        assert shown in page
    sent["seen_revision"] = page.partition('name="seen_revision" value="')[2].partition('"')[0]
    assert client.post(change(found), sent).status_code == 302
    found.refresh_from_db()
    assert found.title_en == "My title"
    step = decided(found)
    edit_asset(asset=found, by=world.officer, revision=found.revision, title_en="Their title")
    second = client.post(do(found, "assess"), step)
    assert second.status_code == 409
    assert "Text changed" in words(second)
    assert "Director" in words(second)
    assert f'name="revision" value="{found.revision}"' in words(second)


@pytest.mark.django_db(transaction=True)
def test_an_edit_waits_for_an_import_with_nothing_locked_and_citizens_do_not_wait(world: World, steward: User) -> None:
    found, client = asset(world), signed_in(steward)

    def edit() -> Any:
        try:
            return client.post(change(found), typed(found, title_en="Edited meanwhile"))
        finally:
            connection.close()

    def point_at_unit() -> Any:
        try:
            return asset(world)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            lock_numbers(world.licensing.organisation_id)
            assert pool.submit(point_at_unit).result(timeout=20).pk
            edited = pool.submit(edit)
            wait_until(_somebody_waits)
            Asset.objects.select_for_update(nowait=True).get(pk=found.pk)
        assert edited.result(timeout=20).status_code == 302
    found.refresh_from_db()
    assert found.title_en == "Edited meanwhile"


def _somebody_waits() -> bool:
    """On this database; others may be waited for on the same server."""
    here = "SELECT pid FROM pg_locks JOIN pg_database base ON base.oid = database WHERE datname = current_database()"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN ({here})")
        return bool(cursor.fetchone()[0])


def test_a_clerk_enters_and_does_not_decide(world: World, clerk: User) -> None:
    found, client = asset(world), signed_in(clerk)
    assert client.post(change(found), typed(found, title_en="Better")).status_code == 302
    assert "/do/" not in words(client.get(change(found)))
    assert client.post(do(found, "assess"), decided(found)).status_code == 403


def test_the_list_is_filtered_by_what_there_is_to_do(world: World, steward: User) -> None:
    entered, planned = asset(world), scheduled(world, timezone.localdate() - timedelta(days=1))
    closed, future = withheld(world), assessed(world, is_high_value=True)
    Asset.objects.filter(pk=closed.pk).update(review_on=timezone.localdate())
    client = signed_in(steward)
    for query, wanted in (
        ("waiting=assess", entered), ("waiting=late", planned), ("waiting=review", closed),
        ("state__exact=withheld", closed), ("access__exact=closed", closed), ("is_high_value__exact=1", future),
        (f"q={entered.code}", entered),
    ):  # fmt: skip
        page = words(client.get(f"{ASSETS}?{query}"))
        listed = [found for found in (entered, planned, closed, future) if f"{ASSETS}{found.pk}/change/" in page]
        assert listed == [wanted], query


def test_an_agency_is_described_by_those_who_work_there(
    world: World, steward: User, stranger: User, overseer: User
) -> None:
    body, client = agency(world), signed_in(steward)
    page = words(client.get(change(body)))
    assert 'name="counted_from"' not in page
    sent = {**PROFILE, "seen_revision": body.revision, "website": "https://ministry.example/data"}
    bad = client.post(change(body), {**sent, "website": "http://x.example", "roles_en": ""})
    assert "has to begin with https://" in words(bad)
    assert "Write it in both languages" in words(bad)
    moved = {**sent, "contact_phone": "٢٤٠٠٠٠٠٠", "counted_from": "1/1/2030", "slug": "other"}
    assert client.post(change(body), moved).status_code == 302
    body.refresh_from_db()
    assert (body.contact_phone, str(body.counted_from), body.slug) == ("+96824000000", "2026-01-31", "ministry")
    describe_agency(agency=body, by=world.lead, revision=body.revision, contact_role_en="Somebody else's words")
    late = client.post(change(body), sent)
    assert late.status_code == 409
    assert "Somebody else's words" in words(late)
    assert signed_in(stranger).get(change(body)).status_code == 302
    assert "Ministry" not in words(signed_in(stranger).get(AGENCIES)).partition("<main")[2].partition("result_list")[2]


def test_an_administrator_lets_the_deadlines_of_an_organisation_run(world: World) -> None:
    client = signed_in(world.administrator)
    sent = {"organisation": world.ministry.pk, "slug": "the_ministry", "counted_from": "31/1/2026"}
    response = client.post(f"{AGENCIES}add/", sent)
    assert response.status_code == 302, words(response)
    assert Agency.objects.get().slug == "the_ministry".replace("_", "-")
    assert client.get(f"{AGENCIES}add/").status_code == 200


def test_the_desk_shows_what_waits_for_whom(world: World, steward: User, stranger: User, overseer: User) -> None:
    agency(world)
    late, entered = scheduled(world, timezone.localdate() - timedelta(days=1)), asset(world)
    mine = words(signed_in(steward).get("/admin/"))
    assert late.title_en in mine
    assert entered.title_en in mine
    theirs = words(signed_in(stranger).get("/admin/"))
    assert late.title_en not in theirs
    assert "Agencies behind in open data" in words(signed_in(overseer).get("/admin/"))
    assert "Agencies behind in open data" not in mine


def test_the_lists_ask_as_often_for_three_rows_as_for_one(
    world: World, overseer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(overseer)
    agency(world)
    asset(world)
    for address in (ASSETS, AGENCIES):
        client.get(address)
    counts = {}
    for address in (ASSETS, AGENCIES):
        with django_assert_num_queries(40, exact=False) as asked:
            client.get(address)
        counts[address] = len(asked.captured_queries)
    agency(world, world.other_unit.organisation)
    agency(world, world.authority)
    scheduled(world)
    redacted(world, unit=world.other_unit)
    for address, count in counts.items():
        with django_assert_num_queries(count + (address == ASSETS), exact=False):
            client.get(address)
