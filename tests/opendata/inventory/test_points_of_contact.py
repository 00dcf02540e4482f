"""Whom to ask about a data asset: its own point of contact where it names one, else its agency's. And addresses."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.translation import override

from opendata.inventory.actions.writing import edit_asset
from opendata.inventory.addresses import RESERVED, validate_agency
from opendata.inventory.models import Agency, Asset
from opendata.inventory.showing import Contact, contact_of, for_public
from portal.staff.models import User
from tests.opendata.inventory.conftest import (
    AGENCIES,
    PROFILE,
    agency,
    assessed,
    asset,
    redacted,
    signed_in,
    url,
    words,
)
from tests.opendata.inventory.test_importing import HEADER, as_csv, line, planned, reasons, take
from tests.opendata.inventory.test_inventory_admin import change, typed
from tests.people import World

pytestmark = pytest.mark.django_db
OWN = {"contact_role_ar": "مدير الإحصاء", "contact_role_en": "Director of Statistics",
       "contact_email": "statistics@ministry.example"}  # fmt: skip
COLUMNS = [*HEADER, "contact_role_ar", "contact_role_en", "contact_email", "contact_phone"]


def contact(found: Asset) -> Contact:
    with override("en"):
        return contact_of(for_public(Asset.objects.all()).get(pk=found.pk))


def test_an_asset_has_its_agencys_point_of_contact_unless_it_names_its_own(world: World) -> None:
    agency(world, **PROFILE)
    assert contact(assessed(world)) == Contact("Open data officer", "opendata@ministry.example", "+96824000000")
    assert contact(assessed(world, **OWN)) == Contact("Director of Statistics", "statistics@ministry.example", "")
    only_role = assessed(world, contact_role_ar="مدير", contact_role_en="Director")
    assert contact(only_role) == Contact("Director", "opendata@ministry.example", "+96824000000")


def test_an_asset_whose_title_is_not_shown_names_nobody_of_its_own(client: Client, world: World) -> None:
    agency(world, **PROFILE)
    found = redacted(world, contact_email="submarine@ministry.example")
    assert contact(found).email == "opendata@ministry.example"
    for name, *args in (("asset", found.pk), ("list",), ("list_file", "csv"), ("list_file", "json")):
        assert "submarine@" not in words(client.get(url(name, *args)))


def test_the_page_and_the_tables_show_it(client: Client, world: World) -> None:
    found = assessed(world, **OWN)
    for language, role in (("en", "Director of Statistics"), ("ar", "مدير الإحصاء")):
        page = words(client.get(url("asset", found.pk, language=language)))
        assert role in page
        assert "mailto:statistics@ministry.example" in page
    [row] = json.loads(words(client.get(url("list_file", "json"))))
    assert (row["contact_role_ar"], row["contact_role_en"]) == ("مدير الإحصاء", "Director of Statistics")
    assert (row["contact_email"], row["contact_phone"]) == ("statistics@ministry.example", None)


def test_it_is_written_in_the_form_and_whoever_comes_second_is_told(world: World, steward: User) -> None:
    found = assessed(world)
    client = signed_in(steward)
    sent = typed(found, **OWN, contact_phone="٢٤٠٠٠٠٠١", is_high_value="on", frequency="daily")
    assert "Write it in both languages" in words(client.post(change(found), {**sent, "contact_role_ar": ""}))
    assert client.post(change(found), {**sent, "contact_email": "nobody"}).status_code == 200
    assert client.post(change(found), sent).status_code == 302
    found.refresh_from_db()
    assert (found.contact_phone, found.is_high_value, found.frequency) == ("+96824000001", True, "daily")
    second = client.post(change(found), {**sent, "frequency": "yearly", "contact_email": "other@ministry.example"})
    assert second.status_code == 409
    found.refresh_from_db()
    assert (found.frequency, found.contact_email) == ("daily", "statistics@ministry.example")


def test_a_file_may_bring_it(world: World, steward: User) -> None:
    row = [*line(1), "مدير الإحصاء", "Director of Statistics", "statistics@ministry.example", "24000001"]
    content = as_csv(row, header=COLUMNS)
    assert take(world, steward, content)["added"] == 1
    found = Asset.objects.get()
    assert (found.contact_role_en, found.contact_phone) == ("Director of Statistics", "+96824000001")
    assert take(world, steward, content)["unchanged"] == 1
    assert take(world, steward, as_csv(line(1)))["unchanged"] == 1
    changed = as_csv([*row[:-2], "new@ministry.example", "+968 2400 0001"], header=COLUMNS)
    assert take(world, steward, changed)["changed"] == 1


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (["مدير", "", "", ""], "both languages"),
        (["", "", "nobody", ""], "E-mail of the point of contact"),
        (["", "", "", "123"], "telephone number of 8 digits"),
        (["", "", f"{'x' * 250}@ministry.example", ""], "E-mail of the point of contact"),
    ],
)
def test_a_row_with_a_contact_nobody_reaches_is_refused(world: World, values: list[str], reason: str) -> None:
    told = reasons(planned(world, as_csv([*line(1), *values], header=COLUMNS)))
    assert reason in told[2]


def test_the_database_wants_the_job_in_both_languages(world: World) -> None:
    found = asset(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        Asset.objects.filter(pk=found.pk).update(contact_role_ar="مدير")
    assert edit_asset(asset=found, by=world.lead, revision=found.revision, **OWN)


@pytest.mark.parametrize("slug", [*RESERVED, "Upper", "under_score", "a", "-a", "ب", "", "x" * 81])
def test_an_agency_gets_no_address_that_others_cannot_take(world: World, slug: str) -> None:
    with pytest.raises(ValidationError):
        validate_agency(slug)
    body = agency(world)
    with pytest.raises(Exception, match=r"agency_address_fits|too long"), transaction.atomic():
        Agency.objects.filter(pk=body.pk).update(slug=slug)


def test_the_form_of_an_agency_says_so(world: World) -> None:
    sent: dict[str, Any] = {"organisation": world.ministry.pk, "slug": "search", "counted_from": "31/1/2026"}
    client = signed_in(world.administrator)
    assert "address of the portal itself" in words(client.post(f"{AGENCIES}add/", sent))
    assert "small Latin letters" in words(client.post(f"{AGENCIES}add/", {**sent, "slug": "m"}))
    assert not Agency.objects.exists()
