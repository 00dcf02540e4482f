"""Staff read words where the tables keep codes."""

from __future__ import annotations

import pytest

from participation.feedback.actions import work
from participation.feedback.labels import SUSPICIONS
from participation.feedback.models import Case
from participation.feedback.staffside.facts import events_of
from portal.audit.models import AuditEvent
from portal.bilingual import in_language
from tests.people import World, open_case

pytestmark = pytest.mark.django_db


def test_it_says_why_a_message_was_held() -> None:
    case = Case(suspicion="trap,links")
    with in_language("en"):
        assert case.suspicion_told == f"{SUSPICIONS['trap']}, {SUSPICIONS['links']}"
    with in_language("ar"):
        assert "، " in case.suspicion_told
        assert "trap" not in case.suspicion_told
    assert Case().suspicion_told == ""


def test_the_history_names_units_and_authorities(world: World) -> None:
    case = open_case(world)
    work.refer_case(case=case, authority=world.authority, text="Theirs.", by=world.officer)
    with in_language("ar"):
        details = " ".join(event.details for event in events_of(case))  # type: ignore[attr-defined]
        assert str(world.licensing) in details
        assert str(world.authority) in details


def test_the_trail_and_its_filters_speak_words(world: World, admin_client: object) -> None:
    case = open_case(world)
    verb = AuditEvent.objects.about(case).latest("pk").verb
    html = admin_client.get("/admin/audit/auditevent/").content.decode()  # type: ignore[attr-defined]
    assert ">feedback.case<" not in html
    assert f">{verb}<" not in html
