"""The words of the catalogue: licences, stages of a release, formats."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Licence(models.TextChoices):
    """Licences a dataset may carry, named by their SPDX identifiers; each lets anyone use it for any purpose."""

    CC_BY = "CC-BY-4.0", _("Creative Commons Attribution 4.0")
    CC0 = "CC0-1.0", _("Creative Commons Zero 1.0")
    ODC_BY = "ODC-By-1.0", _("Open Data Commons Attribution 1.0")
    ODBL = "ODbL-1.0", _("Open Database License 1.0")
    PDDL = "PDDL-1.0", _("Public Domain Dedication and License 1.0")


LICENCE_URLS = {
    Licence.CC_BY: "https://creativecommons.org/licenses/by/4.0/",
    Licence.CC0: "https://creativecommons.org/publicdomain/zero/1.0/",
    Licence.ODC_BY: "https://opendatacommons.org/licenses/by/1-0/",
    Licence.ODBL: "https://opendatacommons.org/licenses/odbl/1-0/",
    Licence.PDDL: "https://opendatacommons.org/licenses/pddl/1-0/",
}


class Kind(models.TextChoices):
    """Why there is a new version."""

    NEW = "new", _("New or more data")
    CORRECTION = "correction", _("Correction of an error")


class Stage(models.TextChoices):
    """Where a release stands. READING and BUILDING are work of the background; the rest waits for people."""

    UPLOADED = "uploaded", _("Waiting to be read")
    READING = "reading", _("Being read")
    UNREADABLE = "unreadable", _("Cannot be read")
    REVIEW = "review", _("To be looked through")
    APPROVAL = "approval", _("Waiting for approval")
    APPROVED = "approved", _("Waiting to be built")
    BUILDING = "building", _("Being built")
    FAILED = "failed", _("Could not be built")
    PUBLISHED = "published", pgettext_lazy("release", "Published")
    ABANDONED = "abandoned", _("Given up")


OVER = (Stage.PUBLISHED, Stage.ABANDONED)
WORKING = (Stage.READING, Stage.BUILDING)


@dataclass(frozen=True)
class FormatInfo:
    """A format files are offered in: what it is called, its media type, and whether software reads it as a table."""

    code: str
    label: str
    media_type: str
    is_table: bool = True


FORMATS = {
    one.code: one
    for one in (
        FormatInfo("csv", "CSV", "text/csv"),
        FormatInfo("xlsx", "XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        FormatInfo("json", "JSON", "application/json"),
        FormatInfo("xml", "XML", "application/xml"),
        FormatInfo("parquet", "Parquet", "application/vnd.apache.parquet"),
        FormatInfo("geojson", "GeoJSON", "application/geo+json"),
        FormatInfo("original", "", "application/octet-stream", is_table=False),
        FormatInfo("datapackage", "Data Package", "application/json", is_table=False),
    )
}
"""In the order in which pages offer them."""
