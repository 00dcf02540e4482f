"""A request from its sending to its answer: states, clocks, history, letters, and what the database refuses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from opendata.data_requests.actions.answering import Reply, answer_request
from opendata.data_requests.actions.asking import support_request, withdraw_request
from opendata.data_requests.actions.intake import submit_request
from opendata.data_requests.actions.moving import Conflict, NotPossible
from opendata.data_requests.actions.work import (
    accept_request,
    claim_request,
    merge_request,
    remove_request,
    route_request,
    word_request,
)
from opendata.data_requests.choices import Ground, Outcome, State
from opendata.data_requests.models import Answer, DataRequest
from opendata.data_requests.promises import SUBJECT, answer_clock, answer_due
from portal.clocks.models import Clock, ClockState, Escalation, Metric
from portal.clocks.sweep import recompute, sweep
from portal.mail.models import OutgoingMail
from portal.working_days.actions import announce_closure
from portal.working_days.hours import elapsed
from portal.working_days.models import Calendar
from tests.at_once import at_once
from tests.opendata.data_requests.asking import (
    accepted,
    answered,
    asset,
    entry,
    reply,
    sent,
    version,
    wording,
)
from tests.people import World

pytestmark = pytest.mark.django_db
KINDS = [str(kind) for kind in Outcome]


def kinds_of(asked: DataRequest) -> list[str]:
    return list(asked.events.values_list("kind", flat=True))


def letters(asked: DataRequest) -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(about_kind=SUBJECT, about_id=str(asked.pk)).order_by("pk"))


def test_a_free_request_waits_unseen_for_somebody_to_word_it(world: World) -> None:
    asked = sent().asked
    assert (asked.state, asked.unit, asked.listed_at) == (State.RECEIVED, None, None)
    assert not DataRequest.objects.listed().exists()
    assert Clock.objects.about(SUBJECT, asked.pk).get().metric == Metric.ACKNOWLEDGE


def test_a_request_for_a_row_of_the_inventory_is_public_at_once_under_its_title_and_with_its_unit(world: World) -> None:
    row = asset(world)
    asked = sent(asset=row).asked
    assert (asked.unit, asked.organisation) == (world.licensing, world.ministry)
    assert (asked.public_title_ar, asked.public_title_en) == (row.title_ar, row.title_en)
    assert DataRequest.objects.listed().matching("vehicle register").get() == asked


def test_it_shows_no_title_the_inventory_hides_and_nothing_that_is_suspicious(world: World) -> None:
    hidden = asset(world, access="closed", reason="security", legal_basis_ar="قانون", legal_basis_en="Law",
                   decided_by_role_ar="مدير", decided_by_role_en="Director", decided_on=timezone.localdate(),
                   review_on=timezone.localdate() + timedelta(days=9), hidden_ground="security")  # fmt: skip
    held = submit_request(entry=entry(asset=asset(world)), form_token="held", suspicion="many")
    assert not letters(held.asked)
    for asked in (sent(asset=hidden).asked, held.asked):
        assert asked.listed_at is None
        assert asked.unit == world.licensing


def test_sending_one_form_twice_is_one_request_with_one_secret(world: World) -> None:
    first = submit_request(entry=entry(), form_token="once")
    again = submit_request(entry=entry(), form_token="once")
    assert (first.is_new, again.is_new) == (True, False)
    assert (first.asked, first.secret) == (again.asked, again.secret)


def test_accepting_words_it_starts_the_promise_and_tells_by_when(world: World) -> None:
    asked = accepted(world)
    clock = answer_clock(asked)
    assert clock is not None
    assert (clock.started_at, clock.minutes) == (asked.received_at, 70 * 60)
    assert Clock.objects.about(SUBJECT, asked.pk).get(metric=Metric.ACKNOWLEDGE).state == ClockState.STOPPED
    assert asked.due_at == clock.due_at == answer_due(asked)
    assert kinds_of(asked) == ["received", "accepted"]
    arrived, letter = letters(asked)
    assert asked.reference in arrived.text
    assert letter.language == "ar"
    assert asked.reference in letter.text
    assert "الوزارة" in letter.text


@pytest.mark.parametrize("missing", ["public_title_ar", "public_title_en", "public_summary_ar", "public_summary_en"])
def test_it_is_not_accepted_in_one_language_only(world: World, missing: str) -> None:
    asked = sent().asked
    with pytest.raises(NotPossible) as refused:
        accept_request(asked=asked, unit=world.licensing, wording=wording(**{missing: ""}), by=world.triager)
    assert refused.value.field == missing
    asked.refresh_from_db()
    assert asked.state == State.RECEIVED


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_answer_settles_it_and_is_told_in_the_requesters_language(world: World, kind: str) -> None:
    asked = accepted(world)
    made = version(world) if kind in (Outcome.RELEASED, Outcome.PARTLY) else None
    answer = answer_request(asked=asked, reply=reply(kind, version=made), by=world.officer)
    assert (asked.state, asked.outcome, answer.kind) == (State.ANSWERED, kind, kind)
    assert answer_clock(asked).state == ClockState.STOPPED
    assert kinds_of(asked)[-1] == "answered"
    event = asked.events.last()
    assert event.text_ar != event.text_en
    letter = letters(asked)[-1]
    assert "نص الجواب" in letter.text
    assert "Text of the answer" not in letter.text


@pytest.mark.parametrize(
    ("kind", "missing"),
    [(Outcome.RELEASED, "version"), (Outcome.PARTLY, "version"), (Outcome.PLANNED, "planned_on"),
     (Outcome.NOT_HELD, "holder_ar"), (Outcome.NOT_HELD, "holder_en"), (Outcome.REFUSED, "reason"),
     (Outcome.REFUSED, "legal_basis_ar"), (Outcome.REFUSED, "legal_basis_en"), (Outcome.REFUSED, "text_ar"),
     (Outcome.PLANNED, "text_en")],
)  # fmt: skip
def test_it_refuses_an_answer_without_what_its_kind_needs(world: World, kind: str, missing: str) -> None:
    asked = accepted(world)
    empty = None if missing in ("version", "planned_on") else ""
    with pytest.raises(NotPossible) as refused:
        answer_request(asked=asked, reply=reply(kind, **{missing: empty}), by=world.officer)
    assert refused.value.field == missing
    assert not Answer.objects.exists()


def test_it_refuses_a_plan_for_a_day_that_is_over_and_a_version_that_was_withdrawn(world: World) -> None:
    asked = accepted(world)
    yesterday = timezone.localdate() - timedelta(days=1)
    gone = version(world)
    gone.withdrawn_at = timezone.now()
    for bad, field in [(reply(Outcome.PLANNED, planned_on=yesterday), "planned_on"),
                       (reply(Outcome.RELEASED, version=gone), "version")]:  # fmt: skip
        with pytest.raises(NotPossible) as refused:
            answer_request(asked=asked, reply=bad, by=world.officer)
        assert refused.value.field == field


def test_an_answer_keeps_nothing_its_kind_does_not_need(world: World) -> None:
    asked = accepted(world)
    mixed = Reply("not_held", "نص", "text", holder_ar="جهة", holder_en="Body", reason="law", legal_basis_ar="قانون",
                  legal_basis_en="Law", planned_on=timezone.localdate())  # fmt: skip
    answer = answer_request(asked=asked, reply=mixed, by=world.officer)
    assert (answer.reason, answer.legal_basis_en, answer.planned_on) == ("", None, None)


def test_a_planned_answer_may_set_the_day_in_the_schedule(world: World) -> None:
    row = asset(world)
    asked = accepted(world, asset=row)
    planned = reply(Outcome.PLANNED)
    answer_request(asked=asked, reply=planned, by=world.officer, into_schedule=True)
    row.refresh_from_db()
    assert (row.state, row.release_on) == ("scheduled", planned.planned_on)


def test_a_day_the_schedule_refuses_stores_no_answer(world: World) -> None:
    asked = accepted(world, asset=asset(world, state="published", published_at=timezone.now()))
    with pytest.raises(NotPossible) as refused:
        answer_request(asked=asked, reply=reply(Outcome.PLANNED), by=world.officer, into_schedule=True)
    assert refused.value.field == "into_schedule"
    asked.refresh_from_db()
    assert asked.state == State.ACCEPTED
    assert not Answer.objects.exists()


def test_a_release_may_follow_a_plan_and_nothing_may_follow_a_refusal(world: World) -> None:
    planned = answered(world, Outcome.PLANNED)
    made = reply(Outcome.RELEASED, version=version(world))
    answer = answer_request(asked=planned, reply=made, by=world.officer)
    assert (answer.sequence, answer.is_follow_up, planned.outcome) == (2, True, Outcome.RELEASED)
    with pytest.raises(NotPossible):
        answer_request(asked=answered(world), reply=made, by=world.officer)
    with pytest.raises(NotPossible):
        answer_request(asked=answered(world, Outcome.PLANNED), reply=reply(), by=world.officer)


def test_it_is_found_once_the_data_it_was_promised_is_published(world: World) -> None:
    row = asset(world)
    asked = accepted(world, asset=row)
    answer_request(asked=asked, reply=reply(Outcome.PLANNED), by=world.officer)
    assert not DataRequest.objects.now_published().exists()
    made = version(world, of=row)
    assert DataRequest.objects.now_published().get() == asked
    answer_request(asked=asked, reply=reply(Outcome.RELEASED, version=made), by=world.officer)
    assert not DataRequest.objects.now_published().exists()


def test_a_plan_whose_day_is_over_is_found_until_it_is_answered_again(world: World) -> None:
    asked = answered(world, Outcome.PLANNED)
    day = asked.answers.get().planned_on
    assert not DataRequest.objects.plan_over(day).exists()
    assert DataRequest.objects.plan_over(day + timedelta(days=1)).get() == asked
    answer_request(asked=asked, reply=reply(Outcome.RELEASED, version=version(world)), by=world.officer)
    assert not DataRequest.objects.plan_over(day + timedelta(days=1)).exists()


def test_two_officers_who_answer_at_the_same_moment_give_one_answer(world: World, transactional_db: None) -> None:
    asked = accepted(world)
    people = [world.officer, world.colleague, world.lead, world.head]

    def answer(number: int) -> Answer:
        mine = DataRequest.objects.get(pk=asked.pk)
        return answer_request(asked=mine, reply=reply(), by=people[number], version=asked.version)

    found = at_once(4, answer)
    assert sum(isinstance(one, Answer) for one in found) == 1
    assert all(isinstance(one, Answer | Conflict | NotPossible) for one in found), found
    assert Answer.objects.count() == 1
    assert len(letters(asked)) == 3


def test_routing_keeps_the_clock_and_lets_the_holder_go(world: World) -> None:
    asked = accepted(world)
    claim_request(asked=asked, by=world.officer)
    before = answer_clock(asked)
    route_request(asked=asked, unit=world.other_unit, by=world.officer)
    after = answer_clock(asked)
    assert (after.pk, after.due_at, after.started_at) == (before.pk, before.due_at, before.started_at)
    assert (asked.assignee, asked.organisation) == (None, world.other_unit.organisation)
    assert "Other body" in asked.events.last().text_en


def test_a_claim_is_refused_to_the_second_and_ends_by_itself(world: World) -> None:
    asked = accepted(world)
    claim_request(asked=asked, by=world.officer)
    with pytest.raises(Conflict):
        claim_request(asked=asked, by=world.colleague)
    DataRequest.objects.update(assigned_until=timezone.now() - timedelta(minutes=1))
    assert claim_request(asked=asked, by=world.colleague).holder == world.colleague


def test_merging_counts_supports_where_it_goes_and_owes_nothing_any_more(world: World) -> None:
    stays, goes = accepted(world), accepted(world)
    for number in range(3):
        support_request(asked=goes, key=f"goes-{number}")
    goes.refresh_from_db()
    merge_request(asked=goes, reference=stays.reference.lower(), by=world.officer)
    stays.refresh_from_db()
    assert (goes.state, goes.merged_into, stays.support_count) == (State.MERGED, stays, 4)
    assert answer_clock(goes).state == ClockState.CANCELLED
    assert list(DataRequest.objects.listed()) == [stays]
    assert kinds_of(stays)[-1] == "took_in"
    assert stays.reference in letters(goes)[-1].text
    with pytest.raises(NotPossible):
        merge_request(asked=stays, reference=goes.reference, by=world.officer)


@pytest.mark.parametrize("reference", ["", "nonsense", "0000-0000-0"])
def test_it_is_merged_into_no_request_nobody_sees(world: World, reference: str) -> None:
    with pytest.raises(NotPossible):
        merge_request(asked=accepted(world), reference=reference, by=world.officer)


def test_it_is_not_merged_into_itself_or_one_that_is_not_public(world: World) -> None:
    asked, unseen = accepted(world), sent().asked
    for reference in (asked.reference, unseen.reference):
        with pytest.raises(NotPossible):
            merge_request(asked=asked, reference=reference, by=world.officer)


def test_two_requests_merged_into_each_other_at_once_do_not_wait_for_ever(world: World, transactional_db: None) -> None:
    pair = [accepted(world), accepted(world)]

    def merge(number: int) -> Any:
        mine = DataRequest.objects.get(pk=pair[number].pk)
        return merge_request(asked=mine, reference=pair[1 - number].reference, by=world.officer)

    found = at_once(2, merge)
    assert sorted(DataRequest.objects.values_list("state", flat=True)) == ["accepted", "merged"], found


def test_taking_out_of_view_tells_the_ground_and_withdrawing_ends_the_promise(world: World) -> None:
    removed = remove_request(asked=sent().asked, ground=Ground.SPAM, by=world.triager)
    assert "البريد" in letters(removed)[-1].text or "Spam" in letters(removed)[-1].text
    withdrawn = withdraw_request(asked=accepted(world))
    assert answer_clock(withdrawn).state == ClockState.CANCELLED
    assert removed.state == State.REMOVED
    for asked in (removed, withdrawn):
        with pytest.raises(Conflict):
            withdraw_request(asked=asked)
        with pytest.raises(Conflict):
            answer_request(asked=asked, reply=reply(), by=world.officer)


def test_changing_the_wording_stays_in_the_history(world: World) -> None:
    asked = accepted(world)
    word_request(asked=asked, wording=wording(public_title_en="Quite another"), by=world.officer)
    assert kinds_of(asked)[-1] == "worded"
    assert DataRequest.objects.matching("quite another").get() == asked


def test_a_late_answer_climbs_the_ladder_of_its_unit(world: World) -> None:
    asked = accepted(world)
    claim_request(asked=asked, by=world.officer)
    clock = answer_clock(asked)
    OutgoingMail.objects.all().delete()
    when = clock.due_at + timedelta(days=1)
    while not elapsed(clock.calendar.working_hours(), when, when + timedelta(minutes=30)):
        when += timedelta(minutes=30)
    sweep(when)
    asked.refresh_from_db()
    clock.refresh_from_db()
    assert clock.breached_at is not None
    assert asked.escalation_level >= 2
    told = set(Escalation.objects.filter(clock=clock).values_list("role", flat=True))
    assert {"assignee", "lead"} <= told
    text = "\n".join(OutgoingMail.objects.values_list("text", flat=True))
    assert asked.reference in text
    assert f"/admin/data_requests/datarequest/{asked.pk}/" in text
    sweep(when)
    assert Escalation.objects.filter(clock=clock).count() == len(told)


def test_a_closure_moves_the_promise_and_everybody_reads_it(world: World) -> None:
    asked = accepted(world)
    old = answer_due(asked)
    calendar = Calendar.objects.get(is_default=True)
    day = timezone.localtime(old).date()
    announce_closure(calendar=calendar, name_ar="عيد", name_en="Feast", first_day=day, last_day=day, by=None)
    assert recompute()
    asked.refresh_from_db()
    assert asked.due_at > old
    assert kinds_of(asked)[-1] == "moved"
    assert len(letters(asked)) == 3
