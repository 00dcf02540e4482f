"""What the statement says, worked out from audits, checks by hand and known issues - never typed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from accessibility.criteria import Criterion, of_version
from accessibility.models import Audit, KnownIssue, ManualCheck, Result
from portal.live_facts import fact

TESTED, LAW = "2.2", "2.0"


@dataclass(frozen=True)
class Line:
    """One criterion and who looked at it."""

    criterion: Criterion
    by_rules: bool
    by_checks: bool
    by_hand: ManualCheck | None
    issues: int

    @property
    def by_machine(self) -> bool:
        return self.by_rules or self.by_checks

    @property
    def is_settled(self) -> bool:
        """A person found it met, or not to apply, and nothing is known against it."""
        return self.by_hand is not None and self.by_hand.result != Result.NOT_MET and not self.issues


@dataclass(frozen=True)
class Share:
    """How many of the criteria of a version who looked at; `nobody` counts those left."""

    version: str
    total: int
    by_rules: int
    by_machine: int
    by_hand: int
    nobody: int


def lines(audit: Audit | None) -> list[Line]:
    """Every criterion of the version tested against."""
    by_hand: dict[str, ManualCheck] = {}
    for check in ManualCheck.objects.order_by("checked_on", "id"):
        by_hand[check.criterion] = check  # the latest stays
    issues = dict(KnownIssue.objects.open().order_by().values_list("criterion").annotate(count=Count("pk")))
    by_rules = audit.criteria_by_rules if audit else set()
    by_checks = audit.criteria_by_checks if audit else set()
    return [
        Line(one, one.number in by_rules, one.number in by_checks, by_hand.get(one.number), issues.get(one.number, 0))
        for one in of_version(TESTED)
    ]


def share(found: list[Line], version: str) -> Share:
    """Counts over the criteria of a version; one that the tested version dropped counts as nobody's."""
    wanted = {one.number for one in of_version(version)}
    mine = [line for line in found if line.criterion.number in wanted]
    return Share(
        version,
        total=len(wanted),
        by_rules=sum(line.by_rules for line in mine),
        by_machine=sum(line.by_machine for line in mine),
        by_hand=sum(line.by_hand is not None for line in mine),
        nobody=len(wanted) - sum(line.by_machine or line.by_hand is not None for line in mine),
    )


def status(audit: Audit | None, found: list[Line]) -> str:
    """How far the portal conforms: "none" before the first audit, "full" only where nothing at all is left to say."""
    if audit is None:
        return "none"
    is_whole = audit.is_clean and all(line.is_settled for line in found) and not KnownIssue.objects.open().exists()
    return "full" if is_whole else "partial"


def statement() -> dict[str, Any]:
    """Context of the page."""
    audit = Audit.objects.latest()
    found = lines(audit)
    level = fact("barrier_level")
    return {
        "audit": audit,
        "lines": found,
        "shares": [share(found, LAW), share(found, TESTED)],
        "status": status(audit, found),
        "issues": list(KnownIssue.objects.open()),
        "fixed": list(KnownIssue.objects.fixed()[:10]),
        "checked": [line.by_hand for line in found if line.by_hand],
        "level": level.value() if level else "",
    }
