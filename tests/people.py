"""Named people and the small world they work in."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Permission

from participation.feedback.actions.intake import Entry, Submitted, submit_case
from participation.feedback.models import Case, RoutingRule
from participation.feedback.states import Kind
from portal.organisations.models import Membership, Organisation, Role, Topic, Unit
from portal.staff.models import User

PASSWORD = "a-long-test-password"
_numbers = itertools.count(1)
STAFF_PERMISSIONS = ["view_case", "change_case"]


@cache
def hashed(password: str) -> str:
    """The password as the database keeps it; worked out once, because that is slow on purpose."""
    return make_password(password)


def staff(
    username: str, unit: Unit | None = None, role: str = Role.OFFICER, *permissions: str, language: str = "en"
) -> User:
    """A member of staff who may sign in to the admin, with a role in a unit."""
    user = User.objects.create(
        username=username, email=f"{username}@staff.example", password=hashed(PASSWORD), is_staff=True,
        language=language, name_en=username.title(), name_ar=f"الموظف {username}",
    )  # fmt: skip
    wanted = Permission.objects.filter(codename__in=[*STAFF_PERMISSIONS, *permissions])
    user.user_permissions.set(wanted)
    if unit:
        Membership.objects.create(user=user, unit=unit, role=role)
    return user


@dataclass
class World:
    """A ministry with a licensing unit and a call centre, another organisation, and who works there."""

    ministry: Organisation
    licensing: Unit
    call_centre: Unit
    other_unit: Unit
    authority: Organisation
    topic: Topic
    officer: User
    colleague: User
    lead: User
    head: User
    triager: User
    outsider: User
    administrator: User


def unit(organisation: Organisation, code: str, **fields: Any) -> Unit:
    return Unit.objects.create(
        organisation=organisation, code=code, name_ar=f"قسم {code}", name_en=code.title(), **fields
    )


@pytest.fixture
def world(db: None) -> World:
    """Everybody, and one rule: complaints go to licensing."""
    return build_world()


def build_world() -> World:
    ministry = Organisation.objects.create(code="ministry", name_ar="الوزارة", name_en="Ministry")
    other = Organisation.objects.create(code="other", name_ar="جهة أخرى", name_en="Other body")
    authority = Organisation.objects.create(
        code="authority", name_ar="الهيئة", name_en="Authority", is_external=True, email="authority@body.example"
    )
    licensing = unit(ministry, "licensing")
    call_centre = unit(ministry, "call-centre", is_triage=True)
    other_unit = unit(other, "elsewhere")
    topic = Topic.objects.create(slug="licences", name_ar="التراخيص", name_en="Licences")
    RoutingRule.objects.create(position=1, name="complaints", kind=Kind.COMPLAINT, unit=licensing)
    return World(
        ministry, licensing, call_centre, other_unit, authority, topic,
        officer=staff("omar", licensing),
        colleague=staff("khalid", licensing),
        lead=staff("layla", licensing, Role.LEAD, "export_case"),
        head=staff("hilal", licensing, Role.HEAD, "export_case"),
        triager=staff("tariq", call_centre, Role.OFFICER, "register_case"),
        outsider=staff("salma", other_unit),
        administrator=User.objects.create(
            username="admin", email="admin@staff.example", password=hashed(PASSWORD), is_staff=True, is_superuser=True,
            language="en", name_en="Admin",
        ),
    )  # fmt: skip


def entry(world: World, **changes: Any) -> Entry:
    """What a citizen wrote: an Arabic complaint, unless changed."""
    values = {
        "kind": Kind.COMPLAINT,
        "topic": world.topic,
        "text": f"تأخر تجديد الرخصة منذ أسبوعين، أرجو المساعدة رقم {next(_numbers)}",
        "language": "ar",
        "name": "مريم",
        "email": "maryam@citizen.example",
    }
    return Entry(**{**values, **changes})


def submitted(world: World, **changes: Any) -> Submitted:
    """A case just sent by a citizen, with its secret."""
    return submit_case(entry=entry(world, **changes), form_token=f"token-{next(_numbers)}")


def open_case(world: World, **changes: Any) -> Case:
    """A case in the queue of the licensing unit."""
    from participation.feedback.actions.routing import route_case

    case = submitted(world, **changes).case
    return route_case(case=case, unit=world.licensing)
