"""Destroying what a withdrawn version held: two persons, everything that holds rows, and what stays."""

from __future__ import annotations

import itertools

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from opendata.catalogue import packing
from opendata.catalogue.actions.changing import Refused
from opendata.catalogue.actions.deciding import give_up
from opendata.catalogue.actions.erasing import ask_erasure, drop_erasure, erase_version
from opendata.catalogue.models import Change, Erasure, LogEntry, Release, Version
from opendata.catalogue.named_files import of_version, used
from opendata.catalogue.pipeline import tidying
from opendata.catalogue.storage import store
from opendata.catalogue.verifying import findings
from portal.audit.models import AuditEvent
from portal.retention.models import LegalHold
from portal.staff.models import User
from tests.opendata import making
from tests.people import staff

pytestmark = pytest.mark.django_db
SECRET = "Salim bin Hamad"
GROUND = {"ground_ar": "قانون حماية البيانات الشخصية، المادة 5", "ground_en": "Personal Data Protection Law, article 5"}
ASKED = {"because": "It names people.", **GROUND}
_more = itertools.count(1)


def with_a_name(rows: str = "") -> str:
    return making.CSV + f"2025,{SECRET},3\n{rows}"


def second_approver(version: Version) -> User:
    return staff(f"second-{next(_more)}", version.dataset.asset.unit, "lead", *making.APPROVE)


def asked(version: Version) -> Erasure:
    assert ask_erasure(version=version, by=making.house_of(version.dataset).approver, **ASKED)
    return Erasure.objects.get(version=version)


def erased(version: Version, capture) -> Version:
    """The version after somebody asked and somebody else confirmed, and the files are gone."""
    wish, other = asked(version), second_approver(version)
    with capture(execute=True):
        assert erase_version(version=version, by=other, asked=wish.pk)
    return version


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def everything_stored() -> str:
    """All the rows of the tables of the catalogue, as text."""
    found = []
    with connection.cursor() as cursor:
        for table in ("release", "version", "versionfile", "change", "logentry"):
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM catalogue_{table} t")
            found.append(cursor.fetchone()[0])
    return " ".join(found)


def test_nothing_of_its_rows_is_left_and_what_was_signed_stays(django_capture_on_commit_callbacks):
    first = making.published()
    dataset = first.dataset
    second = making.published(dataset, with_a_name())
    third = making.published(dataset, making.CSV + "2026,Muscat,4\n")
    making.withdrawn(second)
    own = of_version(second) - used(of_version(second), without=second)
    assert {file.sha256 for file in second.files.all()} | {second.query_sha256, second.release.file_sha256} <= own
    assert SECRET in everything_stored()
    remembered = f"catalogue:{second.query_sha256[:32]}:1"
    cache.set(remembered, {"rows": [[SECRET, 3]]}, 600)
    before = (second.manifest, second.manifest_sha256, second.signature, LogEntry.objects.count())
    erased(second, django_capture_on_commit_callbacks)
    assert SECRET not in everything_stored()
    assert second.is_erased
    assert second.preview == []
    assert cache.get(remembered) is None
    assert (second.manifest, second.manifest_sha256, second.signature, LogEntry.objects.count()) == before
    assert not [hashed for hashed in own if store().has(hashed)]
    for version in (first, third):
        assert all(store().check(file.sha256) for file in version.files.all())
        assert store().check(version.table_sha256)
    assert list(Change.objects.values_list("sample", flat=True)) == [[], []]
    assert not list(findings())
    assert AuditEvent.objects.about(second).filter(verb="version.erased").get().data["files"] == len(own)
    making.published(dataset, making.CSV + "2026,Muscat,5\n")
    assert not list(findings())


def test_packed_copies_go_with_the_files(django_capture_on_commit_callbacks):
    version = making.published(data=with_a_name("".join(f"{n},Muscat,{n}\n" for n in range(10_000, 12_000))))
    assert packing.pack_waiting()
    packed = {file.sha256: store().packed_path(file.sha256) for file in version.files.all()}
    assert [place for place in packed.values() if place.is_file()]
    erased(making.withdrawn(version), django_capture_on_commit_callbacks)
    assert not [place for place in packed.values() if place.exists()]
    assert not list(findings())
    hashed, left = next(iter(packed.items()))
    left.write_bytes(b"packed")
    assert [found for found in findings() if "was destroyed" in found and hashed in found]
    assert store().discard(hashed)
    assert not left.exists()
    assert not store().discard(hashed)


def test_a_file_that_another_version_has_too_stays_with_it(django_capture_on_commit_callbacks):
    version, same = making.published(), making.published()
    shared = {file.sha256 for file in version.files.all()} & {file.sha256 for file in same.files.all()}
    assert shared
    erased(making.withdrawn(version), django_capture_on_commit_callbacks)
    assert all(store().check(hashed) for hashed in shared)
    assert not list(findings())


def test_an_upload_of_the_same_that_was_given_up_goes_with_it(django_capture_on_commit_callbacks):
    version = making.published(data=with_a_name())
    again = making.read(making.make_release(version.dataset, with_a_name()))
    give_up(release=again, by=making.house_of(version.dataset).publisher)
    erased(making.withdrawn(version), django_capture_on_commit_callbacks)
    assert SECRET not in everything_stored()
    assert not store().has(version.release.file_sha256)


def test_what_a_crash_left_is_told_by_verify_and_removed_by_the_next_tidying(monkeypatch):
    version = making.withdrawn(making.published(data=with_a_name()))
    held = of_version(version)
    assert erase_version(version=version, by=second_approver(version), asked=asked(version).pk)  # never committed
    assert all("was destroyed" in found for found in findings())
    assert len(list(findings())) == len(held)
    monkeypatch.setattr(tidying, "KEPT", -tidying.KEPT)
    tidying.tidy()
    assert not list(findings())


# Who may, and when -------------------------------------------------------------------------------------------


def test_nobody_does_both_also_in_the_database():
    version = making.withdrawn(making.published())
    wish = asked(version)
    with pytest.raises(Refused, match="own_erasure"):
        erase_version(version=version, by=wish.asked_by, asked=wish.pk)
    with pytest.raises(IntegrityError, match="erasure_confirmed_by_another"), transaction.atomic():
        Erasure.objects.filter(pk=wish.pk).update(confirmed_by=wish.asked_by, confirmed_at=timezone.now())


def test_what_stands_is_not_destroyed():
    version = making.published()
    with pytest.raises(Refused, match="erasure_of_standing"):
        ask_erasure(version=version, by=making.house_of(version.dataset).approver, **ASKED)


def test_it_waits_for_a_release_under_way_and_for_a_legal_hold():
    version = making.withdrawn(making.published())
    wish, other = asked(version), second_approver(version)
    release = making.make_release(version.dataset, making.CSV + "2027,Muscat,1\n")
    with pytest.raises(Refused, match="release_open"):
        erase_version(version=version, by=other, asked=wish.pk)
    give_up(release=release, by=other)
    LegalHold.objects.create(
        subject_kind="catalogue.dataset", subject_id=str(version.dataset_id), reason="A case in court", placed_by=other
    )
    with pytest.raises(Refused, match="erasure_held"):
        erase_version(version=version, by=other, asked=wish.pk)
    version.refresh_from_db()
    assert not version.is_erased


def test_a_wish_that_was_dropped_and_made_anew_is_not_the_one_that_was_read():
    version = making.withdrawn(making.published())
    wish, other = asked(version), second_approver(version)
    assert drop_erasure(version=version, by=other)
    assert not drop_erasure(version=version, by=other)
    asked(version)
    assert not erase_version(version=version, by=other, asked=wish.pk)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE catalogue_version SET preview = '[]'",
        "UPDATE catalogue_version SET erased_at = now()",
        "UPDATE catalogue_version SET erased_at = now(), preview = '[]'",
        "UPDATE catalogue_change SET sample = '[]'",
        "UPDATE catalogue_release SET report = NULL, findings = '[]' WHERE stage = 'published' AND report IS NOT NULL",
    ],
)
def test_without_a_second_person_or_of_what_stands_nothing_is_emptied(statement):
    first = making.published()
    making.published(first.dataset, making.CSV + "2025,Muscat,1\n")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE catalogue_version SET preview = '[]', erased_at = now() WHERE withdrawn_at IS NOT NULL",
        "UPDATE catalogue_version SET erased_at = NULL WHERE erased_at IS NOT NULL",
        "UPDATE catalogue_version SET rows = 0 WHERE erased_at IS NOT NULL",
        "UPDATE catalogue_erasure SET ground_en = 'Another one'",
        "DELETE FROM catalogue_erasure",
    ],
)
def test_what_was_destroyed_stays_so_and_who_did_it(statement, django_capture_on_commit_callbacks):
    erased(making.withdrawn(making.published()), django_capture_on_commit_callbacks)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


# Pages -------------------------------------------------------------------------------------------------------


def test_one_asks_and_another_one_confirms(client, django_capture_on_commit_callbacks):
    version = making.withdrawn(making.published())
    house, other = making.house_of(version.dataset), second_approver(version)
    url = reverse("admin:catalogue_version_erase", args=[version.pk])
    shown = reverse("admin:catalogue_version_change", args=[version.pk])
    publisher = signed_in(house.publisher)
    assert url in publisher.get(shown).content.decode()
    assert publisher.post(url, {"because": "It names people."}).status_code == 422
    assert publisher.post(url, ASKED).status_code == 302
    wish = Erasure.objects.get(version=version)
    assert "Destroy the contents</button>" not in publisher.get(url).content.decode()
    assert publisher.post(url, {"asked": wish.pk}).status_code == 422
    page = signed_in(other).get(url).content.decode()
    assert "It names people." in page
    assert "Destroy the contents</button>" in page
    with django_capture_on_commit_callbacks(execute=True):
        assert signed_in(other).post(url, {"asked": wish.pk}).status_code == 302
    version.refresh_from_db()
    assert version.is_erased
    assert url not in publisher.get(shown).content.decode()
    tombstone = client.get(f"/en/data/{version.dataset.slug}/v/1/")
    assert tombstone.status_code == 410
    text = tombstone.content.decode()
    assert GROUND["ground_en"] in text
    assert "Its files were destroyed on" in text
    assert "It names people." not in text
    assert GROUND["ground_ar"] in client.get(f"/ar/data/{version.dataset.slug}/v/1/").content.decode()


def test_either_person_may_keep_the_contents():
    version = making.withdrawn(making.published())
    other = second_approver(version)
    url = reverse("admin:catalogue_version_erase", args=[version.pk])
    for who in (making.house_of(version.dataset).approver, other):
        asked(version)
        assert signed_in(who).post(url, {"drop": "yes"}).status_code == 302
        assert not Erasure.objects.exists()
    assert signed_in(other).post(url, {"drop": "yes"}).status_code == 302


def test_only_the_unit_sees_the_page_and_only_approvers_confirm():
    version = making.withdrawn(making.published())
    house, stranger = making.house_of(version.dataset), making.make_house().approver
    url = reverse("admin:catalogue_version_erase", args=[version.pk])
    assert signed_in(stranger).get(url).status_code == 404
    wish = asked(version)
    publisher = signed_in(house.publisher)
    assert publisher.get(url).status_code == 200
    for data in ({"asked": wish.pk}, {"drop": "yes"}):
        assert publisher.post(url, data).status_code == 403
    assert Release.objects.get(pk=version.release_id).report is not None
