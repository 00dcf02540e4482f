"""What the database refuses whoever has it at hand: emptying signed tables, and adding to what was published."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from opendata.catalogue.actions.log import sign_heads
from opendata.catalogue.models import Change, Release, Version, VersionFile
from opendata.catalogue.storage import ring
from opendata.inventory.models import Snapshot
from tests.opendata import making
from tests.opendata.catalogue.test_erasing import asked
from tests.people import World

pytestmark = pytest.mark.django_db


def refuses_to_be_emptied(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")
        assert cursor.fetchone()[0], "there is a row to lose"
        with pytest.raises(IntegrityError, match=f"Rows of {table} are never"), transaction.atomic():
            cursor.execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("table", ["version", "versionfile", "change", "erasure", "logentry", "dailyhead"])
def test_no_table_of_what_was_published_is_emptied(table: str):
    first = making.published()
    making.published(first.dataset, making.CSV + "2025,Muscat,1\n")
    asked(making.withdrawn(first))
    sign_heads(ring(), (timezone.now() + timedelta(days=1)).astimezone(UTC).date())
    refuses_to_be_emptied(f"catalogue_{table}")


def test_compliance_and_requests_keep_theirs_too(world: World):
    from tests.opendata.data_requests import asking

    assert world
    agency = making.make_house().agency
    Snapshot.objects.create(agency=agency, day=timezone.localdate(), duties={}, figures={})
    refuses_to_be_emptied("inventory_snapshot")
    asking.accepted(world)
    refuses_to_be_emptied("data_requests_event")


def test_nothing_is_added_to_what_was_published():
    first = making.published()
    version = making.published(first.dataset, making.CSV + "2025,Muscat,1\n")
    file = version.files.first()
    assert file is not None
    more = {"name": "more.csv", "format": "csv", "media_type": "text/csv", "size": 1, "sha256": file.sha256}
    with pytest.raises(IntegrityError, match="Nothing is added"), transaction.atomic():
        VersionFile.objects.create(version=version, **more)
    numbers = dict.fromkeys(("added", "removed", "changed", "unchanged"), 0)
    with pytest.raises(IntegrityError, match="Nothing is added"), transaction.atomic():
        Change.objects.create(version=first, previous=version, **numbers)


def test_what_reading_found_goes_only_with_a_version_that_was_withdrawn():
    version = making.published()
    empty = {"report": None, "findings": []}
    for values in (empty, {"comparison": None, "report": None}, {"findings": ["x"]}):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            Release.objects.filter(pk=version.release_id).update(**values)
    making.withdrawn(Version.objects.get(pk=version.pk))
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Release.objects.filter(pk=version.release_id).update(report={"rows": 1})
    assert Release.objects.filter(pk=version.release_id).update(**empty) == 1
