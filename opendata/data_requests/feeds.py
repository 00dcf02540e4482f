"""The feed "data-requests": what is asked for, and what was answered."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opendata.data_requests.choices import Outcome
from opendata.data_requests.listing import PRIVATE
from opendata.data_requests.models import Answer, DataRequest
from portal.feeds.registry import FeedEntry, FeedTopic


def entries(limit: int) -> list[FeedEntry]:
    """Requests that became public and their answers, newest first."""
    listed = DataRequest.objects.listed()
    asked = listed.select_related("organisation").defer(*PRIVATE).order_by("-listed_at")[:limit]
    answers = Answer.objects.filter(asked__in=listed).select_related("asked__organisation")
    answers = answers.order_by("-at", "-pk")[:limit]
    found = [*map(_asked, asked), *map(_answered, answers)]
    return sorted(found, key=lambda entry: entry.published_at, reverse=True)[:limit]


def _asked(row: DataRequest) -> FeedEntry:
    assert row.listed_at is not None
    return FeedEntry(
        key=f"data_requests.request:{row.pk}",
        title=_("Asked for: %(title)s") % {"title": row.shown_title},
        summary=row.public_summary or str(row.organisation or ""),
        path=row.path,
        published_at=row.listed_at,
    )


def _answered(answer: Answer) -> FeedEntry:
    words = {"title": answer.asked.shown_title, "answer": Outcome(answer.kind).label}
    return FeedEntry(
        key=f"data_requests.answer:{answer.pk}",
        title=_("%(answer)s: %(title)s") % words,
        summary=answer.text,
        path=answer.asked.path,
        published_at=answer.at,
    )


TOPIC = FeedTopic(
    slug="data-requests",
    title=gettext_lazy("Requests for data"),
    description=gettext_lazy("Data people ask for, and what agencies answer."),
    page="data_requests:list",
    entries=entries,
    position=55,
)
