"""The results of all walks as one document: what is kept in the database and committed with a release."""

from __future__ import annotations

import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from django.conf import settings

from accessibility.actions import FORMAT
from accessibility.scanner import across
from accessibility.scanner.across import Walk
from accessibility.scanner.axe import STANDARD
from accessibility.scanner.checks import ACROSS, CHECKS, CRITERIA


def written_templates() -> list[str]:
    """Every HTML template of the project."""
    folder = Path(settings.BASE_DIR) / "templates"
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))


def compose(walks: list[Walk], *, started_at: datetime, finished_at: datetime, is_whole: bool = True) -> dict[str, Any]:
    """Put the walks together. Of a part of them (`is_whole` false) nobody asks what it left out."""
    written = written_templates()
    left_out = across.unseen(walks, written) if is_whole else []
    findings = _findings(walks, left_out)
    templates, inapplicable = _by_template(walks, set(written) - set(across.unseen(walks, written)))
    first = walks[0] if walks else {}
    pages = sum(len(walked["visits"]) for walked in walks)
    return {
        "format": FORMAT,
        "is_whole": is_whole,
        "started_at": started_at.isoformat(timespec="seconds"),
        "finished_at": finished_at.isoformat(timespec="seconds"),
        "version": version(),
        "standard": STANDARD,
        "engine": first.get("engine", ""),
        "browser": first.get("browser", ""),
        "languages": sorted({walked["language"] for walked in walks}),
        "pages": pages,
        "scans": sum(visit["looks"] for walked in walks for visit in walked["visits"]),
        "rules": first.get("rules", {}),
        "checks": _checks(walks, findings),
        "unseen": left_out,
        "inapplicable": inapplicable,
        "templates": templates,
        "findings": findings,
    }


def version() -> str:
    """Which portal was scanned: the commit where one can be asked for, else the version of the package."""
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    if described.returncode == 0:
        return described.stdout.strip()
    try:
        return metadata.version("musharaka")
    except metadata.PackageNotFoundError:
        return "unknown"


def _findings(walks: Iterable[Walk], left_out: list[str]) -> list[dict[str, str]]:
    found = [
        {**one, "scene": visit["scene"], "language": walked["language"], "template": (visit["templates"] or [""])[0]}
        for walked in walks
        for visit in walked["visits"]
        for one in visit["findings"]
    ]
    found += [*across.unique_titles(walks), *across.twins(walks)]
    for name in left_out:
        about = {"check_name": "coverage", "outcome": "violation", "look": "", "scene": name, "language": ""}
        found.append({**about, "template": name, "detail": "is on no scanned page"})
    return found


def _by_template(walks: Iterable[Walk], ours: set[str]) -> tuple[dict[str, Any], dict[str, int]]:
    """For each of our templates and each outcome, on how many of its pages a rule had it; and what never applied."""
    counts: dict[str, dict[str, Counter[str]]] = {name: defaultdict(Counter) for name in sorted(ours)}
    inapplicable: Counter[str] = Counter()
    for walked in walks:
        for visit in walked["visits"]:
            for rule, outcome in visit["outcomes"].items():
                if outcome == "inapplicable":
                    inapplicable[rule] += 1
                    continue
                for template in visit["templates"]:
                    if template in counts:
                        counts[template][outcome][rule] += 1
    as_plain = {
        name: {outcome: dict(sorted(rules.items())) for outcome, rules in sorted(by_outcome.items())}
        for name, by_outcome in counts.items()
    }
    return as_plain, dict(sorted(inapplicable.items()))


def _checks(walks: Iterable[Walk], findings: list[dict[str, str]]) -> dict[str, Any]:
    visits = [visit for walked in walks for visit in walked["visits"]]
    failed = Counter(one["check_name"] for one in findings)
    names = [check.name for check in CHECKS] + list(ACROSS)
    pages = {
        name: sum(name in visit["ran"] for visit in visits) if name not in ACROSS else len(visits) for name in names
    }
    return {
        name: {"criteria": list(CRITERIA[name]), "pages": pages[name], "findings": failed[name]}
        for name in names
        if pages[name]
    }
