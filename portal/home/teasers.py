"""What the home page shows of the areas, from live rows."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from participation.feedback.forms import HINTS
from participation.feedback.states import Kind
from participation.surveys.answering import QuestionsForm, one_page_structures, vote_form
from participation.surveys.kinds import Kind as QuestionnaireKind
from participation.surveys.models import Questionnaire
from portal.clocks.models import Metric, Policy
from portal.feeds import registry
from portal.feeds.registry import FeedEntry

POLLS = 2
SURVEYS = 3


def message_kinds() -> list[dict[str, Any]]:
    """Each kind of message with its hint and the working hours promised for a first reply, in one query."""
    rows = Policy.objects.filter(subject_kind="feedback.case", metric=Metric.FIRST_REPLY, priority="", is_active=True)
    minutes = {policy.kind: policy.minutes for policy in rows}
    return [
        {
            "value": value,
            "label": label,
            "hint": HINTS[Kind(value)],
            "hours": minutes.get(value, minutes.get("", 0)) // 60,
        }
        for value, label in Kind.choices
    ]


def open_polls() -> list[tuple[Questionnaire, QuestionsForm]]:
    """The polls that close next, each with the form to vote in: from the home page a vote takes two clicks."""
    polls = _open(QuestionnaireKind.POLL)[:POLLS]
    structures = one_page_structures(polls)
    return [(poll, vote_form(poll, structures[poll.pk])) for poll in polls]


def open_surveys() -> list[Questionnaire]:
    """The surveys that close next."""
    return _open(QuestionnaireKind.SURVEY)[:SURVEYS]


def _open(kind: str) -> list[Questionnaire]:
    rows = Questionnaire.objects.announced().open(timezone.now()).filter(kind=kind)
    return list(rows.select_related("on_behalf_of", "unit__organisation").order_by("closes_at"))


def newest(slug: str, limit: int) -> list[FeedEntry]:
    """What was published last on a feed topic."""
    topic = registry.topic(slug)
    return topic.entries(limit) if topic else []
