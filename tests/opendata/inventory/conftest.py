"""Data stewards of two organisations, an overseer, and quick ways to have assets and agencies."""

from __future__ import annotations

import html
import itertools
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from opendata.inventory.actions.agencies import add_agency, describe_agency
from opendata.inventory.actions.publishing import mark_published
from opendata.inventory.actions.steps import Decision, assess, redact_title, schedule, withhold
from opendata.inventory.actions.writing import enter_asset
from opendata.inventory.models import Agency, Asset
from portal.organisations.models import Role
from portal.staff.models import User
from tests.people import World, staff

STEWARD = ("view_asset", "add_asset", "change_asset", "decide_asset", "view_agency", "change_agency")
ASSETS, AGENCIES = "/admin/inventory/asset/", "/admin/inventory/agency/"
_numbers = itertools.count(1)


@pytest.fixture
def steward(world: World) -> User:
    return staff("nadia", world.licensing, Role.LEAD, *STEWARD)


@pytest.fixture
def clerk(world: World) -> User:
    """Enters assets, and decides on none."""
    return staff("yusuf", world.licensing, Role.OFFICER, "view_asset", "add_asset", "change_asset")


@pytest.fixture
def stranger(world: World) -> User:
    """May do everything, but in another organisation."""
    return staff("fahad", world.other_unit, Role.LEAD, *STEWARD)


@pytest.fixture
def overseer(world: World) -> User:
    return staff("hind", world.call_centre, Role.OFFICER, "oversee_agency", "view_asset", "view_agency")


def asset(world: World, **changes: Any) -> Asset:
    """An asset just entered."""
    number = next(_numbers)
    content = {
        "by": world.administrator, "unit": world.licensing, "code": f"A-{number:03}",
        "title_ar": f"بيانات رقم {number}", "title_en": f"Data {number}",
        "description_ar": "وصف البيانات", "description_en": "What the data holds",
        "theme": "economy", "frequency": "monthly", "source_system": "Licences register",
        "owner_role_ar": "مدير التراخيص", "owner_role_en": "Director of Licensing", **changes,
    }  # fmt: skip
    return enter_asset(**content)


def closed_by(**changes: Any) -> Decision:
    """A complete decision that data is closed."""
    today = timezone.localdate()
    values: dict[str, Any] = {
        "access": "closed", "reason": "personal", "legal_basis_ar": "قانون البيانات الشخصية",
        "legal_basis_en": "Personal Data Law", "decided_by_role_ar": "مدير الشؤون القانونية",
        "decided_by_role_en": "Director of Legal Affairs", "decided_on": today - timedelta(days=10),
        "review_on": today + timedelta(days=300), **changes,
    }  # fmt: skip
    return Decision(**values)


OPEN = Decision("open")


def assessed(world: World, decision: Decision = OPEN, **changes: Any) -> Asset:
    found = asset(world, **changes)
    assess(asset=found, by=world.administrator, decision=decision)
    return found


def scheduled(world: World, release_on: date | None = None, **changes: Any) -> Asset:
    found = assessed(world, **changes)
    day = release_on or timezone.localdate() + timedelta(days=30)
    schedule(asset=found, by=world.administrator, release_on=day, on=min(day, timezone.localdate()))
    return found


def published(world: World, **changes: Any) -> Asset:
    found = assessed(world, **changes)
    mark_published(asset=found, by=world.administrator, at=timezone.now())
    return found


def withheld(world: World, decision: Decision | None = None, **changes: Any) -> Asset:
    found = assessed(world, decision or closed_by(), **changes)
    withhold(asset=found, by=world.administrator)
    return found


SECRET = {"title_ar": "تحقيق الغواصة الزرقاء", "title_en": "Blue submarine investigation", "code": "BLUE-SUB-7",
          "description_ar": "تفاصيل الغواصة الزرقاء", "description_en": "Details of the blue submarine",
          "source_system": "SubmarineNet", "owner_role_ar": "ضابط الغواصة",
          "owner_role_en": "Submarine officer"}  # fmt: skip
GIVEAWAYS = ("ubmarine", "الغواصة", "BLUE-SUB-7")


def redacted(world: World, **changes: Any) -> Asset:
    """A withheld asset whose title is not shown."""
    found = withheld(world, **{**SECRET, **changes})
    redact_title(asset=found, by=world.administrator, ground="investigation")
    return found


def agency(world: World, organisation: Any = None, counted_from: date = date(2026, 1, 31), **content: Any) -> Agency:
    body = organisation or world.ministry
    found = add_agency(by=world.administrator, organisation=body, slug=body.code, counted_from=counted_from)
    if content:
        describe_agency(agency=found, by=world.administrator, revision=found.revision, **content)
    return found


PROFILE = {
    "contact_role_ar": "مسؤول البيانات المفتوحة", "contact_role_en": "Open data officer",
    "contact_email": "opendata@ministry.example", "contact_phone": "+96824000000",
    **{f"{name}_{code}": f"نص {name}" if code == "ar" else f"Text of {name}"
       for name in ("roles", "publication_process", "request_process", "feedback_process") for code in ("ar", "en")},
}  # fmt: skip


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words(response: Any) -> str:
    return html.unescape(b"".join(response).decode() if response.streaming else response.content.decode())


def url(name: str, *args: Any, language: str = "en") -> str:
    return f"/{language}" + reverse(f"inventory:{name}", args=args)[3:]
