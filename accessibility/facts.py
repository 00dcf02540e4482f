"""What policies may insert about accessibility."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, npgettext

from accessibility.models import Audit, KnownIssue
from portal.live_facts import Fact
from portal.richtext import escape


def latest_audit() -> str:
    """The last audit as words within a sentence."""
    audit = Audit.objects.latest()
    if audit is None:
        return _("no audit yet")
    wrong = audit.violations + audit.incomplete + audit.findings_beyond
    failures = npgettext("audit", "%(number)s failure", "%(number)s failures", wrong) % {"number": wrong}
    pages = npgettext("audit", "%(number)s page", "%(number)s pages", audit.pages) % {"number": audit.pages}
    words = _("the audit of %(day)s, which scanned %(pages)s, counting states and languages, and found %(failures)s")
    day = date_format(localtime(audit.finished_at), "DATE_FORMAT")
    return words % {"day": day, "pages": pages, "failures": failures}


def known_issues() -> str:
    """What is not accessible now, as a list in Markdown."""
    issues = list(KnownIssue.objects.open())
    if not issues:
        return _("No barrier is known at present.")
    return "\n".join(f"- {_line(issue)}" for issue in issues)


def _line(issue: KnownIssue) -> str:
    texts = {"what": escape(issue.what), "alternative": escape(issue.alternative)}
    line = _("%(what)s Instead: %(alternative)s") % texts
    if issue.planned_on:
        day = date_format(issue.planned_on, "DATE_FORMAT")
        line += " " + _("To be mended by %(day)s.") % {"day": day}
    return line


LATEST_AUDIT = Fact("latest_audit", gettext_lazy("The last accessibility audit, as a noun phrase"), latest_audit)
KNOWN_ISSUES = Fact(
    "known_accessibility_issues", gettext_lazy("What is known not to be accessible, as a list"), known_issues, True
)
