"""Versions put straight into the tables and the store, for pages that need many of them or odd ones.

They are signed with the portal's key, so that their pages find them genuine.
"""

from __future__ import annotations

import hashlib
import itertools
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from opendata.catalogue.choices import FORMATS
from opendata.catalogue.models import Dataset, Release, Version, VersionFile
from opendata.catalogue.storage import ring, store
from opendata.inventory.models import Asset
from opendata.trust.canonical import canonical, sha256
from opendata.trust.signing import sign
from portal.search.indexing import index
from tests.opendata import making

_numbers = itertools.count(1)
HOST = "testserver"


def column(name: str, type: str = "text", **texts: str) -> dict[str, str]:
    """A column of a dictionary, described in both languages."""
    words = {"title_ar": f"عمود {name}", "title_en": name.replace("_", " ").capitalize(),
             "description_ar": "وصف", "description_en": f"What {name} means"}  # fmt: skip
    return {"name": name, "type": type, **words, **texts}


COLUMNS = [column("year", "integer"), column("governorate"), column("population", "integer")]
ROWS = [["2023", "Muscat", "1473000"], ["2023", "Dhofar", "528000"], ["2024", "Muscat", "1510000"],
        ["2024", "Dhofar", ""]]  # fmt: skip


def kept(content: bytes) -> tuple[str, int]:
    """The content in the store: its hash and size."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        stored = store().add(Path(file.name))
    return stored.sha256, stored.size


def dataset(house: making.House | None = None, slug: str = "", **fields: Any) -> Dataset:
    """A dataset whose asset takes `theme`, `frequency` and `is_high_value`."""
    house = house or making.make_house()
    of_asset = {name: fields.pop(name) for name in ("theme", "frequency", "is_high_value") if name in fields}
    return making.make_dataset(house, making.make_asset(house, **of_asset), slug, **fields)


def version(
    of: Dataset | None = None, *, columns: list[dict[str, str]] | None = None, rows: list[list[str]] | None = None,
    formats: tuple[str, ...] = ("csv", "xlsx", "json"), **fields: Any,
) -> Version:  # fmt: skip
    """The next version of a dataset, its newest from now on."""
    of = of or dataset()
    sequence = of.versions.count() + 1
    data = ROWS if rows is None else rows
    release = Release.objects.create(
        dataset=of, stage="abandoned", file_name="data.csv", file_size=1, file_sha256="0" * 64
    )
    content = "\r\n".join(",".join(row) for row in data).encode() or b"\r\n"
    digest, size = kept(content)
    names = [{"name": f"data.{code}", "sha256": digest} for code in formats]
    manifest = {"version": f"{sequence}.0.0", "files": names, "of": of.slug, "n": next(_numbers),
                "approved_by": ["publisher", "approver"]}  # fmt: skip
    keys = ring()
    values = {
        "sequence": sequence, "major": sequence, "minor": 0, "patch": 0, "kind": "new", "rows": len(data),
        "columns": columns or COLUMNS, "preview": data[:100], "table_sha256": digest,
        "manifest": canonical(manifest).decode(), "manifest_sha256": sha256(manifest),
        "signature": sign(manifest, keys), "key_id": keys.active, "change_note_ar": "", "change_note_en": "",
        "published_at": timezone.now(), "licence": of.licence,
    }  # fmt: skip
    made = Version.objects.create(dataset=of, release=release, **{**values, **fields})
    VersionFile.objects.bulk_create(
        VersionFile(version=made, format=code, name=f"data.{code}", media_type=FORMATS[code].media_type, size=size,
                    sha256=digest) for code in formats
    )  # fmt: skip
    of.latest = made
    of.save(update_fields=["latest"])
    return made


def digest(content: bytes) -> str:
    """SHA-256 of some bytes."""
    return hashlib.sha256(content).hexdigest()


def many_datasets(house: making.House, count: int) -> None:
    """So many datasets with a version in three formats, straight into the tables and the search."""
    numbers = list(itertools.islice(_numbers, count))
    now = timezone.now()
    assets = Asset.objects.bulk_create(
        Asset(unit=house.unit, organisation=house.organisation, code=f"M-{n}", title_ar=f"أصل {n}",
              title_en=f"Asset {n}", theme="health" if n % 2 else "education", frequency="yearly", state="assessed")
        for n in numbers
    )  # fmt: skip
    datasets = Dataset.objects.bulk_create(
        Dataset(asset=asset, slug=f"many-{n}", title=f"D {n}", title_ar=f"إحصاءات {n}", title_en=f"Statistics {n}",
                description_ar="وصف", description_en="Description", governorates=["muscat"] if n % 3 else [])
        for n, asset in zip(numbers, assets, strict=True)
    )  # fmt: skip
    releases = Release.objects.bulk_create(
        Release(dataset=dataset, stage="abandoned", file_name="a", file_size=1, file_sha256="0" * 64)
        for dataset in datasets
    )
    versions = Version.objects.bulk_create(
        Version(dataset=dataset, release=release, sequence=1, major=1, minor=0, patch=0, kind="new", rows=100,
                columns=COLUMNS, preview=[["x" * 20] * 3] * 100, table_sha256="0" * 64, manifest="m",
                manifest_sha256=f"{n:064x}", signature="s", key_id="k", published_at=now - timedelta(minutes=n))
        for n, dataset, release in zip(numbers, datasets, releases, strict=True)
    )  # fmt: skip
    VersionFile.objects.bulk_create(
        VersionFile(version=version, format=code, name=f"data.{code}", media_type="x/y", size=1, sha256="0" * 64)
        for version in versions for code in ("csv", "json", "original")
    )  # fmt: skip
    for of, made in zip(datasets, versions, strict=True):
        of.latest = made
    Dataset.objects.bulk_update(datasets, ["latest"], batch_size=1000)
    analyze()  # without it the planner takes the tables for empty
    index("dataset", [str(dataset.pk) for dataset in datasets])
    analyze()


def analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
