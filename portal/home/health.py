"""Health for load balancers and monitors."""

from __future__ import annotations

from datetime import timedelta

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from portal.clocks.models import Heartbeat
from portal.http import public

SWEEP_IS_LATE = timedelta(minutes=5)


@public
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@public
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 when database and cache answer; the sweep's heartbeat is told but fails nothing: pages work without it."""
    checks = {"database": _database(), "cache": _cache()}
    status = 200 if checks["database"] == "ok" else 503
    return JsonResponse(
        {"status": "ok" if status == 200 else "failing", **checks, "sweep": _sweep(checks)}, status=status
    )


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception as error:
        return type(error).__name__
    return "ok"


def _cache() -> str:
    try:
        cache.get("health")
    except Exception as error:
        return type(error).__name__
    return "ok"


def _sweep(checks: dict[str, str]) -> str:
    if checks["database"] != "ok":
        return "unknown"
    beat = Heartbeat.objects.filter(name="clocks.sweep").first()
    if beat is None:
        return "never"
    return "ok" if timezone.now() - beat.at < SWEEP_IS_LATE else "late"
