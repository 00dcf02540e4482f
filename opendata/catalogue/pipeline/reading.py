"""Reading an upload: the typed table and the list of problems go to the store, what was found to the release."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from opendata.building.differences import Difference
from opendata.building.limited import BuildFailed, compare_limited
from opendata.catalogue import letters
from opendata.catalogue.choices import Stage
from opendata.catalogue.dictionaries import carried_over
from opendata.catalogue.models import Release, Version
from opendata.catalogue.pipeline.claiming import Claim
from opendata.catalogue.pipeline.scratch import folder
from opendata.catalogue.storage import store
from opendata.reading.choices import Choices
from opendata.reading.limited import read_limited
from opendata.reading.report import STOPS, PersonalFinding, Report

logger = logging.getLogger(__name__)

LONGEST_CELL = 300
"""Letters of a cell the release keeps for the page; the table has all of them."""


def read(claim: Claim) -> None:
    """Read the upload as the publisher chose; the release is to be looked through afterwards, or is unreadable."""
    release = claim.release
    with folder(claim) as into:
        claim.step("reading")
        report = with_earlier(_read(release, into), release.findings)
        found: dict[str, Any] = {
            "report": storable(report),
            "findings": storable([_named(report, one) for one in report.personal]),
            "table_sha256": "",
            "problems_sha256": "",
            "comparison": None,
        }
        if (into / "problems.csv").is_file():
            found["problems_sha256"] = store().add(into / "problems.csv").sha256
        if "reader_failed" in report.problem_counts:
            logger.error("release %s could not be read: the reader failed", release.pk)
        if not report.readable:
            _unreadable(claim, report, found)
            return
        claim.step("keeping")
        found["table_sha256"] = store().add(into / "table.parquet").sha256
        found |= _described(release, report)
        claim.step("comparing")
        found["comparison"] = _compared(release, store().path(found["table_sha256"]), found["key"], into)
    with transaction.atomic():
        claim.end(Stage.REVIEW, "read", data={"rows": report.rows, "problems": len(report.problem_counts)},
                  failure="", **found)  # fmt: skip


def _read(release: Release, into: Path) -> Report:
    choices = Choices.from_json(json.dumps(release.choices))
    return read_limited(
        store().path(release.file_sha256), into, choices, name=release.file_name,
        memory_mb=settings.READER_MEMORY_MB, seconds=settings.READER_SECONDS,
    )  # fmt: skip


def with_earlier(report: Report, findings: list[dict[str, Any]]) -> Report:
    """The report, with what earlier readings of the upload found about people and this one did not.

    Another type, header or sheet hides it from the reader; in the upload, which is published too, it still stands.
    """
    now = [PersonalFinding(**_named(report, one)) for one in report.personal]
    missing = [one for one in (PersonalFinding(**kept) for kept in findings) if not any(_same(one, new) for new in now)]
    return replace(report, personal=[*report.personal, *(replace(one, column=-1) for one in missing)])


def _same(one: PersonalFinding, other: PersonalFinding) -> bool:
    return one.kind == other.kind and (one.where == other.where or one.column == other.column >= 0)


def _named(report: Report, found: PersonalFinding) -> dict[str, Any]:
    """The finding with the header of its column, by which it is known again."""
    column = report.columns[found.column] if 0 <= found.column < len(report.columns) else None
    return asdict(replace(found, where=column.title or column.name) if column else found)


def _unreadable(claim: Claim, report: Report, found: dict[str, Any]) -> None:
    code = next(problem.code for problem in report.problems if problem.severity == STOPS)
    with transaction.atomic():
        claim.end(Stage.UNREADABLE, "unreadable", data={"why": code}, failure="stopping_problems", **found)
        letters.failed(claim.release)


def _described(release: Release, report: Report) -> dict[str, Any]:
    """The dictionary as far as it is known: from an earlier reading of this upload, else from the version before."""
    before = Version.objects.standing().filter(dataset=release.dataset_id).order_by("-sequence").first()
    earlier = [release.dictionary, before.columns if before else []]
    names = {column.name for column in report.columns}
    key = release.key or (before.key if before and not release.dictionary else [])
    return {
        "dictionary": storable(carried_over(report.columns, *earlier)),
        "key": key if set(key) <= names else [],
    }


def _compared(release: Release, table: Path, key: list[str], into: Path) -> dict[str, Any] | None:
    """What differs from the version the public sees; for a first one, only whether the key names each row once."""
    latest = release.dataset.latest
    old = store().path(latest.table_sha256) if latest else table
    if latest is None and not key:
        return None
    try:
        found: Difference = compare_limited(old, table, tuple(key), into / "comparison")
    except BuildFailed as error:
        logger.warning("release %s could not be compared: %s", release.pk, error.code)
        return None
    return storable(found.to_json()) if latest or found.key_problem else None


def storable(found: Any) -> Any:
    """The same as PostgreSQL keeps it in JSON: without NUL and broken characters, and with no endless cells."""
    if isinstance(found, Report):
        return storable(json.loads(found.to_json()))
    if isinstance(found, str):
        text = found if len(found) <= LONGEST_CELL * 4 else f"{found[:LONGEST_CELL]}…"
        return text.replace("\x00", "").encode("utf-8", "replace").decode()
    if isinstance(found, dict):
        return {str(key): storable(value) for key, value in found.items()}
    return [storable(value) for value in found] if isinstance(found, list | tuple) else found
