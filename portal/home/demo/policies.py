"""Policies of the demonstration: who answers for each, one with a second version, one whose next waits for review."""

from __future__ import annotations

from typing import Any

from policies.pages.actions.reviewing import approve_version, submit_version
from policies.pages.actions.writing import edit_version, start_version
from policies.pages.models import Policy
from portal.bilingual import LANGUAGE_CODES
from portal.home.demo.content import load
from portal.organisations.models import Unit
from portal.staff.models import User


def tell_policies() -> int:
    """Give each policy its unit where it has none, and begin the versions that are missing; returns how many."""
    content = load("policies")
    units = {unit.code: unit for unit in Unit.objects.all()}
    people = {user.username: user for user in User.objects.all()}
    for slug, code in content["units"].items():
        Policy.objects.filter(slug=slug, unit=None).update(unit=units[code])
    return sum(_tell(row, people) for row in content["versions"])


def _tell(row: dict[str, Any], people: dict[str, User]) -> int:
    policy = Policy.objects.filter(slug=row["policy"]).first()
    if policy is None or policy.versions.filter(number__gt=1).exists():
        return 0
    author = people[row["author"]]
    version, _is_new = start_version(policy=policy, by=author)
    texts = {f"changes_{code}": row[f"changes_{code}"] for code in LANGUAGE_CODES}
    for code in LANGUAGE_CODES:
        texts[f"body_{code}"] = f"{version.text_in(code).rstrip()}\n\n{row[f'more_{code}']}"
    edit_version(version=version, by=author, revision=version.revision, **texts)
    version.refresh_from_db()
    submit_version(version=version, by=author)
    if row["reviewer"]:
        approve_version(version=version, by=people[row["reviewer"]], revision=version.revision)
    return 1
