"""The demonstration tells a directory with everything in it, once."""

from __future__ import annotations

import pytest

from policies.services.choices import LifeEvent, Persona
from policies.services.models import Service
from policies.services.standing import standings, together
from portal.home.demo.people import ensure_people
from portal.home.demo.services import tell_services
from portal.home.demo.setting import ensure_setting

pytestmark = pytest.mark.django_db


def test_it_tells_every_kind_once(tmp_path: object) -> None:
    ensure_setting()
    ensure_people()
    assert tell_services() == 33
    assert tell_services() == 0
    assert {state: Service.objects.filter(state=state).count() for state in ("draft", "published", "withdrawn")} == {
        "draft": 2, "published": 30, "withdrawn": 1,
    }  # fmt: skip
    sums = together(standings())
    assert sums["bodies"] == 9
    assert 0 < sums["complete"] < sums["listed"]
    rows = list(Service.objects.published())
    assert {event for row in rows for event in row.life_events} == set(LifeEvent.values)
    assert {persona for row in rows for persona in row.personas} == set(Persona.values)
