"""A promise, once public, is never rewritten: its history only grows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from participation.outcomes.actions import Conflict, change_status, link, publish_commitment, save_draft, unlink
from participation.outcomes.models import Commitment, Link, StatusChange
from portal.audit.models import AuditEvent
from tests.at_once import at_once
from tests.participation.outcomes.conftest import days_ago, make, published
from tests.people import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
NOTES = {"note_ar": "بدأ العمل.", "note_en": "Work has begun."}


def verbs(commitment: Commitment) -> list[str]:
    return [event.verb for event in AuditEvent.objects.about(commitment)]


def test_publishing_writes_the_first_row_of_the_history(world: World) -> None:
    draft = make(world, "draft")
    assert not Commitment.objects.published().exists()
    publish_commitment(commitment=draft, by=world.lead)
    row = draft.history.get()
    assert (row.number, row.status, row.due_on, row.by) == (1, "promised", draft.due_on, world.lead)
    assert Commitment.objects.published().get().changed_at == row.at
    assert verbs(draft) == ["commitment.published"]


def test_it_is_published_once(world: World, commitment: Commitment) -> None:
    with pytest.raises(Conflict):
        publish_commitment(commitment=commitment, by=world.head)
    assert commitment.history.count() == 1


def test_a_change_of_status_becomes_what_holds_now(world: World, commitment: Commitment) -> None:
    change_status(commitment=commitment, by=world.officer, status="under_way", **NOTES)
    fresh = Commitment.objects.get()
    assert (fresh.status, fresh.version, fresh.standing) == ("under_way", 2, "Under way")
    assert [row.status for row in fresh.history.all()] == ["promised", "under_way"]
    assert fresh.history.last().due_on == commitment.due_on
    assert verbs(fresh)[-1] == "commitment.status"


def test_a_decline_promises_nothing(world: World, commitment: Commitment) -> None:
    change_status(commitment=commitment, by=world.officer, status="promised", decision="declined", **NOTES)
    fresh = Commitment.objects.get()
    assert (fresh.decision, fresh.status, fresh.due_on, fresh.standing) == ("declined", "", None, "Declined")
    assert not fresh.is_overdue


def test_the_day_it_was_kept_is_the_day_of_the_change(world: World) -> None:
    late = published(world, "late", due_on=days_ago(12), at=timezone.now() - timedelta(days=90))
    assert late.days_late == 12
    assert late.is_overdue
    change_status(commitment=late, by=world.officer, status="kept", **NOTES)
    fresh = Commitment.objects.get()
    assert (fresh.settled_on, fresh.days_late, fresh.is_overdue) == (timezone.localdate(), 12, False)


def test_a_correction_leaves_the_day_it_was_kept(world: World, commitment: Commitment) -> None:
    then = timezone.now() + timedelta(days=3)
    change_status(commitment=commitment, by=world.officer, status="kept", **NOTES)
    kept_on = commitment.settled_on
    change_status(commitment=commitment, by=world.officer, status="kept", at=then, **NOTES)
    assert Commitment.objects.get().settled_on == kept_on
    change_status(commitment=commitment, by=world.officer, status="under_way", at=then, **NOTES)
    assert Commitment.objects.get().settled_on is None


def test_who_read_an_older_state_is_refused(world: World, commitment: Commitment) -> None:
    older = Commitment.objects.get()
    change_status(commitment=commitment, by=world.officer, status="under_way", **NOTES)
    with pytest.raises(Conflict):
        change_status(commitment=older, by=world.lead, status="not_kept", **NOTES)
    assert Commitment.objects.get().status == "under_way"


@pytest.mark.django_db(transaction=True)
def test_of_ten_at_once_one_changes_it(world: World) -> None:
    published(world, "race")
    read = [Commitment.objects.get() for _number in range(10)]
    act = lambda number: change_status(commitment=read[number], by=None, status="under_way", **NOTES)  # noqa: E731
    answers = at_once(10, act)
    assert sum(isinstance(answer, StatusChange) for answer in answers) == 1
    assert sum(isinstance(answer, Conflict) for answer in answers) == 9
    assert StatusChange.objects.count() == 2


def test_a_draft_is_no_longer_edited_once_somebody_published_it(world: World) -> None:
    draft = make(world, "draft")
    stale = Commitment.objects.get()
    publish_commitment(commitment=draft, by=world.lead)
    stale.title_en = "Something else"
    with pytest.raises(Conflict):
        save_draft(commitment=stale, by=world.officer)
    assert Commitment.objects.get().title_en == "Longer hours draft"


def test_the_database_refuses_to_change_or_delete_a_row_of_the_history(commitment: Commitment) -> None:
    rows = StatusChange.objects.filter(commitment=commitment)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        rows.update(note_en="It was always so.")
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        rows._raw_delete(rows.db)
    assert rows.count() == 1


@pytest.mark.parametrize(
    "nonsense",
    [
        {"title_en": ""},
        {"title_ar": None},
        {"decided_en": ""},
        {"evidence_en": "Only in English"},
        {"decision": "perhaps"},
        {"status": "soon"},
        {"status": ""},
        {"due_on": None},
        {"decision": "declined"},
        {"decision": "in_study", "status": "kept"},
        {"based_on": 0},
        {"slug": ""},
        {"version": 3},
        {"settled_on": "2026-01-01"},
    ],
    ids=str,
)
def test_the_database_refuses_a_commitment_that_makes_no_sense(world: World, nonsense: dict[str, Any]) -> None:
    make(world, "sense")
    with pytest.raises(IntegrityError):
        Commitment.objects.update(**nonsense)


def test_the_database_wants_both_languages_of_what_happened(commitment: Commitment) -> None:
    values = {"commitment": commitment, "number": 2, "decision": "accepted", "status": "kept"}
    with pytest.raises(IntegrityError), transaction.atomic():
        StatusChange.objects.create(note_en="Done.", **values)
    with pytest.raises(IntegrityError):
        StatusChange.objects.create(note_en="Done.", note_ar="تم.", **{**values, "number": 1})


def test_it_links_a_page_once_whatever_its_language(world: World, commitment: Commitment) -> None:
    for path in ("/ar/polls/service-hours/", "/en/polls/service-hours/", "/polls/service-hours/"):
        link(commitment=commitment, path=path, by=world.officer)
    assert [row.path for row in commitment.links.all()] == ["/polls/service-hours/"]
    assert unlink(commitment=commitment, path="/ar/polls/service-hours/", by=world.officer)
    assert not unlink(commitment=commitment, path="/polls/service-hours/", by=world.officer)
    assert verbs(commitment)[-2:] == ["commitment.linked", "commitment.unlinked"]


@pytest.mark.parametrize("path", ["polls/x/", "/polls/x", "/ar/polls/x/", "/polls/x/?page=2", "/polls /x/", "/"])
def test_the_database_refuses_an_address_that_is_no_bare_path(commitment: Commitment, path: str) -> None:
    with pytest.raises(IntegrityError):
        Link.objects.create(commitment=commitment, path=path)
