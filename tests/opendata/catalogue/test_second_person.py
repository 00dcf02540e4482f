"""Whoever uploaded a release, decided anything in it or sent it does not approve it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from opendata.catalogue.access import possible
from opendata.catalogue.actions import deciding, reviewing
from opendata.catalogue.actions.changing import Refused
from opendata.catalogue.choices import Stage
from opendata.catalogue.letters import approvers
from opendata.catalogue.models import Release
from opendata.catalogue.words.failures import refusal_words
from portal.bilingual import in_language
from portal.organisations.models import Role
from tests.opendata import making
from tests.people import staff

pytestmark = pytest.mark.django_db


def describe(release, by):
    columns = {"year": {"title_en": "Year of the count"}}
    reviewing.describe_columns(release=release, by=by, revision=release.revision, columns=columns)


def choose_type(release, by):
    columns = {"year": {"type": "text"}}
    reviewing.describe_columns(release=release, by=by, revision=release.revision, columns=columns)


def choose_key(release, by):
    reviewing.describe_columns(release=release, by=by, revision=release.revision, key=["year"])


def read_again(release, by):
    reviewing.read_again(release=release, by=by, revision=release.revision, choices={"header_rows": 1})


def accept(release, by):
    codes = list((release.report or {})["problem_counts"])
    reviewing.accept_problems(release=release, by=by, revision=release.revision, codes=codes)


def say_what_changed(release, by):
    note = {"change_note_ar": "جديد", "change_note_en": "New"}
    reviewing.note_change(release=release, by=by, revision=release.revision, kind="new", **note)


def leave_original_out(release, by):
    reasons = {"because_ar": "أوراق أخرى", "because_en": "Other sheets"}
    reviewing.decide_original(release=release, by=by, revision=release.revision, leave_out=True, **reasons)


def send(release, by):
    making.reviewed(release)
    reviewing.submit_release(release=release, by=by, revision=release.revision)
    reviewing.take_back(release=release, by=by)


DECISIONS = [describe, choose_type, choose_key, read_again, accept, say_what_changed, leave_original_out, send]


@pytest.mark.parametrize("decide", DECISIONS, ids=lambda one: one.__name__)
def test_whoever_decided_something_does_not_approve_it(decide):
    release = making.read(making.make_release(data="year,amount\n" + "".join(f"{n},{n}\n" for n in range(2000, 2030))))
    house = making.house_of(release.dataset)
    third = staff("third", house.unit, Role.LEAD, *making.APPROVE)
    decide(release, house.approver)
    release.refresh_from_db()
    if release.stage == Stage.UPLOADED:
        making.read(release)
    making.submitted(release)
    assert sorted(release.edited_by) == sorted([house.approver.pk, house.publisher.pk])
    assert "approve" not in possible(house.approver, release)
    assert "approve" in possible(third, release)
    assert approvers(release) == [third]
    with pytest.raises(Refused) as caught:
        deciding.approve_release(release=release, by=house.approver, revision=release.revision)
    [reason] = caught.value.reasons
    assert str(third) in refusal_words(reason.code, reason.params)
    assert deciding.approve_release(release=release, by=third, revision=release.revision)


def test_whoever_cleared_personal_data_may_approve():
    data = "name,email\n" + "".join(f"Salim {n},person{n}@mail.example\n" for n in range(30))
    release = making.approved(making.make_release(data=data))
    house = making.house_of(release.dataset)
    assert release.cleared_by == release.approved_by == house.approver
    assert release.edited_by == [house.publisher.pk]


def test_the_set_grows_when_it_is_decided_anew():
    release = making.submitted(making.make_release())
    house = making.house_of(release.dataset)
    assert deciding.return_release(release=release, by=house.approver, because="Describe the year.")
    assert release.edited_by == [house.publisher.pk]
    describe(release, house.approver)
    making.submitted(release)
    assert set(release.edited_by) == {house.publisher.pk, house.approver.pk}
    with pytest.raises(Refused, match="own_release"):
        deciding.approve_release(release=release, by=house.approver, revision=release.revision)


def test_workers_decide_nothing():
    release = making.reviewed(making.make_release())
    assert release.edited_by == [making.house_of(release.dataset).publisher.pk]


def test_the_page_says_who_can_approve_instead():
    release = making.read(making.make_release())
    house = making.house_of(release.dataset)
    describe(release, house.approver)
    making.submitted(release)
    client = Client()
    client.force_login(house.approver)
    address = reverse("admin:catalogue_release_change", args=[release.pk])
    assert "nobody else of the unit may approve" in client.get(address).content.decode()
    third = staff("third", house.unit, Role.LEAD, *making.APPROVE)
    assert f"Whoever did none of that may approve it: {third}." in client.get(address).content.decode()
    assert client.get(reverse("admin:catalogue_release_act", args=[release.pk, "approve"])).status_code == 403
    desk = client.get(reverse("admin:index")).content.decode()
    assert "Waiting for your approval" not in desk


def test_the_sentence_is_whole_in_both_languages():
    for code in ("ar", "en"):
        with in_language(code):
            assert "Salim" in refusal_words("own_release", {"who": ["Salim", "Muna"]})
            assert "own_release" not in refusal_words("own_release_nobody_else", {})


def test_the_database_refuses_an_approver_who_decided():
    release = making.approved(making.make_release())
    with pytest.raises(IntegrityError, match="release_approved_by_no_editor"), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(edited_by=[release.approved_by_id])
