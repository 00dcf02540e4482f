"""Questionnaires on the participation map, in the calendar and in feeds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial

from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from participation.surveys.kinds import Kind, State
from participation.surveys.models import Publication, Questionnaire, QuestionnaireQuerySet
from portal import agenda
from portal.agenda import Activity, Latest
from portal.feeds import registry
from portal.feeds.registry import FeedEntry

_TOOLS = [
    (20, Kind.POLL, _("Polls"), _("One question, one vote; results when it closes."), _("See the polls")),
    (30, Kind.SURVEY, _("Surveys"), _("Questionnaires on services and policies, with what we learned."),
     _("See the surveys")),
]  # fmt: skip


def announced(kind: Kind) -> QuestionnaireQuerySet:
    """The questionnaires of a kind that the public may know of, the latest to open first."""
    found = Questionnaire.objects.announced().filter(kind=kind)
    return found.select_related("on_behalf_of", "unit__organisation").order_by("-opens_at", "-pk")


def activities(kind: Kind) -> list[Activity]:
    """Each of them as an entry of the calendar."""
    return [_activity(questionnaire) for questionnaire in announced(kind)]


def _activity(questionnaire: Questionnaire) -> Activity:
    assert questionnaire.opens_at is not None
    return Activity(
        key=f"surveys.questionnaire:{questionnaire.pk}",
        tool=f"{questionnaire.kind}s",
        title=questionnaire.title,
        path=questionnaire.path,
        opens_at=questionnaire.opens_at,
        closes_at=questionnaire.closes_at,
        summary=questionnaire.introduction or "",
        held_by=str(questionnaire.on_behalf_of or questionnaire.unit.organisation),
        has_outcome=questionnaire.has_findings,
        updated_at=questionnaire.counted_at,
    )


def latest(kind: Kind) -> Latest | None:
    """What happened last: results, or an opening."""
    moments = list(_moments(announced(kind)[:20], timezone.now()))
    if not moments:
        return None
    at, questionnaire, counted = max(moments, key=lambda moment: moment[0])
    title = gettext("Results: %(title)s") % {"title": questionnaire.title} if counted else questionnaire.title
    return Latest(title, at, questionnaire.results_path if counted else questionnaire.path)


def _moments(rows: Iterable[Questionnaire], now: datetime) -> Iterator[tuple[datetime, Questionnaire, bool]]:
    """When each opened and when its results came, as far as that has happened."""
    for questionnaire in rows:
        if questionnaire.opens_at and questionnaire.opens_at <= now:
            yield questionnaire.opens_at, questionnaire, False
        if questionnaire.counted_at:
            yield questionnaire.counted_at, questionnaire, True


def feed_entries(kind: Kind, limit: int) -> list[FeedEntry]:
    """Openings and results, newest first."""
    rows = announced(kind).order_by(Coalesce("counted_at", "opens_at").desc())[:limit]
    found = [_entry(*moment) for moment in _moments(rows, timezone.now())]
    return sorted(found, key=lambda entry: (entry.published_at, entry.key), reverse=True)[:limit]


def _entry(at: datetime, questionnaire: Questionnaire, counted: bool) -> FeedEntry:
    key = f"surveys.questionnaire:{questionnaire.pk}"
    if counted:
        return FeedEntry(
            key=f"{key}:results",
            title=gettext("Results: %(title)s") % {"title": questionnaire.title},
            summary=gettext("It has closed. See what people answered."),
            path=questionnaire.results_path,
            published_at=at,
            updated_at=questionnaire.findings_published_at,
        )
    title = gettext("Open: %(title)s") % {"title": questionnaire.title}
    return FeedEntry(key, title, questionnaire.introduction or "", questionnaire.path, at)


def register() -> None:
    """Put polls, surveys and the satisfaction survey on the map and their openings and results in feeds."""
    for position, kind, title, description, action in _TOOLS:
        many = f"{kind}s"
        agenda.register(
            agenda.Tool(
                key=many, title=title, description=description, url_name=f"surveys:{many}", action=action,
                position=position, latest=partial(latest, kind), activities=partial(activities, kind),
            )
        )  # fmt: skip
        registry.register(
            registry.FeedTopic(
                slug=many, title=title, description=_("What opens, and what came out."), page=f"surveys:{many}",
                entries=partial(feed_entries, kind), position=position,
            )
        )  # fmt: skip
    agenda.register(
        agenda.Tool(
            key="satisfaction", title=_("Satisfaction survey"), url_name="surveys:satisfaction", position=40,
            description=_("How satisfied are you with our services and answers? Open at any time."),
            action=_("Tell us"), latest=satisfaction_latest,
        )
    )  # fmt: skip


def satisfaction_latest() -> Latest | None:
    """The month whose satisfaction was published last."""
    newest = Publication.objects.filter(
        questionnaire__kind=Kind.SATISFACTION, questionnaire__state=State.SCHEDULED, period__isnull=False
    )
    publication = newest.order_by("-period").first()
    if publication is None or publication.period is None:
        return None
    month = date_format(publication.period, "YEAR_MONTH_FORMAT")
    title = gettext("Satisfaction in %(month)s") % {"month": month}
    return Latest(title, publication.published_at, "/satisfaction/results/")
