"""The steps of a data asset: each does what it says once, and an impossible one says why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from opendata.inventory.actions.changing import Conflict, NotPossible
from opendata.inventory.actions.publishing import mark_published, mark_unpublished
from opendata.inventory.actions.steps import assess, redact_title, reopen, schedule, show_title, withhold
from opendata.inventory.actions.writing import edit_asset, enter_asset
from opendata.inventory.models import Agency, Asset, Reminder, Upload
from portal.audit.models import AuditEvent
from tests.at_once import at_once
from tests.opendata.inventory.conftest import (
    OPEN,
    agency,
    assessed,
    asset,
    closed_by,
    published,
    redacted,
    scheduled,
    withheld,
)
from tests.people import World

pytestmark = pytest.mark.django_db


def verbs(found: Asset) -> list[str]:
    return [event.verb for event in AuditEvent.objects.about(found)]


def test_an_open_asset_goes_from_the_inventory_to_the_public(world: World) -> None:
    found = asset(world)
    assert (found.state, found.organisation) == ("inventoried", world.ministry)
    assess(asset=found, by=world.lead, decision=OPEN)
    day = timezone.localdate() + timedelta(days=5)
    schedule(asset=found, by=world.lead, release_on=day)
    schedule(asset=found, by=world.lead, release_on=day + timedelta(days=1))
    assert mark_published(asset=found, by=world.lead, at=timezone.now())
    assert not mark_published(asset=found, by=world.lead, at=timezone.now())
    assert found.state == "published"
    assert mark_unpublished(asset=found, by=world.lead)
    assert not mark_unpublished(asset=found, by=world.lead)
    assert (found.state, found.published_at, found.release_on) == ("assessed", None, None)
    assert verbs(found) == ["asset.entered", "asset.assessed", "asset.scheduled", "asset.scheduled",
                            "asset.published", "asset.unpublished"]  # fmt: skip
    assert found.revision == 6


def test_what_is_not_open_is_withheld_with_its_reasons_and_may_be_reopened(world: World) -> None:
    found = withheld(world)
    assert (found.state, found.access, found.legal_basis_en) == ("withheld", "closed", "Personal Data Law")
    renewed = replace(closed_by(), review_on=timezone.localdate() + timedelta(days=700))
    withhold(asset=found, by=world.lead, decision=renewed)
    assert found.review_on == renewed.review_on
    reopen(asset=found, by=world.lead)
    assert (found.state, found.reason) == ("assessed", "personal")
    assess(asset=found, by=world.lead, decision=OPEN)
    assert (found.reason, found.legal_basis_ar, found.review_on) == ("", "", None)


def test_a_scheduled_asset_may_be_withheld_after_all(world: World) -> None:
    found = scheduled(world)
    withhold(asset=found, by=world.lead, decision=closed_by())
    assert (found.state, found.release_on) == ("withheld", None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": ""}, "reason"), ({"legal_basis_ar": ""}, "legal_basis_ar"),
        ({"legal_basis_en": ""}, "legal_basis_en"), ({"decided_by_role_ar": ""}, "decided_by_role_ar"),
        ({"decided_by_role_en": ""}, "decided_by_role_en"), ({"decided_on": None}, "decided_on"),
        ({"review_on": None}, "review_on"), ({"review_on": timezone.localdate() - timedelta(days=20)}, "review_on"),
        ({"decided_on": timezone.localdate() + timedelta(days=1)}, "decided_on"), ({"reason": "because"}, "reason"),
        ({"access": "secret"}, "access"), ({"access": "open"}, "reason"),
        ({"access": "open", "reason": "", "classification": "secret"}, "classification"),
    ],
)  # fmt: skip
def test_it_refuses_an_incomplete_decision_and_names_the_field(
    world: World, changes: dict[str, Any], field: str
) -> None:
    found = asset(world)
    with pytest.raises(NotPossible) as refused:
        assess(asset=found, by=world.lead, decision=replace(closed_by(), **changes))
    assert refused.value.field == field
    found.refresh_from_db()
    assert found.state == "inventoried"


Step = Callable[[World, Asset], None]
DO: dict[str, Step] = {
    "assess": lambda world, found: assess(asset=found, by=world.lead, decision=OPEN),
    "schedule": lambda world, found: schedule(asset=found, by=world.lead, release_on=timezone.localdate()),
    "withhold": lambda world, found: withhold(asset=found, by=world.lead, decision=closed_by()),
    "confirm": lambda world, found: withhold(asset=found, by=world.lead),
    "reopen": lambda world, found: reopen(asset=found, by=world.lead),
    "publish": lambda world, found: mark_published(asset=found, by=None, at=timezone.now()) and None,  # type: ignore[func-returns-value]
    "redact": lambda world, found: redact_title(asset=found, by=world.lead, ground="security"),
    "show": lambda world, found: show_title(asset=found, by=world.lead),
}


@pytest.mark.parametrize(
    ("make", "impossible"),
    [
        (asset, ["schedule", "withhold", "confirm", "reopen", "publish", "redact", "show"]),
        (assessed, ["confirm", "reopen", "redact", "show"]),
        (scheduled, ["assess", "confirm", "redact", "show"]),
        (published, ["assess", "schedule", "withhold", "confirm", "reopen", "redact", "show"]),
        (withheld, ["assess", "schedule", "confirm", "publish", "show"]),
        (redacted, ["assess", "schedule", "publish"]),
    ],
)
def test_it_refuses_steps_that_do_not_fit_and_says_why_in_the_pages_language(
    world: World, make: Callable[[World], Asset], impossible: list[str]
) -> None:
    for name in impossible:
        found = make(world, code=f"X-{name}")  # type: ignore[call-arg]
        before = (found.state, found.revision)
        with pytest.raises(NotPossible) as refused:
            DO[name](world, found)
        for language in ("ar", "en"):
            with override(language):
                assert str(refused.value).strip()
        found.refresh_from_db()
        assert (found.state, found.revision) == before, name


def test_it_refuses_a_day_of_release_that_is_over(world: World) -> None:
    with pytest.raises(NotPossible):
        schedule(asset=assessed(world), by=world.lead, release_on=timezone.localdate() - timedelta(days=1))


def test_it_tells_whoever_comes_second(world: World) -> None:
    found = asset(world)
    seen = found.revision
    edit_asset(asset=found, by=world.lead, revision=seen, title_en="First")
    with pytest.raises(Conflict):
        edit_asset(asset=found, by=world.officer, revision=seen, title_en="Second")
    with pytest.raises(Conflict):
        assess(asset=found, by=world.officer, decision=OPEN, revision=seen)
    assert not edit_asset(asset=found, by=world.officer, revision=found.revision, title_en="First")
    found.refresh_from_db()
    assert (found.title_en, found.state) == ("First", "inventoried")


@pytest.mark.django_db(transaction=True)
def test_of_two_decisions_at_the_same_moment_one_is_told(world: World) -> None:
    found = asset(world)

    def decide(_number: int) -> None:
        assess(asset=Asset.objects.get(pk=found.pk), by=None, decision=OPEN, revision=found.revision)

    outcomes = at_once(4, decide)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict", "Conflict", "Conflict", "NoneType"]


def test_a_number_is_taken_once_in_an_organisation(world: World) -> None:
    found = asset(world, code="A-1")
    with pytest.raises(NotPossible):
        asset(world, code="A-1")
    assert asset(world, code="A-1", unit=world.other_unit).organisation == world.other_unit.organisation
    other = asset(world, code="A-2")
    with pytest.raises(NotPossible):
        edit_asset(asset=other, by=world.lead, revision=other.revision, code=found.code)
    with pytest.raises(NotPossible) as refused:
        edit_asset(asset=other, by=world.lead, revision=other.revision, unit=world.other_unit)
    assert refused.value.field == "unit"


def test_an_open_asset_shows_its_title_again(world: World) -> None:
    found = redacted(world)
    reopen(asset=found, by=world.lead)
    assess(asset=found, by=world.lead, decision=OPEN)
    assert found.hidden_ground == ""


def test_it_is_found_by_other_forms_of_its_words_also_after_a_change(world: World) -> None:
    found = asset(world, title_ar="أعداد المدارس", title_en="Schools")
    assert list(Asset.objects.matching("المدرسة")) == [found] or list(Asset.objects.matching("مدارس")) == [found]
    edit_asset(asset=found, by=world.lead, revision=found.revision, title_ar="أعداد المستشفيات")
    assert not Asset.objects.matching("مدارس").exists()
    assert Asset.objects.matching("مستشفيات").get() == found
    assert not Asset.objects.matching("!!").exists()


DAY = timezone.localdate()
WRONG: list[tuple[str, Callable[[World], Asset], dict[str, Any]]] = [
    ("asset_in_both_languages", asset, {"title_en": ""}),
    ("asset_in_both_languages", asset, {"title_ar": None}),
    ("asset_description_in_both_languages", asset, {"description_ar": ""}),
    ("asset_owner_role_in_both_languages", asset, {"owner_role_en": None}),
    ("asset_access_known", asset, {"access": "x"}),
    ("asset_state_known", asset, {"state": "x"}),
    ("asset_theme_known", asset, {"theme": "x"}),
    ("asset_frequency_known", asset, {"frequency": "x"}),
    ("asset_class_known", asset, {"classification": "x"}),
    ("asset_ground_known", withheld, {"hidden_ground": "x"}),
    ("asset_reason_known", asset, {"access": "closed", "reason": "x"}),
    ("asset_code_given", asset, {"code": ""}),
    ("asset_not_open_has_reason", withheld, {"reason": ""}),
    ("asset_not_open_has_reason", withheld, {"legal_basis_ar": None}),
    ("asset_not_open_has_reason", withheld, {"legal_basis_en": ""}),
    ("asset_not_open_has_reason", withheld, {"decided_by_role_ar": ""}),
    ("asset_not_open_has_reason", withheld, {"decided_by_role_en": None}),
    ("asset_not_open_has_reason", withheld, {"decided_on": None}),
    ("asset_not_open_has_reason", withheld, {"review_on": None}),
    ("asset_open_has_no_reason", assessed, {"reason": "law"}),
    ("asset_open_is_not_classified", assessed, {"classification": "secret"}),
    ("asset_open_shows_title", assessed, {"hidden_ground": "security"}),
    ("asset_released_is_open", withheld, {"state": "scheduled", "release_on": DAY}),
    ("asset_released_is_open", withheld, {"state": "published", "published_at": timezone.now()}),
    ("asset_withheld_is_not_open", assessed, {"state": "withheld"}),
    ("asset_scheduled_has_day", scheduled, {"release_on": None}),
    ("asset_published_has_time", published, {"published_at": None}),
    ("asset_review_after_decision", withheld, {"review_on": DAY - timedelta(days=30)}),
]


@pytest.mark.parametrize(("name", "make", "changes"), WRONG, ids=[f"{case[0]}-{n}" for n, case in enumerate(WRONG)])
def test_the_database_refuses_nonsense(
    world: World, name: str, make: Callable[[World], Asset], changes: dict[str, Any]
) -> None:
    found = make(world)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Asset.objects.filter(pk=found.pk).update(**changes)


def test_the_database_refuses_nonsense_of_the_rest(world: World) -> None:
    found, body = asset(world, code="A-1"), agency(world)
    with pytest.raises(IntegrityError, match="agency_roles_in_both_languages"), transaction.atomic():
        Agency.objects.filter(pk=body.pk).update(roles_ar="نص")
    with pytest.raises(IntegrityError, match="agency_address_fits"), transaction.atomic():
        Agency.objects.filter(pk=body.pk).update(slug="")
    Reminder.objects.create(asset=found, kind="late", due_on=DAY, recipients=1)
    with pytest.raises(IntegrityError, match="asset_reminder_once"), transaction.atomic():
        Reminder.objects.create(asset=found, kind="late", due_on=DAY, recipients=1)
    with pytest.raises(IntegrityError, match="upload_stored_is_emptied"), transaction.atomic():
        Upload.objects.create(unit=world.licensing, name="x", content=b"x", uploaded_by=world.lead,
                              stored_at=timezone.now())  # fmt: skip
    with pytest.raises(TypeError, match="not part of a data asset"):
        enter_asset(by=None, unit=world.licensing, code="Z", state="published")
