"""What is asked is frozen once asked; what is submitted is locked; each step is taken once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from policies.assessment import actions
from policies.assessment.actions import Given
from policies.assessment.asking import NothingAsked, ask_new_organisations, begin_set, move_deadline, open_set
from policies.assessment.models import Answer, Assessment, Indicator, IndicatorSet
from portal.audit.models import AuditEvent
from portal.organisations.models import Organisation
from portal.staff.models import User
from tests.at_once import at_once
from tests.people import World
from tests.policies.assessment.conftest import accepted, assessment_of, fill_in, make_set

pytestmark = pytest.mark.django_db


def refused(act: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        act()


def test_opening_asks_every_organisation_with_staff_here_once(world: World) -> None:
    asked = make_set(world)
    assert {row.organisation for row in asked.assessments.all()} == {world.ministry, world.other_unit.organisation}
    assert all(row.sheets.count() == 4 for row in asked.assessments.all())
    assert not open_set(indicator_set=asked, by=world.administrator)
    Organisation.objects.create(code="new", name_ar="جديدة", name_en="New")
    assert ask_new_organisations(indicator_set=asked, by=world.administrator) == 1
    assert ask_new_organisations(indicator_set=asked, by=world.administrator) == 0
    assert asked.assessments.count() == 3


def test_a_set_without_indicators_is_not_opened(world: World) -> None:
    with pytest.raises(NothingAsked):
        open_set(indicator_set=begin_set(year=2026, closes_on="2026-12-31", by=None), by=None)


def test_a_year_begins_with_the_indicators_of_the_one_before(world: World) -> None:
    make_set(world, 2025)
    begun = make_set(world, 2026, opened=False)
    assert [row.code for row in begun.indicators.order_by("code")] == ["D1", "D2", "I1", "I2", "S1"]
    begun.indicators.filter(code="D1").update(weight=9)
    assert Indicator.objects.get(indicator_set__year=2025, code="D1").weight == 1


def test_the_database_freezes_what_was_asked(world: World) -> None:
    asked = make_set(world)
    rows = Indicator.objects.filter(indicator_set=asked)
    refused(lambda: rows.filter(code="D1").update(weight=5))
    refused(lambda: rows.filter(code="D1").delete())
    refused(lambda: Indicator.objects.create(indicator_set=asked, code="X", area="data", kind="yes_no",
                                             question_ar="؟", question_en="?"))  # fmt: skip
    refused(lambda: IndicatorSet.objects.filter(pk=asked.pk).update(opened_at=None))
    refused(lambda: IndicatorSet.objects.filter(pk=asked.pk).update(year=2030))
    assert move_deadline(indicator_set=asked, closes_on=asked.closes_on.replace(year=2099), by=world.administrator)


@pytest.mark.parametrize(
    "changes",
    [{"kind": "text"}, {"weight": 0}, {"full_at": 3}, {"kind": "number"}, {"area": "x"}, {"code": "a b"},
     {"question_en": ""}, {"code": "D2"}],
)  # fmt: skip
def test_the_database_refuses_an_indicator_that_does_not_fit(world: World, changes: dict[str, Any]) -> None:
    asked = make_set(world, opened=False)
    refused(lambda: Indicator.objects.filter(indicator_set=asked, code="D1").update(**changes))


@pytest.mark.parametrize(("code", "value"), [("D1", 2), ("D2", 101), ("S1", 5), ("S1", "1.5"), ("I1", -1), ("I2", 1)])
def test_the_database_refuses_an_answer_that_does_not_fit(world: World, code: str, value: Any) -> None:
    asked = make_set(world)
    mine = assessment_of(asked, world.ministry)
    indicator = asked.indicators.get(code=code)
    refused(lambda: Answer.objects.create(assessment=mine, indicator=indicator, value=Decimal(value)))


def test_an_answer_belongs_to_its_year(world: World) -> None:
    old = make_set(world, 2025)
    mine = assessment_of(make_set(world, 2026), world.ministry)
    refused(lambda: Answer.objects.create(assessment=mine, indicator=old.indicators.get(code="D1"), value=1))


def test_nothing_is_submitted_before_everything_is_answered(world: World, lead: User) -> None:
    mine = assessment_of(make_set(world), world.ministry)
    with pytest.raises(actions.NotReady) as missing:
        actions.submit_assessment(assessment=mine, by=lead)
    assert {one.code for one in missing.value.indicators} == {"D1", "D2", "S1", "I1", "I2"}
    fill_in(mine, lead)
    with pytest.raises(actions.Conflict):
        actions.submit_assessment(assessment=mine, by=lead, version=1)
    assert actions.submit_assessment(assessment=mine, by=lead)
    assert not actions.submit_assessment(assessment=mine, by=lead)


@pytest.mark.parametrize("state", ["submitted", "accepted"])
def test_the_answers_of_what_was_submitted_are_locked(world: World, lead: User, reviewer: User, state: str) -> None:
    mine = fill_in(assessment_of(make_set(world), world.ministry), lead)
    actions.submit_assessment(assessment=mine, by=lead)
    if state == "accepted":
        actions.accept_assessment(assessment=mine, by=reviewer)
    refused(lambda: mine.answers.update(value=None))
    refused(lambda: mine.answers.first().delete())
    with pytest.raises(actions.Conflict):
        actions.save_answers(assessment=mine, area="data", given={}, version=2, by=lead)


def test_returned_it_can_be_corrected_and_goes_round_again(world: World, lead: User, reviewer: User) -> None:
    mine = fill_in(assessment_of(make_set(world), world.ministry), lead)
    actions.submit_assessment(assessment=mine, by=lead)
    refused(lambda: actions.return_assessment(assessment=mine, by=reviewer, reason=""))
    assert actions.return_assessment(assessment=mine, by=reviewer, reason="Check S1")
    assert not actions.accept_assessment(assessment=mine, by=reviewer)
    asked = mine.indicator_set.indicators.get(code="S1")
    assert actions.save_answers(
        assessment=mine, area="services", given={asked.pk: Given(Decimal(1))}, version=2, by=lead
    )
    assert actions.submit_assessment(assessment=mine, by=lead)
    assert actions.accept_assessment(assessment=mine, by=reviewer)
    verbs = [event.verb for event in AuditEvent.objects.about(mine) if event.verb != "assessment.saved"]
    assert verbs == [f"assessment.{verb}" for verb in ("submitted", "returned", "submitted", "accepted")]


def decide(verb: str, mine: Assessment, by: User, version: int | None = None) -> bool:
    if verb == "accept":
        return actions.accept_assessment(assessment=mine, by=by, version=version)
    return actions.return_assessment(assessment=mine, by=by, version=version, reason="Check S1")


@pytest.mark.parametrize("verb", ["accept", "return"])
def test_nobody_decides_on_what_they_submitted(world: World, officer: User, lead: User, verb: str) -> None:
    mine = fill_in(assessment_of(make_set(world), world.ministry), officer)
    actions.submit_assessment(assessment=mine, by=lead)
    with pytest.raises(actions.OwnWork):
        decide(verb, mine, lead)
    refused(lambda: Assessment.objects.filter(pk=mine.pk).update(
        state="accepted", decided_at=mine.submitted_at, decided_by=lead))  # fmt: skip


@pytest.mark.parametrize("verb", ["accept", "return"])
def test_nobody_decides_on_answers_they_ever_saved(world: World, officer: User, lead: User, verb: str) -> None:
    mine = fill_in(assessment_of(make_set(world), world.ministry), officer)
    fill_in(mine, lead, D1=0, D2=10, S1=1, I1=5)
    assert not mine.sheets.filter(saved_by=officer).exists(), "only the history knows"
    actions.submit_assessment(assessment=mine, by=lead)
    with pytest.raises(actions.OwnWork):
        decide(verb, mine, officer)
    mine.refresh_from_db()
    assert mine.state == "submitted"


@pytest.mark.parametrize("verb", ["accept", "return"])
def test_a_decision_is_about_the_answers_that_were_read(world: World, lead: User, reviewer: User, verb: str) -> None:
    mine = fill_in(assessment_of(make_set(world), world.ministry), lead)
    actions.submit_assessment(assessment=mine, by=lead)
    read = mine.version
    actions.return_assessment(assessment=mine, by=world.administrator, reason="Check S1")
    asked = mine.indicator_set.indicators.get(code="S1")
    actions.save_answers(assessment=mine, area="services", given={asked.pk: Given(Decimal(4))}, version=2, by=lead)
    actions.submit_assessment(assessment=mine, by=lead)
    with pytest.raises(actions.Conflict):
        decide(verb, mine, reviewer, version=read)
    mine.refresh_from_db()
    assert mine.state == "submitted"
    assert decide(verb, mine, reviewer, version=mine.version)


@pytest.mark.parametrize(
    "changes",
    [{"state": "gone"}, {"state": "draft"}, {"state": "returned"}, {"submitted_by": None}, {"decided_by": None},
     {"decided_at": None}, {"state": "submitted"}],
)  # fmt: skip
def test_the_database_refuses_a_state_that_does_not_fit(
    world: World, lead: User, reviewer: User, changes: dict[str, Any]
) -> None:
    mine = accepted(make_set(world), world.ministry, lead, reviewer)
    refused(lambda: Assessment.objects.filter(pk=mine.pk).update(**changes))


@pytest.mark.django_db(transaction=True)
def test_of_two_submitters_at_once_one_submits(world: World, lead: User) -> None:
    mine = fill_in(assessment_of(make_set(world), world.ministry), lead)
    told = at_once(4, lambda n: actions.submit_assessment(assessment=Assessment.objects.get(pk=mine.pk), by=lead))
    assert sorted(told) == [False, False, False, True]
    assert AuditEvent.objects.filter(verb="assessment.submitted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_answer_saved_while_it_is_submitted_is_either_in_or_refused(world: World, lead: User) -> None:
    mine = fill_in(assessment_of(make_set(world), world.ministry), lead)
    asked = mine.indicator_set.indicators.get(code="D2")

    def act(number: int) -> Any:
        row = Assessment.objects.select_related("indicator_set").get(pk=mine.pk)
        if number == 0:
            return actions.submit_assessment(assessment=row, by=lead)
        return actions.save_answers(
            assessment=row, area="data", given={asked.pk: Given(Decimal(number))}, version=2, by=lead
        )

    told = at_once(4, act)
    assert told[0] is True
    kept = [number for number in (1, 2, 3) if told[number] is True]
    assert len(kept) <= 1
    assert all(isinstance(one, actions.Conflict) for number, one in enumerate(told) if number and number not in kept)
    assert mine.answers.get(indicator=asked).value == Decimal(kept[0] if kept else 50)


@pytest.mark.django_db(transaction=True)
def test_of_two_reviewers_at_once_one_decides(world: World, lead: User, reviewer: User) -> None:
    mine = fill_in(assessment_of(make_set(world), world.ministry), lead)
    actions.submit_assessment(assessment=mine, by=lead)

    def act(number: int) -> Any:
        row = Assessment.objects.get(pk=mine.pk)
        if number:
            return actions.accept_assessment(assessment=row, by=reviewer)
        return actions.return_assessment(assessment=row, by=world.administrator, reason="No")

    assert sorted(at_once(2, act)) == [False, True]


@pytest.mark.django_db(transaction=True)
def test_opened_twice_at_once_everybody_is_asked_once(world: World) -> None:
    asked = make_set(world, opened=False)
    act = lambda _n: open_set(indicator_set=IndicatorSet.objects.get(pk=asked.pk), by=world.administrator)  # noqa: E731
    assert sorted(at_once(3, act)) == [False, False, True]
    assert asked.assessments.count() == 2
    assert all(row.sheets.count() == 4 for row in asked.assessments.all())
