"""What the pages of a dataset and of a version show: everything but the words, which are in the templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from opendata.catalogue import tables
from opendata.catalogue.addresses import LOG, file_path, reverse_or_nothing
from opendata.catalogue.charting import charts_of
from opendata.catalogue.choices import FORMATS
from opendata.catalogue.columns import Shown, columns_of
from opendata.catalogue.downloads import downloads_of
from opendata.catalogue.freshness import days_late
from opendata.catalogue.licences import plainly
from opendata.catalogue.models import Dataset, Release, Version, VersionFile
from opendata.catalogue.preview import Preview
from opendata.catalogue.quality import quality_of
from opendata.catalogue.structured import structured
from opendata.catalogue.trusting import trusted
from opendata.inventory.showing import contact_of
from portal.organisations.models import Governorate

HEAVY = ("preview", "columns", "manifest", "signature")
"""What lists of versions have no use for."""
MOST_COLUMNS = 200
"""Columns of which the dictionary on the page has a row."""
SHEET_ROWS = 1_048_575
PACKAGE = "datapackage.json"
NOTES = {
    "xlsx_values_as_text": gettext_lazy(
        "Some columns are text in this file: a sheet would round their numbers or refuse their dates."
    ),
    "xml_characters_replaced": gettext_lazy("Control characters that XML forbids are replaced in this file."),
}


@dataclass(frozen=True)
class Offered:
    """A file as the page offers it."""

    file: VersionFile
    label: str
    url: str
    note: str = ""

    @property
    def short_sha256(self) -> str:
        return self.file.sha256[:12]

    @property
    def is_original(self) -> bool:
        return self.file.format == "original"


@dataclass(frozen=True)
class Described:
    """A column with how many of its cells are empty; None where that is not known."""

    column: Shown
    empty: int | None


def dataset_context(dataset: Dataset, query: QueryDict) -> dict[str, Any]:
    """The page of a dataset: its newest version and everything round it."""
    version = dataset.latest
    assert version is not None
    files = list(version.files.all())
    return {
        **version_context(dataset, version, files, query),
        "drawn": charts_of(version),
        "quality": quality_of(dataset, version, files),
        "versions": versions_of(dataset),
        "downloads": downloads_of(dataset),
        "reuses": list(dataset.reuses.shown()),
        "days_late": days_late(dataset.asset.frequency, version.published_at),
        "structured": structured(dataset, version, [one for one in files if one.name != PACKAGE]),
        "contact": contact_of(dataset.asset),
        "breadcrumbs": crumbs(),
        "about_urls": {kind: _about_url(kind, dataset.path) for kind in ("data_correction", "comment", "inquiry")},
        "last_updated": dataset.modified_at,
    }


def version_context(
    dataset: Dataset, version: Version, files: Sequence[VersionFile], query: QueryDict
) -> dict[str, Any]:
    """What the pages of a dataset and of a version have in common."""
    offered = [_offered(dataset, version, file) for file in files if file.name != PACKAGE]
    formats = {file.format for file in files}
    return {
        "dataset": dataset,
        "version": version,
        "offered": offered,
        "missing_xlsx": "" if "xlsx" in formats else _why_no_sheet(version),
        "no_original": "" if "original" in formats else _why_no_original(version),
        "machine": {key: file_path(dataset.slug, version.sequence, name) for key, name in _MACHINE.items()}
        | {"log": LOG},
        "has_package": any(file.name == PACKAGE for file in files),
        "trusted": trusted(version),
        "described": _described(version),
        "more_columns": max(0, len(version.columns) - MOST_COLUMNS),
        "preview": Preview(version, query),
        "licence": plainly(version.licence),
        "places": [Governorate(code).label for code in dataset.governorates],
        "publisher_url": publisher_url(dataset),
        "breadcrumbs": crumbs(dataset),
    }


_MACHINE = {"manifest": "manifest.json", "signature": "manifest.jws", "package": PACKAGE}


def crumbs(dataset: Dataset | None = None) -> list[dict[str, str]]:
    """The way to a page below the catalogue, and to one below a dataset."""
    found = [
        {"label": _("Home"), "url": reverse("home:home")},
        {"label": _("Open data"), "url": reverse("catalogue:list")},
    ]
    if dataset is not None:
        found.append({"label": str(dataset), "url": dataset.get_absolute_url()})
    return found


def versions_of(dataset: Dataset) -> list[Version]:
    """Every version, newest first, with what differs from the one before it."""
    rows = Version.objects.filter(dataset=dataset).select_related("change").order_by("-sequence")
    found = list(rows.defer(*HEAVY, "change__sample", "change__columns"))
    by_key = {version.pk: version for version in found}
    for version in found:
        version.dataset = dataset
        if change := getattr(version, "change", None):
            change.previous = by_key[change.previous_id]
    return found


def publisher_url(dataset: Dataset) -> str:
    """The page of the agency, or else its datasets."""
    organisation = dataset.asset.organisation
    agency = getattr(organisation, "open_data", None)
    here = f"{reverse('catalogue:list')}?{urlencode({'body': organisation.code})}"
    return (reverse_or_nothing("inventory:agency", agency.slug) if agency else "") or here


def _about_url(kind: str, path: str) -> str:
    """Where a message about this page is written."""
    return f"{reverse('feedback:contact')}?{urlencode({'kind': kind, 'page': path})}"


def _offered(dataset: Dataset, version: Version, file: VersionFile) -> Offered:
    label = FORMATS[file.format].label or _("Original file")
    return Offered(file, label, file_path(dataset.slug, version.sequence, file.name), str(NOTES.get(file.note, "")))


def _why_no_sheet(version: Version) -> str:
    if version.rows > SHEET_ROWS:
        return _("There is no XLSX file: the table has more rows than a sheet takes. CSV and Parquet hold all of them.")
    return _("There is no XLSX file: a sheet does not take so many columns or cells, or such long texts.")


def _why_no_original(version: Version) -> str:
    left_out: Any = Release.objects.filter(pk=version.release_id, without_original=True)
    return left_out.values_list(f"no_original_because_{get_language() or 'ar'}", flat=True).first() or ""


def _described(version: Version) -> list[Described]:
    columns = columns_of(version)[:MOST_COLUMNS]
    counts: Sequence[int | None] = tables.empties(version) or []
    return [Described(one, counts[n] if n < len(counts) else None) for n, one in enumerate(columns)]
