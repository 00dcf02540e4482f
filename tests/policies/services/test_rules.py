"""What the database and the actions refuse of a service."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from policies.services.actions.changing import Conflict
from policies.services.actions.publishing import NotReady, publish_service, review_service, withdraw_service
from policies.services.actions.writing import discard_draft, edit_service, write_service
from policies.services.models import Service
from portal.audit.models import AuditEvent
from tests.at_once import at_once
from tests.people import World
from tests.policies.services.conftest import draft, facts, published

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "changes",
    [
        {"name_en": ""},
        {"purpose_ar": None},
        {"steps_en": ""},
        {"steps_en": "Begin\nGo on\nEnd"},
        {"channels": []},
        {"personas": []},
        {"personas": ["ghost"]},
        {"life_events": ["ghost"]},
        {"channels": ["pigeon"]},
        {"url": ""},
        {"url": "http://services.ministry.example/"},
        {"url": "javascript:alert(1)"},
        {"channels": ["counter"]},
        {"no_documents": True},
        {"no_prerequisites": True},
        {"time_amount": None},
        {"time_unit": ""},
        {"time_amount": 0},
        {"fee": None},
        {"fee_kind": "free"},
        {"fee_kind": "varies", "fee": None},
        {"fee_kind": "gift"},
        {"slug": "organisations"},
        {"slug": "Not Plain"},
        {"state": "gone"},
        {"state": "withdrawn"},
        {"published_by": None},
        {"reviewed_on": None},
    ],
)
def test_the_database_refuses(world: World, changes: dict[str, Any]) -> None:
    service = published(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        Service.objects.filter(pk=service.pk).update(**changes)


def test_a_draft_may_be_incomplete_but_has_a_name(world: World) -> None:
    place = {"organisation": world.ministry, "unit": world.licensing}
    write_service(by=world.officer, slug="scrap", name_ar="اسم", **place)
    with pytest.raises(IntegrityError), transaction.atomic():
        write_service(by=world.officer, slug="nameless", **place)


def test_a_unit_of_another_organisation_is_refused(world: World) -> None:
    with pytest.raises(ValueError, match="no unit of"):
        write_service(by=None, organisation=world.ministry, unit=world.other_unit, **facts())


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"name_en": ""}, "missing"),
        ({"legal_basis_ar": ""}, "missing"),
        ({"steps_en": "Begin"}, "lists"),
        ({"personas": []}, "choices"),
        ({"url": ""}, "online"),
        ({"fee_kind": "varies", "fee": None}, "missing"),
    ],
)
def test_what_is_not_ready_is_not_published(world: World, changes: dict[str, Any], problem: str) -> None:
    service = draft(world, **changes)
    with pytest.raises(NotReady) as refused:
        publish_service(service=service, by=world.administrator)
    assert refused.value.problem == problem


def test_nobody_publishes_what_they_wrote_themselves(world: World) -> None:
    service = draft(world, by=world.lead)
    with pytest.raises(NotReady) as refused:
        publish_service(service=service, by=world.lead)
    assert refused.value.problem == "own"
    assert publish_service(service=service, by=world.head)


def test_a_colleagues_change_does_not_let_an_author_publish_their_own_text(world: World) -> None:
    service = draft(world, by=world.lead)
    edit_service(service=service, by=world.officer, version=1, purpose_en="One letter more")
    with pytest.raises(NotReady) as refused:
        publish_service(service=service, by=world.lead)
    assert refused.value.problem == "own"
    assert publish_service(service=service, by=world.head)
    withdraw_service(service=service, by=world.head)
    assert publish_service(service=service, by=world.lead), "a second person has seen every word of it"


def test_a_review_is_of_the_text_that_was_read(world: World) -> None:
    service = published(world)
    Service.objects.filter(pk=service.pk).update(reviewed_on="2020-01-01")
    service.refresh_from_db()
    read = service.version
    edit_service(service=service, by=world.lead, version=read, purpose_en="Changed since")
    with pytest.raises(Conflict):
        review_service(service=service, by=world.head, version=read)
    service.refresh_from_db()
    assert str(service.reviewed_on) == "2020-01-01"
    assert review_service(service=service, by=world.head, version=service.version)
    assert not review_service(service=service, by=world.head, version=service.version)


def test_each_verb_said_twice_changes_nothing(world: World) -> None:
    service = draft(world)
    assert publish_service(service=service, by=world.head)
    assert not publish_service(service=service, by=world.head)
    assert not review_service(service=service, by=world.head)
    assert withdraw_service(service=service, by=world.head)
    assert not withdraw_service(service=service, by=world.head)
    first = service.published_at
    assert publish_service(service=service, by=world.head)
    assert (service.published_at, service.withdrawn_at) == (first, None)
    verbs = [event.verb for event in AuditEvent.objects.about(service)]
    assert verbs == ["service.written", "service.published", "service.withdrawn", "service.published"]


def test_a_published_address_stays(world: World) -> None:
    service = published(world)
    slug = service.slug
    edit_service(service=service, by=world.lead, version=service.version, slug="other", purpose_en="New")
    assert (service.slug, service.purpose_en) == (slug, "New")


def test_a_later_editor_is_told(world: World) -> None:
    service = draft(world)
    edit_service(service=service, by=world.lead, version=1, purpose_en="Mine")
    with pytest.raises(Conflict):
        edit_service(service=service, by=world.officer, version=1, purpose_en="Yours")
    with pytest.raises(Conflict):
        publish_service(service=service, by=world.administrator, version=1)


def test_only_drafts_are_discarded(world: World) -> None:
    assert not discard_draft(service=published(world), by=world.lead)
    assert discard_draft(service=draft(world), by=world.lead)
    assert Service.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_editors_at_once_one_wins(world: World) -> None:
    service = draft(world)
    by = [world.officer, world.lead]
    told = at_once(2, lambda n: edit_service(
        service=Service.objects.get(pk=service.pk), by=by[n], version=1, purpose_en=f"Text {n}"))  # fmt: skip
    assert sorted(type(one).__name__ for one in told) == ["Conflict", "bool"]
    service.refresh_from_db()
    assert service.version == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_publishers_at_once_one_publishes(world: World) -> None:
    service = draft(world)
    told = at_once(2, lambda n: publish_service(
        service=Service.objects.get(pk=service.pk), by=[world.lead, world.head][n]))  # fmt: skip
    assert [one for one in told if one is True] == [True]
    assert AuditEvent.objects.filter(verb="service.published").count() == 1
