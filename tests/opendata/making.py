"""Agencies, assets, datasets, releases and published versions, made as the portal makes them: through the pipeline.

`published()` reads, builds, signs and publishes for real, in a second or two. All the names may be left out.
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from opendata.catalogue.actions import datasets, deciding, reviewing, uploading, withdrawing
from opendata.catalogue.choices import Kind, Stage
from opendata.catalogue.models import Dataset, Release, Version
from opendata.catalogue.pipeline import working
from opendata.catalogue.standing import codes_of, report_of
from opendata.catalogue.storage import store
from opendata.inventory.choices import Access, State
from opendata.inventory.models import Agency, Asset
from opendata.reading.report import ASKS
from portal.organisations.models import Organisation, Role, Unit
from portal.staff.models import User
from tests.people import staff

_numbers = itertools.count(1)

PUBLISH = (
    "view_dataset", "add_dataset", "change_dataset", "view_release", "add_release", "change_release", "view_version",
)  # fmt: skip
APPROVE = (*PUBLISH, "approve_dataset")

CSV = """year,governorate,population
2023,Muscat,1473000
2023,Dhofar,528000
2024,Muscat,1510000
2024,Dhofar,541000
"""
"""A small clean table; its key is year and governorate."""


@dataclass
class House:
    """An agency with one unit: who uploads there and who approves."""

    organisation: Organisation
    unit: Unit
    agency: Agency
    publisher: User
    approver: User


def make_house(code: str = "", **agency: Any) -> House:
    """An agency with its open data profile, a publisher and an approver of one unit."""
    code = code or f"body-{next(_numbers)}"
    organisation = Organisation.objects.create(code=code, name_ar=f"جهة {code}", name_en=f"Body {code}")
    unit = Unit.objects.create(organisation=organisation, code=f"{code}-data", name_ar=f"قسم {code}", name_en=code)
    return House(
        organisation,
        unit,
        make_agency(organisation, **agency),
        staff(f"{code}-publisher", unit, Role.OFFICER, *PUBLISH),
        staff(f"{code}-approver", unit, Role.LEAD, *APPROVE),
    )


def make_agency(organisation: Organisation, **fields: Any) -> Agency:
    """The open data profile of an organisation."""
    values = {"slug": organisation.code, "counted_from": timezone.localdate(), **fields}
    return Agency.objects.create(organisation=organisation, **values)


def make_asset(house: House, **fields: Any) -> Asset:
    """An open, assessed asset of the house's inventory."""
    number = next(_numbers)
    values = {
        "code": f"A-{number}", "title_ar": f"أصل بيانات {number}", "title_en": f"Asset {number}",
        "theme": "population", "frequency": "yearly", "access": Access.OPEN, "state": State.ASSESSED,
        "assessed_at": timezone.now(), "created_by": house.publisher,
    }  # fmt: skip
    return Asset.objects.create(unit=house.unit, organisation=house.organisation, **{**values, **fields})


def make_dataset(house: House | None = None, asset: Asset | None = None, slug: str = "", **fields: Any) -> Dataset:
    """A dataset without a version."""
    house = house or make_house()
    slug = slug or f"dataset-{next(_numbers)}"
    values = {
        "title_ar": f"مجموعة بيانات {slug}", "title_en": f"Dataset {slug}",
        "description_ar": "وصف مجموعة البيانات وما تتضمنه من أعمدة وصفوف ومصدرها وكيفية جمعها وما ينبغي الانتباه إليه.",
        "description_en": "What the dataset holds, where it comes from, how it was gathered, and what to mind.",
    }  # fmt: skip
    asset = asset or make_asset(house)
    return datasets.enter_dataset(asset=asset, slug=slug, by=house.publisher, **{**values, **fields})


def house_of(dataset: Dataset) -> House:
    """The house a dataset was made for."""
    unit = dataset.asset.unit
    people = {one.user.username.rpartition("-")[2]: one.user for one in unit.memberships.select_related("user")}
    agency = Agency.objects.get(organisation=unit.organisation)
    return House(unit.organisation, unit, agency, people["publisher"], people["approver"])


def received(data: str | bytes | Path, name: str) -> uploading.Received:
    """The data in the store, as after an upload."""
    if isinstance(data, Path):
        stored = store().add(data)
    else:
        with tempfile.NamedTemporaryFile() as file:
            file.write(data.encode() if isinstance(data, str) else data)
            file.flush()
            stored = store().add(Path(file.name))
    return uploading.Received(name, stored.size, stored.sha256)


def make_release(
    dataset: Dataset | None = None, data: str | bytes | Path = CSV, name: str = "data.csv", *, kind: str = Kind.NEW,
    by: User | None = None, choices: dict[str, Any] | None = None,
) -> Release:  # fmt: skip
    """An upload that waits to be read."""
    dataset = dataset or make_dataset()
    return uploading.begin_release(
        dataset=dataset, by=by or house_of(dataset).publisher, upload=received(data, name), kind=kind, choices=choices,
        change_note_ar="أضيفت بيانات جديدة", change_note_en="New data was added",
    )  # fmt: skip


def read(release: Release) -> Release:
    """The release after a worker has read it."""
    working.work_on(release.pk)
    release.refresh_from_db()
    return release


def reviewed(release: Release, key: Sequence[str] = ()) -> Release:
    """A release that was read, with titles for all columns, problems accepted and personal data cleared."""
    if release.stage == Stage.UPLOADED:
        read(release)
    house = house_of(release.dataset)
    titled = {
        entry["name"]: {"title_ar": entry["title_ar"] or f"عمود {entry['name']}",
                        "title_en": entry["title_en"] or entry["name"].capitalize()}
        for entry in release.dictionary
    }  # fmt: skip
    reviewing.describe_columns(
        release=release, by=house.publisher, revision=release.revision, columns=titled, key=list(key) or release.key
    )
    release.refresh_from_db()
    if release.stage == Stage.UPLOADED:
        read(release)
    report = report_of(release)
    assert report is not None
    if asking := codes_of(report, ASKS):
        reviewing.accept_problems(release=release, by=house.publisher, revision=release.revision, codes=asking)
    if report.personal:
        reviewing.clear_personal(release=release, by=house.approver, revision=release.revision, because="Made up.")
    return release


def submitted(release: Release, key: Sequence[str] = ()) -> Release:
    """A release that waits for approval."""
    reviewed(release, key)
    reviewing.submit_release(release=release, by=house_of(release.dataset).publisher, revision=release.revision)
    return release


def approved(release: Release, key: Sequence[str] = ()) -> Release:
    """A release that waits to be built."""
    submitted(release, key)
    deciding.approve_release(release=release, by=house_of(release.dataset).approver, revision=release.revision)
    return release


def published(
    dataset: Dataset | None = None, data: str | bytes | Path = CSV, name: str = "data.csv", *,
    key: Sequence[str] = (), kind: str = Kind.NEW, choices: dict[str, Any] | None = None,
) -> Version:  # fmt: skip
    """A version the public can download, next of its dataset (a new one where none is given)."""
    release = approved(make_release(dataset, data, name, kind=kind, choices=choices), key)
    working.work_on(release.pk)
    release.refresh_from_db()
    assert release.stage == Stage.PUBLISHED, (release.stage, release.failure)
    if dataset is not None:
        dataset.refresh_from_db()
    return Version.objects.select_related("dataset__asset", "release").get(release=release)


def withdrawn(version: Version) -> Version:
    """The version after it was withdrawn."""
    withdrawing.withdraw_version(
        version=version, by=house_of(version.dataset).approver, because_ar="تبين خطأ في المصدر",
        because_en="The source was found to be wrong",
    )  # fmt: skip
    return version


def kept(blocker: Any) -> Iterator[None]:
    """What is made while this is open stands for all tests of a module, and nothing of it stays."""
    with blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        try:
            yield
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)
            connection.close()
