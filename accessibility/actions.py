"""Every write of this area: an audit is stored once and whole; what people enter is audited."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction

from accessibility.models import Audit, Finding, KnownIssue, ManualCheck, Outcome, RuleResult
from portal.audit.actions import record

FORMAT = 1
"""Of the document an audit is written down in; a later portal refuses one it does not know."""


class UnknownFormat(Exception):
    """The document was not written by this version of the audit."""


@transaction.atomic
def store_audit(*, document: dict[str, Any], by: Any = None) -> Audit | None:
    """Keep the results of an audit; None where they are kept already. Two at once store one.

    `document` is what `accessibility.scanner.document.compose` makes. Raises UnknownFormat.
    """
    if document.get("format") != FORMAT:
        raise UnknownFormat(f"The results are of format {document.get('format')!r}; this portal reads {FORMAT}.")
    values = _facts(document)
    audit, is_new = Audit.objects.get_or_create(finished_at=values.pop("finished_at"), defaults=values)
    if not is_new:
        return None
    RuleResult.objects.bulk_create(_results(audit, document), batch_size=5000)
    Finding.objects.bulk_create([Finding(audit=audit, **finding) for finding in document["findings"]])
    totals = {name: getattr(audit, name) for name in ("pages", "violations", "incomplete", "findings_beyond")}
    record(verb="accessibility.audited", subject=audit, by=by, data=totals)
    return audit


def _facts(document: dict[str, Any]) -> dict[str, Any]:
    findings, checks = document["findings"], document["checks"]
    by_rules = [one for one in findings if one["check_name"] not in checks]
    return {
        **{name: document[name] for name in ("standard", "engine", "browser", "version", "pages", "scans", "rules")},
        "started_at": datetime.fromisoformat(document["started_at"]),
        "finished_at": datetime.fromisoformat(document["finished_at"]),
        "templates": len(document["templates"]) + len(document["unseen"]),
        "templates_seen": len(document["templates"]),
        "violations": sum(one["outcome"] == Outcome.VIOLATION for one in by_rules),
        "incomplete": sum(one["outcome"] == Outcome.INCOMPLETE for one in by_rules),
        "findings_beyond": len(findings) - len(by_rules),
        "checks": checks,
    }


def _results(audit: Audit, document: dict[str, Any]) -> Iterator[RuleResult]:
    for template, outcomes in document["templates"].items():
        for outcome, rules in outcomes.items():
            for rule, pages in rules.items():
                yield RuleResult(audit=audit, template=template, rule=rule, outcome=outcome, pages=pages)
    for rule, pages in document["inapplicable"].items():
        yield RuleResult(audit=audit, rule=rule, outcome=Outcome.INAPPLICABLE, pages=pages)


@transaction.atomic
def save_manual_check(*, check: ManualCheck, by: Any) -> ManualCheck:
    """Keep what a person found."""
    is_new = check.pk is None
    check.save()
    verb = "accessibility.checked" if is_new else "accessibility.check_changed"
    record(verb=verb, subject=check, by=by, data={"criterion": check.criterion, "result": check.result})
    return check


@transaction.atomic
def save_known_issue(*, issue: KnownIssue, by: Any) -> KnownIssue:
    """Keep what is not accessible, or that it was mended."""
    is_new = issue.pk is None
    issue.save()
    verb = "accessibility.issue_noted" if is_new else "accessibility.issue_changed"
    days = {"planned_on": issue.planned_on, "fixed_on": issue.fixed_on}
    record(verb=verb, subject=issue, by=by, data={"criterion": issue.criterion, **days})
    return issue
