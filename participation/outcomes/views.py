"""You asked, we did: the list and one commitment with its history."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from participation.outcomes.models import Commitment, where_standing
from participation.outcomes.reading import story
from participation.outcomes.states import OPEN, STANDINGS, Notice, Status
from portal.http import public

PER_PAGE = 12


@public
@require_safe
def outcomes(request: HttpRequest) -> HttpResponse:
    """Every commitment, the one that changed last first; narrowed by where it stands."""
    standing = request.GET.get("status", "")
    if standing and standing not in STANDINGS:
        raise Http404
    counts = _counts()
    rows = Commitment.objects.standing(standing) if standing else Commitment.objects.published()
    rows = rows.select_related("unit").order_by("-changed_at", "-id")
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "standing": STANDINGS.get(standing),
        "filters": _filters(counts, standing),
        "stats": _stats(counts),
        "total": counts["all"],
    }
    return render(request, "participation/outcomes/list.html", context)


@public
@require_safe
def outcome(request: HttpRequest, slug: str) -> HttpResponse:
    """One commitment, and everything that happened to it."""
    rows = Commitment.objects.published().select_related("unit__organisation", "topic")
    commitment = get_object_or_404(rows, slug=slug)
    breadcrumbs = [{"label": _("You asked, we did"), "url": reverse("outcomes:list")}]
    context = {**story(commitment), "breadcrumbs": breadcrumbs, "last_updated": commitment.changed_at}
    return render(request, "participation/outcomes/outcome.html", context)


def _counts() -> dict[str, int]:
    """How many stand where, in one query."""
    today = timezone.localdate()
    per_standing = {key: Count("pk", filter=where_standing(key, today)) for key in STANDINGS}
    return Commitment.objects.published().aggregate(
        all=Count("pk"), unfinished=Count("pk", filter=Q(status__in=OPEN)), **per_standing
    )


def _stats(counts: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {"value": counts["all"], "label": pgettext("commitments", "published")},
        {"value": counts[Status.KEPT], "label": pgettext("commitments", "kept")},
        {"value": counts["unfinished"], "label": pgettext("commitments", "still to be kept")},
        {"value": counts[Notice.OVERDUE], "label": pgettext("commitments", "overdue")},
    ]


def _filters(counts: dict[str, int], chosen: str) -> list[dict[str, Any]]:
    """The ways to narrow the list that would find something, and the one chosen."""
    everything = {"label": _("All"), "query": "", "count": counts["all"], "current": not chosen}
    return [everything] + [
        {"label": label, "query": f"?status={key}", "count": counts[key], "current": key == chosen}
        for key, label in STANDINGS.items()
        if counts[key] or key == chosen
    ]
