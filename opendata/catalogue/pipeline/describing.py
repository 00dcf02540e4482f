"""What a version says of itself to machines: its Data Package and its manifest."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings

from opendata.building.built import BuiltFile
from opendata.building.datapackage import Licence as PackageLicence
from opendata.building.datapackage import Meta, Party, datapackage
from opendata.building.schema import Schema
from opendata.catalogue.actions.publishing import Place
from opendata.catalogue.choices import LICENCE_URLS, Licence
from opendata.catalogue.models import Release, VersionFile
from opendata.trust.manifest import NamedFile, Text, manifest
from portal.bilingual import in_language

ROLES = ("publisher", "approver")


def _number(place: Place) -> str:
    return ".".join(str(part) for part in place.number)


def package(
    release: Release, place: Place, schema: Schema, files: list[BuiltFile], published_at: datetime
) -> dict[str, Any]:
    """datapackage.json of the version."""
    dataset: Any = release.dataset  # modeltranslation's columns are not known to the checker
    asset = dataset.asset
    publisher = asset.organisation
    with in_language("en"):
        licence = PackageLicence(dataset.licence, LICENCE_URLS[Licence(dataset.licence)], dataset.get_licence_display())
    meta = Meta(
        name=dataset.slug, id=str(dataset.uuid), version=_number(place), created=published_at,
        title_ar=dataset.title_ar, title_en=dataset.title_en, description_ar=dataset.description_ar,
        description_en=dataset.description_en, homepage=f"{settings.SITE_URL}/ar{dataset.path}", licences=(licence,),
        contributors=(Party(publisher.name_ar, publisher.name_en, roles=("publisher",)),),
        sources=(Party(asset.source_system, asset.source_system),) if asset.source_system else (),
        keywords=tuple(word.strip() for word in (dataset.keywords_en or "").split(",") if word.strip()),
    )  # fmt: skip
    return datapackage(meta, schema, files)


def manifest_of(
    release: Release, place: Place, schema: Schema, files: list[VersionFile], rows: int, published_at: datetime
) -> dict[str, Any]:
    """What is signed: everything that must not change without being noticed."""
    dataset: Any = release.dataset
    publisher = dataset.asset.organisation
    return manifest(
        dataset_id=str(dataset.uuid), slug=dataset.slug, version=_number(place), sequence=place.sequence,
        title=Text(dataset.title_ar, dataset.title_en), publisher_code=publisher.code,
        publisher=Text(publisher.name_ar, publisher.name_en), licence=dataset.licence,
        licence_url=LICENCE_URLS[Licence(dataset.licence)], published_at=published_at, kind=release.kind,
        schema=schema.to_json(), rows=rows,
        files=[NamedFile(file.name, file.format, file.media_type, file.size, file.sha256) for file in files],
        approved_by=ROLES if release.approved_by_id else ("portal",),
        previous=place.newest.manifest_sha256 if place.newest else None,
    )  # fmt: skip
