"""Who enters and publishes services, and a quick way to have one."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from policies.services.actions.publishing import publish_service
from policies.services.actions.writing import write_service
from policies.services.models import Service
from portal.organisations.models import Role
from portal.staff.models import User
from tests.people import World, staff

EDITING = ("view_service", "add_service", "change_service", "delete_service")
LIST = "/admin/services/service/"
_numbers = itertools.count(1)


@pytest.fixture
def editor(world: World) -> User:
    return staff("nadia", world.licensing, Role.OFFICER, *EDITING)


@pytest.fixture
def publisher(world: World) -> User:
    return staff("bader", world.licensing, Role.LEAD, *EDITING, "publish_service")


@pytest.fixture
def stranger(world: World) -> User:
    """May publish, but in another organisation."""
    return staff("fahad", world.other_unit, Role.LEAD, *EDITING, "publish_service")


def facts(**changes: Any) -> dict[str, Any]:
    """Everything a service has to state, unless changed."""
    number = next(_numbers)
    return {
        "slug": f"service-{number}",
        "name_ar": f"خدمة رقم {number}", "name_en": f"Service {number}",
        "purpose_ar": "لمن يحتاج إليها", "purpose_en": "For those who need it",
        "personas": ["citizen"], "life_events": ["business"], "channels": ["website", "counter"],
        "url": "https://services.ministry.example/apply",
        "prerequisites_ar": "شرط", "prerequisites_en": "A condition",
        "documents_ar": "مستند أول\nمستند ثان", "documents_en": "First document\nSecond document",
        "held_documents_ar": "البطاقة", "held_documents_en": "The card",
        "steps_ar": "ابدأ\nانته", "steps_en": "Begin\nEnd",
        "time_amount": 3, "time_unit": "days", "fee_kind": "fixed", "fee": Decimal("12.500"),
        "legal_basis_ar": "قانون", "legal_basis_en": "A law", "phone": "80000070",
        **changes,
    }  # fmt: skip


def draft(world: World, by: Any = None, **changes: Any) -> Service:
    place = {"organisation": world.ministry, "unit": world.licensing}
    return write_service(by=by or world.officer, **{**place, **facts(**changes)})


def published(world: World, **changes: Any) -> Service:
    service = draft(world, **changes)
    publish_service(service=service, by=world.administrator)
    return service


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def change(service: Service) -> str:
    return f"{LIST}{service.pk}/change/"


def do(service: Service, verb: str) -> str:
    return f"{LIST}{service.pk}/do/{verb}/"


def typed(world: World, service: Service | None = None, **changes: Any) -> dict[str, Any]:
    """What the form sends: of a service, or of a new one."""
    names = [name for name in facts() if service is not None]
    values = (
        {name: getattr(service, name) for name in names} | {"seen_version": service.version} if service else facts()
    )
    sent = {"unit": world.licensing.pk, "topic": "", **values, **changes}
    return {name: "" if value is None else value for name, value in sent.items() if value is not False}


def words(response: Any) -> str:
    return response.content.decode()
