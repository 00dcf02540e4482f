"""The quality score of a dataset: what is looked at, what was found, and what would raise it.

Nine criteria are those of udata, the software of the French portal; the rest are principles of the open data policy.
Each counts the same, so that anybody can work out the score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from opendata.catalogue.choices import FORMATS
from opendata.catalogue.freshness import days_late
from opendata.catalogue.models import Dataset, Version, VersionFile
from opendata.catalogue.storage import store
from opendata.inventory.choices import Frequency
from portal.bilingual import LANGUAGE_CODES

LONG_ENOUGH = 100
"""Letters of a description that says something."""


@dataclass(frozen=True)
class Criterion:
    """One thing looked at: whether it is met, what was found, and what would make it better ("" where it is met)."""

    title: str
    is_met: bool
    found: str
    advice: str = ""


@dataclass(frozen=True)
class Quality:
    """All criteria, and the share of them that is met, from 0 to 100."""

    criteria: tuple[Criterion, ...]

    @property
    def met(self) -> int:
        return sum(criterion.is_met for criterion in self.criteria)

    @property
    def score(self) -> int:
        return round(100 * self.met / len(self.criteria))


def quality_of(dataset: Dataset, version: Version, files: Sequence[VersionFile]) -> Quality:
    """What is found of a dataset by its newest version; asks the database nothing."""
    return Quality(
        (
            _description(dataset), _available(files), _columns(version), _frequency(dataset),
            _on_time(dataset, version), _time_covered(dataset), _place_covered(dataset), _open_formats(files),
            _licence(version), _both_languages(version), _primary(version), _methods(dataset, version),
            _signed(version),
        )
    )  # fmt: skip


def _description(dataset: Dataset) -> Criterion:
    length = min(len(getattr(dataset, f"description_{code}") or "") for code in LANGUAGE_CODES)
    found = ngettext(
        "The shorter of the two descriptions has %(count)d letter.",
        "The shorter of the two descriptions has %(count)d letters.",
        length,
    ) % {"count": length}
    advice = _("Write %(least)d letters or more in each language: what it holds, where it comes from, what to mind.")
    return _judged(_("It is described at length"), length >= LONG_ENOUGH, found, advice % {"least": LONG_ENOUGH})


def _available(files: Sequence[VersionFile]) -> Criterion:
    missing = [file.name for file in files if not store().has(file.sha256)]
    found = _("Not at hand: %(names)s.") % {"names": _(", ").join(missing)} if missing else _("Every file is at hand.")
    return _judged(_("All files can be downloaded"), not missing, found, _("Restore the files from the backup."))


def _columns(version: Version) -> Criterion:
    bare = [
        one["name"] for one in version.columns if not any(one.get(f"description_{code}") for code in LANGUAGE_CODES)
    ]
    return _judged(
        _("Every column is explained"), not bare, _counted(len(bare), len(version.columns)),
        _("Describe each column in the data dictionary with the next version."),
    )  # fmt: skip


def _counted(bare: int, columns: int) -> str:
    """How many columns lack something."""
    if not bare:
        return _("All columns have it.")
    text = ngettext("%(bare)d of %(columns)d columns lacks it.", "%(bare)d of %(columns)d columns lack it.", bare)
    return text % {"bare": bare, "columns": columns}


def _frequency(dataset: Dataset) -> Criterion:
    asset = dataset.asset
    return _judged(
        _("It says how often it is updated"), asset.frequency != Frequency.IRREGULAR,
        _("Updated: %(frequency)s.") % {"frequency": asset.get_frequency_display()},
        _("Promise a rhythm in the inventory."),
    )  # fmt: skip


def _on_time(dataset: Dataset, version: Version) -> Criterion:
    late = days_late(dataset.asset.frequency, version.published_at)
    found = ngettext("%(count)d day late.", "%(count)d days late.", late) % {"count": late}
    return _judged(
        _("It is updated when promised"),
        not late,
        found if late else _("It is not late."),
        _("Publish the next version."),
    )


def _time_covered(dataset: Dataset) -> Criterion:
    is_stated = dataset.covers_from is not None or dataset.covers_until is not None
    days = [date_format(day) if day else "…" for day in (dataset.covers_from, dataset.covers_until)]
    return _judged(
        _("It says which time it covers"), is_stated, " – ".join(days) if is_stated else _("Not stated."),
        _("State from when and until when its data is."),
    )  # fmt: skip


def _place_covered(dataset: Dataset) -> Criterion:
    count = len(dataset.governorates)
    words = ngettext("%(count)d governorate", "%(count)d governorates", count) % {"count": count}
    return _judged(_("It says which part of the country it covers"), True, words if count else _("The whole country"))


def _open_formats(files: Sequence[VersionFile]) -> Criterion:
    formats = [FORMATS[code].label for code in dict.fromkeys(file.format for file in files) if FORMATS[code].is_table]
    return _judged(
        _("Its formats are open and read by programs"), bool(formats),
        _(", ").join(formats) or _("The original alone."),
        _("Publish it as a table, so that open formats can be built."),
    )  # fmt: skip


def _licence(version: Version) -> Criterion:
    return _judged(_("It has an open licence"), bool(version.licence), str(version.get_licence_display()))


def _both_languages(version: Version) -> Criterion:
    bare = [one for one in version.columns if not all(one.get(f"title_{code}") for code in LANGUAGE_CODES)]
    return _judged(
        _("The data dictionary is in both languages"), not bare, _counted(len(bare), len(version.columns)),
        _("Name each column in Arabic and English."),
    )  # fmt: skip


def _primary(version: Version) -> Criterion:
    return _judged(
        _("Single records can be told apart"), bool(version.key),
        _("Columns that identify a row: %(columns)s.") % {"columns": _(", ").join(version.key)} if version.key
        else _("No columns are said to identify a row."),
        _("Publish the finest grain there is, and name the columns that identify a row."),
    )  # fmt: skip


def _methods(dataset: Dataset, version: Version) -> Criterion:
    is_told = bool(dataset.methods) or any(one.get("formula") for one in version.columns)
    return _judged(
        _("It says how its figures are made"), is_told, _("It is told.") if is_told else _("Not stated."),
        _("Say how the data is collected, and give the formula of each derived figure."),
    )  # fmt: skip


def _signed(version: Version) -> Criterion:
    return _judged(
        _("It is signed"), bool(version.signature), _("Signed with the key %(key)s.") % {"key": version.key_id[:12]}
    )


def _judged(title: str, is_met: bool, found: str, advice: str = "") -> Criterion:
    return Criterion(title, is_met, found, "" if is_met else advice)
