"""What is open, what is coming, what is over: the lists of polls and of surveys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from participation.surveys.agenda import announced
from participation.surveys.kinds import Kind, Phase
from participation.surveys.models import Questionnaire
from participation.surveys.views.entrance import address, days_since_closing
from portal.agenda import Outcome, outcomes_of

A_PAGE = 12


@dataclass(frozen=True)
class Closed:
    """A questionnaire that is over, and what came of it."""

    questionnaire: Questionnaire
    outcome: Outcome | None
    days: int
    url: str
    results_url: str

    @property
    def is_counted(self) -> bool:
        return self.questionnaire.phase() == Phase.PUBLISHED


def listing(request: HttpRequest, kind: Kind) -> dict[str, Any]:
    """Open ones by their closing, coming ones by their opening, closed ones newest first and paged."""
    now = timezone.now()
    rows = announced(kind)
    over = Paginator(rows.filter(closes_at__lte=now).order_by("-closes_at", "-pk"), A_PAGE)
    page = over.get_page(request.GET.get("page"))
    outcomes = outcomes_of([questionnaire.path for questionnaire in page])
    return {
        "open": list(rows.open(now).order_by("closes_at", "pk")),
        "coming": list(rows.filter(opens_at__gt=now).order_by("opens_at", "pk")),
        "closed": [_closed(questionnaire, outcomes.get(questionnaire.path)) for questionnaire in page],
        "page": page,
    }


def _closed(questionnaire: Questionnaire, outcome: Outcome | None) -> Closed:
    return Closed(
        questionnaire,
        outcome,
        days_since_closing(questionnaire),
        address(questionnaire),
        f"/{get_language()}{questionnaire.results_path}",
    )
