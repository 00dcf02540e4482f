"""How the pages of this area are found: the search and the site map."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accessibility.defaults import SINCE
from accessibility.models import Audit, KnownIssue
from portal.bilingual import LANGUAGE_CODES, bare_path
from portal.search.registry import Document, Source
from portal.site_map import Page, Section

STATEMENT = "statement"


def documents(_keys: Iterable[int | str] | None) -> Iterator[Document]:
    """The statement in both languages, with what is known not to be accessible: one page, whichever issue changed."""
    audit = Audit.objects.latest()
    since = audit.finished_at if audit else datetime(*SINCE.timetuple()[:3], tzinfo=get_default_timezone())
    issues = list(KnownIssue.objects.open())
    for code in LANGUAGE_CODES:
        barriers = [getattr(issue, f"{field}_{code}") for issue in issues for field in ("what", "alternative")]
        with override(code):
            words = [_("Accessibility"), _("Report a barrier"), _("Display preferences"), "WCAG", *barriers]
            yield Document(
                pk=STATEMENT,
                language=code,
                title=_("Accessibility statement"),
                text="\n".join(words),
                path=bare_path(reverse("accessibility:statement")),
                published_at=since,
            )


def pages() -> Iterator[Page]:
    """The statement, reporting a barrier, display, audits."""
    audit = Audit.objects.latest()
    titles = {
        "statement": _("Accessibility statement"),
        "report": _("Report a barrier"),
        "display": _("Display preferences"),
        "audits": _("Accessibility audits"),
    }
    for name, title in titles.items():
        updated_at = audit.finished_at if audit and name in ("statement", "audits") else None
        yield Page(title, bare_path(reverse(f"accessibility:{name}")), updated_at)


SOURCE = Source(
    "accessibility", gettext_lazy("Accessibility"), documents, "accessibility.knownissue", 80, is_dated=False
)
SECTION = Section("accessibility", gettext_lazy("Accessibility"), pages, position=80)
