"""The feed of outcomes: each commitment published and each change of its status is an entry of its own."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participation.outcomes.models import StatusChange
from portal.feeds.registry import FeedEntry, FeedTopic
from portal.richtext import to_plain


def entries(limit: int) -> list[FeedEntry]:
    """The newest changes, in one query."""
    return [_entry(row) for row in StatusChange.objects.select_related("commitment").order_by("-at", "-id")[:limit]]


def _entry(row: StatusChange) -> FeedEntry:
    commitment = row.commitment
    text = row.note or commitment.decided if row.is_publication else row.note
    return FeedEntry(
        key=f"outcomes.statuschange:{row.pk}",
        title=title_of(row),
        summary=to_plain(text),
        path=commitment.path if row.is_publication else f"{commitment.path}#change-{row.number}",
        published_at=row.at,
    )


def title_of(row: StatusChange) -> str:
    """What a change is called where many stand together: the commitment and where it stood from then on."""
    return _("%(commitment)s: %(standing)s") % {"commitment": row.commitment, "standing": row.standing}


TOPIC = FeedTopic(
    slug="outcomes",
    title=gettext_lazy("You asked, we did"),
    description=gettext_lazy("What was decided about what people asked, and how each promise is kept."),
    page="outcomes:list",
    entries=entries,
    position=50,
)
