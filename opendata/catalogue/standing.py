"""How a release stands: what was read, and what is still in the way of publishing it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from opendata.building.differences import Difference
from opendata.catalogue import dictionaries
from opendata.catalogue.actions.changing import Reason
from opendata.catalogue.models import Release
from opendata.reading.report import ASKS, STOPS, Report
from portal.bilingual import LANGUAGE_CODES


def report_of(release: Release) -> Report | None:
    """What reading found; None where nothing was read yet."""
    return Report.from_json(json.dumps(release.report)) if release.report else None


def comparison_of(release: Release) -> Difference | None:
    """What differs from the version before; None where there is none."""
    return Difference.from_json(release.comparison) if release.comparison else None


def deciders(release: Release) -> set[int]:
    """Who uploaded it, decided anything in it or sent it (pks of users): they do not approve it."""
    own = {release.uploaded_by_id, release.submitted_by_id, *release.edited_by}
    return {pk for pk in own if pk is not None}


def codes_of(report: Report, severity: str) -> list[str]:
    """The codes of the problems of a severity, each once, in the order in which they were found."""
    return list(dict.fromkeys(problem.code for problem in report.problems if problem.severity == severity))


def obstacles(release: Release) -> list[Reason]:
    """Everything that has to be settled before a second person may approve it."""
    report = report_of(release)
    return list(_obstacles(release, report)) if report else [Reason("not_read")]


def _obstacles(release: Release, report: Report) -> Iterator[Reason]:
    if codes_of(report, STOPS) or not release.table_sha256:
        yield Reason("stopping_problems")
    if open_codes := set(codes_of(report, ASKS)) - set(release.accepted):
        yield Reason("asking_problems", {"count": len(open_codes)})
    if report.personal and release.cleared_by_id is None:
        yield Reason("personal_data", {"count": len(report.personal)})
    if untitled := dictionaries.untitled(release.dictionary):
        yield Reason("untitled_columns", {"count": len(untitled), "first": untitled[0]})
    if (difference := comparison_of(release)) and difference.key_problem == "repeated":
        yield Reason("key_repeated", {"count": difference.key_repeated})
    has_versions = release.dataset.versions.exists()
    notes = [getattr(release, f"change_note_{code}") for code in LANGUAGE_CODES]
    if has_versions and not all(notes):
        yield Reason("change_note_missing")
