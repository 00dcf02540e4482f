"""What the participation map learns from here: the tool itself, and what came of any page of the portal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from participation.outcomes.feeds import title_of
from participation.outcomes.models import Link, StatusChange
from portal.agenda import Latest, Outcome, Tool


def outcomes_of(paths: Sequence[str]) -> Mapping[str, Outcome]:
    """For each address that a published commitment answers, the first one that did; one query."""
    rows = Link.objects.filter(path__in=paths, commitment__published_at__isnull=False).select_related("commitment")
    newest_first = rows.order_by("-commitment__published_at", "-commitment_id")
    return {row.path: _outcome(row) for row in newest_first}


def _outcome(row: Link) -> Outcome:
    commitment = row.commitment
    assert commitment.published_at is not None
    return Outcome(title=commitment.title, path=commitment.path, published_at=commitment.published_at)


def latest() -> Latest | None:
    """The newest change of any commitment."""
    row = StatusChange.objects.select_related("commitment").order_by("-at", "-id").first()
    return Latest(title=title_of(row), at=row.at, path=row.commitment.path) if row else None


TOOL = Tool(
    key="outcomes",
    title=_("You asked, we did"),
    description=_("What was decided about what people asked, what is promised, and what is late."),
    url_name="outcomes:list",
    action=_("See what came of it"),
    position=70,
    latest=latest,
)
