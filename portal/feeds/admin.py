"""Subscriptions in the staff site: counted, never read."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.text import capfirst

from portal.bilingual import LANGUAGE_CODES
from portal.feeds.models import Choice, Subscription, SubscriptionRequest
from portal.feeds.registry import topics
from portal.staff.admin_base import ReadOnlyAdmin


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnlyAdmin):
    """How many subscribe to what. No page shows or searches a single one: nobody needs an address to run the portal."""

    def get_urls(self) -> list[URLPattern]:
        counts = self.admin_site.admin_view(self.changelist_view)
        return [path("", counts, name="feeds_subscription_changelist")]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": capfirst(self.opts.verbose_name_plural),
            "opts": self.opts,
            "rows": rows_by_topic(),
            "totals": totals(),
            "waiting": SubscriptionRequest.objects.filter(subscription=None).count(),
        }
        return TemplateResponse(request, "feeds/staff/subscriptions.html", context)


def rows_by_topic() -> list[dict[str, Any]]:
    """Subscriptions by topic and language, in the order of the list of feeds; topics that are gone come last."""
    counted = Choice.objects.values_list("topic", "subscription__language").annotate(count=Count("pk"))
    numbers: Counter[tuple[str, str]] = Counter({(topic, code): count for topic, code, count in counted})
    titles: dict[str, object] = {each.slug: each.title for each in topics()}
    gone = sorted({topic for topic, _code in numbers} - titles.keys())
    titles |= {slug: slug for slug in gone}
    return [_row(title, [numbers[slug, code] for code in LANGUAGE_CODES]) for slug, title in titles.items()]


def totals() -> dict[str, Any]:
    """Subscriptions by language; one with several topics counts once."""
    numbers = dict(Subscription.objects.order_by().values_list("language").annotate(count=Count("pk")))
    return _row("", [numbers.get(code, 0) for code in LANGUAGE_CODES])


def _row(title: object, numbers: list[int]) -> dict[str, Any]:
    return {"title": title, "numbers": numbers, "sum": sum(numbers)}
