"""From an upload to a published version and on to the next, as the workers do it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from opendata.catalogue.actions import deciding, publishing
from opendata.catalogue.choices import Stage
from opendata.catalogue.models import Dataset, LogEntry, Release
from opendata.catalogue.names import clean_name, original_name
from opendata.catalogue.pipeline import building, working
from opendata.catalogue.pipeline.claiming import Lost, take
from opendata.catalogue.standing import codes_of, obstacles, report_of
from opendata.catalogue.storage import store
from opendata.catalogue.verifying import findings
from opendata.inventory.models import Asset
from tests.opendata import making

pytestmark = pytest.mark.django_db

CLOSED = {
    "access": "restricted", "reason": "law", "legal_basis_ar": "مرسوم", "legal_basis_en": "Decree",
    "decided_by_role_ar": "مدير", "decided_by_role_en": "Director", "decided_on": "2026-01-01",
    "review_on": "2030-01-01",
}  # fmt: skip


def test_an_upload_becomes_a_signed_version():
    version = making.published(key=["year", "governorate"])
    assert version.number == "1.0.0"
    assert version.rows == 4
    assert version.preview[0] == ["2023", "Muscat", "1473000"]
    assert {file.format for file in version.files.all()} == {
        "csv", "xlsx", "json", "xml", "parquet", "original", "datapackage",
    }  # fmt: skip
    assert all(store().check(file.sha256) for file in version.files.all())
    assert version.release.stage == Stage.PUBLISHED
    assert version.dataset.asset.state == "published"
    assert LogEntry.objects.get(version=version).previous_hash


def test_the_next_version_is_numbered_and_compared_by_its_key():
    first = making.published(key=["year", "governorate"])
    dataset = first.dataset
    corrected = making.CSV.replace("1473000", "1474000")
    second = making.published(dataset, corrected, kind="correction")
    assert second.number == "1.0.1"
    assert (second.change.added, second.change.removed, second.change.changed, second.change.unchanged) == (0, 0, 1, 3)
    assert second.change.previous == first
    assert store().has(second.change.file_sha256)
    third = making.published(dataset, corrected + "2025,Muscat,1550000\n")
    assert (third.number, third.change.added) == ("1.1.0", 1)
    wider = "year,governorate,population,area\n2025,Muscat,1550000,3500\n"
    fourth = making.published(dataset, wider)
    assert fourth.number == "1.2.0"
    assert fourth.change.columns["added"] == ["area"]
    fifth = making.published(dataset, "year,governorate,area\n2025,Muscat,3500\n")
    assert fifth.number == "2.0.0"
    assert [one.kind for one in dataset.versions.order_by("sequence")].count("correction") == 1
    assert dataset.latest == fifth
    assert not list(findings())


def test_words_of_columns_are_carried_over_by_name():
    version = making.published()
    release = making.read(
        making.make_release(version.dataset, making.CSV.replace("governorate,population", "population,governorate"))
    )
    assert {entry["name"]: entry["title_ar"] for entry in release.dictionary} == {
        entry["name"]: entry["title_ar"] for entry in version.columns
    }


def test_a_key_that_names_two_rows_is_told_before_it_is_sent():
    release = making.reviewed(making.make_release(), key=["year"])
    assert [reason.code for reason in obstacles(release)] == ["key_repeated"]


def test_an_unreadable_file_says_why_and_leaves_what_is_published():
    version = making.published()
    release = making.read(making.make_release(version.dataset, b"%PDF-1.7\n%abc\n", "data.csv"))
    assert release.stage == Stage.UNREADABLE
    assert codes_of(report_of(release), "stops") == ["pdf"]
    version.dataset.refresh_from_db()
    assert version.dataset.latest == version


def test_a_build_that_fails_leaves_the_published_version_as_it_was():
    version = making.published()
    release = making.approved(making.make_release(version.dataset, making.CSV + "2025,Muscat,1\n"))
    path = store().path(release.table_sha256)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-4] + b"xxxx")
    working.work_on(release.pk)
    release.refresh_from_db()
    version.dataset.refresh_from_db()
    assert (release.stage, release.failure) == (Stage.FAILED, "store_damaged")
    assert version.dataset.latest == version
    assert version.dataset.versions.count() == 1
    assert not list(store().work.glob("release-*"))


def test_it_is_not_published_when_the_inventory_closed_the_asset_meanwhile():
    release = making.approved(making.make_release())
    Asset.objects.filter(pk=release.dataset.asset_id).update(**CLOSED)
    working.work_on(release.pk)
    release.refresh_from_db()
    assert (release.stage, release.failure) == (Stage.FAILED, "asset_not_open")


def test_what_broke_off_is_tried_three_times_and_then_given_back():
    release = making.make_release()
    store().path(release.file_sha256).unlink()
    for _attempt in range(3):
        Release.objects.filter(pk=release.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))
        working.work_on(release.pk)
    release.refresh_from_db()
    assert release.stage == Stage.UNREADABLE
    assert release.failure


def test_a_worker_that_lost_its_release_changes_nothing():
    release = making.make_release()
    claim = take(release.pk)
    Release.objects.filter(pk=release.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert take(release.pk).attempt == 2
    with pytest.raises(Lost):
        claim.end(Stage.REVIEW, "read")
    release.refresh_from_db()
    assert release.stage == Stage.READING


def test_a_worker_that_slept_is_not_taken_for_the_one_that_has_the_release_now():
    release = making.make_release()
    slept = take(release.pk)
    Release.objects.filter(pk=release.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))
    Release.objects.filter(pk=release.pk).update(stage=Stage.UNREADABLE)
    release.refresh_from_db()
    assert deciding.try_again(release=release, by=making.house_of(release.dataset).publisher)
    now = take(release.pk)
    assert (slept.stage, slept.attempt) == (now.stage, now.attempt)
    assert not slept.renew()
    with pytest.raises(Lost):
        slept.end(Stage.REVIEW, "read")
    now.step("reading")


def test_a_dictionary_that_does_not_fit_is_said_and_not_tried_again():
    release = making.approved(making.make_release())
    broken = [{**entry, "name": "Not A Name"} for entry in release.dictionary]
    Release.objects.filter(pk=release.pk).update(dictionary=broken, key=[])
    working.work_on(release.pk)
    release.refresh_from_db()
    assert (release.stage, release.failure) == (Stage.FAILED, "bad_schema")


def test_a_damaged_table_of_the_version_before_is_not_compared_with():
    dataset = Dataset.objects.get(pk=making.published().dataset_id)
    release = making.approved(making.make_release(dataset, making.CSV + "2025,Muscat,1\n"))
    place = store().path(dataset.latest.table_sha256)
    kept = place.read_bytes()
    place.chmod(0o640)
    place.write_bytes(kept[:-1])
    try:
        working.work_on(release.pk)
        release.refresh_from_db()
        assert (release.stage, release.failure) == (Stage.FAILED, "store_damaged")
    finally:
        place.write_bytes(kept)


def test_a_version_withdrawn_while_the_next_is_built_is_no_failure(caplog, monkeypatch):
    first = making.published()
    release = making.approved(making.make_release(first.dataset, making.CSV + "2025,Muscat,1\n"))
    placed = building._place

    def withdrawn_meanwhile(*args):
        found = placed(*args)
        if not first.is_withdrawn:
            making.withdrawn(first)
        return found

    monkeypatch.setattr(building, "_place", withdrawn_meanwhile)
    working.work_on(release.pk)
    assert not [one for one in caplog.records if one.exc_info]
    Release.objects.filter(pk=release.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))
    working.work_on(release.pk)
    release.refresh_from_db()
    assert release.stage == Stage.PUBLISHED


def test_an_asset_assessed_anew_while_it_is_published_is_said_and_not_tried_again(monkeypatch):
    release = making.approved(making.make_release())
    announced = publishing.announce_keys

    def assessed_meanwhile(*args):
        Asset.objects.filter(pk=release.dataset.asset_id).update(**CLOSED)
        return announced(*args)

    monkeypatch.setattr(publishing, "announce_keys", assessed_meanwhile)
    working.work_on(release.pk)
    release.refresh_from_db()
    assert (release.stage, release.failure) == (Stage.FAILED, "asset_not_open")
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\data\\سكان عمان.csv", "سكان_عمان.csv"),
        ("a\u202egpj.csv\x00.exe", "a_gpj.csv.exe"),
        ("..", "file"),
        ("", "file"),
        ("x" * 400 + ".csv", "x" * 108 + ".csv"),
        ('quo"te\r\nX-Header: 1.csv', "quo_te_X-Header_1.csv"),
    ],
)
def test_names_of_uploads_are_names_and_nothing_else(name, shown):
    assert clean_name(name) == shown


def test_an_original_does_not_hide_a_file_of_the_portal():
    assert original_name("data.json") == "original_data.json"
    assert original_name("population.csv") == "population.csv"
