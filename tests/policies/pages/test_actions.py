"""From a draft to what is in force: the second person, the day, and what happens when two act at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from policies.pages.actions.changing import Conflict
from policies.pages.actions.in_force import tell_due
from policies.pages.actions.reviewing import (
    NotReady,
    OwnWork,
    approve_version,
    confirm_policy,
    return_version,
    submit_version,
    take_back_version,
    unschedule_version,
)
from policies.pages.actions.writing import discard_version, edit_version, start_version
from policies.pages.models import PolicyVersion
from policies.pages.states import State
from portal import live_facts
from portal.audit.models import AuditEvent
from portal.clocks.models import Policy as Level
from portal.live_facts import Fact
from tests.at_once import at_once
from tests.policies.pages.conftest import approved, drafted, fresh, in_review, texts

pytestmark = pytest.mark.django_db


def verbs(subject) -> list[str]:
    return [event.verb for event in AuditEvent.objects.about(subject)]


def test_a_new_version_begins_as_a_copy_of_the_one_in_force(policy, writer):
    current = policy.versions.get()
    version, is_new = start_version(policy=policy, by=writer)
    assert is_new
    assert (version.number, version.body_ar, version.title_en) == (2, current.body_ar, current.title_en)
    assert start_version(policy=policy, by=writer) == (version, False)


def test_every_step_is_in_the_history(policy, writer, reviewer):
    version = approved(policy, writer, reviewer)
    assert verbs(version) == [f"policyversion.{verb}" for verb in ("started", "edited", "submitted", "approved")]
    assert verbs(policy) == ["policy.in_force"]


def test_it_supersedes_the_version_before(policy, writer, reviewer):
    version = approved(policy, writer, reviewer)
    first = policy.versions.get(number=1)
    assert (version.state, first.state) == (State.PUBLISHED, State.SUPERSEDED)
    assert list(PolicyVersion.objects.current().filter(policy=policy)) == [version]
    assert list(PolicyVersion.objects.superseded().filter(policy=policy)) == [first]
    assert first.in_force_until(timezone.now()) == version.publish_at


def test_nobody_approves_what_they_wrote_on(policy, writer, second_writer, reviewer):
    version = drafted(policy, second_writer)
    edit_version(version=version, by=writer, revision=version.revision, title_en="Other")
    version = fresh(version)
    edit_version(version=version, by=second_writer, revision=version.revision, title_en="Again")
    version = fresh(version)
    edit_version(version=version, by=writer, revision=version.revision, title_en="And again")
    submit_version(version=version, by=writer)
    for user in (writer, second_writer):  # also who wrote neither first nor last
        with pytest.raises(OwnWork):
            approve_version(version=version, by=user, revision=fresh(version).revision)
    assert approve_version(version=version, by=reviewer, revision=fresh(version).revision)


def test_it_is_not_ready_while_a_text_is_missing_or_names_a_fact_wrongly(policy, writer):
    version = drafted(policy, writer, body_en="", changes_ar="")
    with pytest.raises(NotReady) as refusal:
        submit_version(version=version, by=writer)
    assert refusal.value.fields == [("body", "en"), ("changes", "ar")]
    edit_version(version=version, by=writer, revision=version.revision, body_en="{{ nonsense }}", changes_ar="x")
    with translation.override("en"), pytest.raises(NotReady) as refusal:
        submit_version(version=version, by=writer)
    assert "nonsense" in refusal.value.problems[0]


def test_the_reviewer_approves_what_was_read(policy, writer, reviewer):
    version = in_review(policy, writer)
    read = version.revision
    take_back_version(version=version, by=writer)
    edit_version(version=version, by=writer, revision=version.revision, title_en="Changed since")
    submit_version(version=version, by=writer)
    with pytest.raises(Conflict):
        approve_version(version=version, by=reviewer, revision=read)


def test_the_reviewer_sends_it_back_with_a_remark(policy, writer, reviewer):
    version = in_review(policy, writer)
    assert return_version(version=version, by=reviewer, remark="The times are wrong.")
    assert (version.state, version.remark) == (State.DRAFT, "The times are wrong.")
    assert not return_version(version=version, by=reviewer, remark="Again")
    submit_version(version=version, by=writer)
    assert fresh(version).remark == ""


def test_what_is_in_review_takes_no_change(policy, writer):
    version = in_review(policy, writer)
    with pytest.raises(Conflict):
        edit_version(version=version, by=writer, revision=version.revision, title_en="x")
    assert not discard_version(version=version, by=writer)


def test_of_two_who_edit_the_second_is_told(policy, writer, second_writer):
    version = drafted(policy, writer)
    edit_version(version=version, by=second_writer, revision=version.revision, title_en="Mine")
    with pytest.raises(Conflict):
        edit_version(version=version, by=writer, revision=version.revision - 1, title_en="Yours")
    assert fresh(version).title_en == "Mine"


def test_a_scheduled_version_appears_at_its_time_without_a_task(policy, writer, reviewer):
    at = timezone.now() + timedelta(days=2)
    version = approved(policy, writer, reviewer, at=at)
    first = policy.versions.get(number=1)
    of_policy = PolicyVersion.objects.filter(policy=policy)
    assert version.state == State.SCHEDULED
    assert list(of_policy.current(at - timedelta(seconds=1))) == [first]
    assert list(of_policy.current(at)) == [version]
    assert (first.state_at(at), version.state_at(at)) == (State.SUPERSEDED, State.PUBLISHED)
    assert "policy.in_force" not in verbs(policy)


def test_the_task_tells_of_it_once_and_keeps_the_old_text_as_it_read(policy, writer, reviewer, monkeypatch):
    at = timezone.now() + timedelta(hours=1)
    version = approved(policy, writer, reviewer, at=at)
    assert tell_due() == 0
    monkeypatch.setattr("django.utils.timezone.now", lambda: at + timedelta(minutes=1))
    assert (tell_due(), tell_due()) == (1, 0)
    assert verbs(policy) == ["policy.in_force"]
    first = policy.versions.get(number=1)
    assert "{{" not in first.frozen_en + first.frozen_ar
    assert first.frozen_at is not None
    assert fresh(version).frozen_at is None


@pytest.mark.parametrize("failure", [lambda: str(1 / 0), lambda: Level.objects.extra(where=["1/0 = 1"]).first()])
def test_an_old_text_is_kept_only_once_every_fact_is_known(policy, writer, reviewer, monkeypatch, failure):
    known = {**live_facts._facts, "shaky": Fact("shaky", "Shaky", lambda: "forty-two")}
    monkeypatch.setattr(live_facts, "_facts", known)
    old = approved(policy, writer, reviewer, body_en="It is {{ shaky }}.", body_ar="{{ shaky }}")
    known["shaky"] = Fact("shaky", "Shaky", failure)
    new = approved(policy, writer, reviewer)
    assert new.state == State.PUBLISHED
    assert (fresh(old).frozen_at, new.announced_at, tell_due()) == (None, None, 0)
    known["shaky"] = Fact("shaky", "Shaky", lambda: "forty-three")
    assert tell_due() == 1
    assert fresh(old).frozen_en == "It is forty-three."
    assert fresh(new).announced_at


def test_it_can_be_unscheduled_until_the_public_has_it(policy, writer, reviewer):
    version = approved(policy, writer, reviewer, at=timezone.now() + timedelta(days=2))
    assert start_version(policy=policy, by=writer) == (version, False)
    assert unschedule_version(version=version, by=reviewer)
    assert (version.state, version.reviewer, version.publish_at) == (State.DRAFT, None, None)
    published = approved(policy, writer, reviewer)
    assert published.pk == version.pk
    assert not unschedule_version(version=published, by=reviewer)


def test_a_review_that_finds_it_still_right_sets_the_date_once(policy, reviewer):
    version = fresh(policy.versions.get())
    seen = version.last_reviewed
    assert confirm_policy(version=version, by=reviewer, seen=seen)
    assert fresh(version).last_reviewed > seen
    assert not confirm_policy(version=version, by=reviewer, seen=seen)
    assert verbs(policy) == ["policy.confirmed"]


@pytest.mark.django_db(transaction=True)
def test_many_who_begin_a_version_get_the_same_one(policy, writer):
    found = at_once(8, lambda number: start_version(policy=policy, by=writer))
    assert len({version.pk for version, _is_new in found}) == 1
    assert sum(is_new for _version, is_new in found) == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_approvals_one_counts(policy, writer, reviewer, second_writer):
    version = in_review(policy, writer)
    people = [reviewer, second_writer]

    def approve(number: int) -> bool:
        own = PolicyVersion.objects.get(pk=version.pk)
        return approve_version(version=own, by=people[number % 2], revision=version.revision)

    assert sorted(at_once(8, approve)) == [False] * 7 + [True]
    assert verbs(policy) == ["policy.in_force"]


def test_a_text_that_is_none_of_a_version_is_refused(policy, writer):
    version = drafted(policy, writer)
    with pytest.raises(TypeError):
        edit_version(version=version, by=writer, revision=version.revision, stage="approved", **texts())
