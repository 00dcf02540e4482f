"""Publishing, withdrawing and reviewing a service. Each says how it shall be; saying it twice changes nothing."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from policies.services.actions.changing import Conflict, change
from policies.services.choices import ONLINE, Fee, State
from policies.services.models import Service
from policies.services.rules import LISTS
from portal.audit.models import AuditEvent


class NotReady(Exception):
    """Something is missing before it may be published, named by `problem` and its `fields`."""

    def __init__(self, problem: str, fields: list[tuple[str, str]] | None = None) -> None:
        super().__init__(problem)
        self.problem, self.fields = problem, fields or []


@transaction.atomic
def publish_service(*, service: Service, by: Any, version: int | None = None) -> bool:
    """Put it into the public directory. False where it is there already.

    Raises NotReady where something is missing, or where `by` wrote some of it and is no administrator; Conflict where
    it is no longer the `version` its publisher read.
    """
    service.refresh_from_db()
    if service.state == State.PUBLISHED:
        return False
    _check_ready(service, by)
    now, seen = timezone.now(), service.version if version is None else version
    if not change(service, "published", by=by, only=~Q(state=State.PUBLISHED), version=seen,
                  state=State.PUBLISHED, published_at=service.published_at or now, published_by=by,
                  withdrawn_at=None, reviewed_on=timezone.localdate(now)):  # fmt: skip
        raise Conflict
    return True


def _check_ready(service: Service, by: Any) -> None:
    if by is not None and has_written(by, service) and not by.is_superuser:
        raise NotReady("own")
    if missing := service.missing():
        raise NotReady("missing", missing)
    for field in LISTS:
        if _count(service, f"{field}_ar") != _count(service, f"{field}_en"):
            raise NotReady("lists", [(field, "ar"), (field, "en")])
    if not service.personas or not service.channels:
        raise NotReady("choices")
    if bool(service.url) != bool(set(service.channels) & set(ONLINE)):
        raise NotReady("online")
    if service.fee_kind == Fee.VARIES and not service.is_stated("fee_note"):
        raise NotReady("missing", [("fee_note", "ar"), ("fee_note", "en")])


def has_written(user: Any, service: Service) -> bool:
    """Whether the user wrote some of it since it was last published; the history knows all who did."""
    events = AuditEvent.objects.about(service)
    published = events.filter(verb="service.published").aggregate(last=Max("pk"))["last"] or 0
    writing = events.filter(pk__gt=published, verb__in=["service.written", "service.edited"])
    return service.edited_by_id == user.pk or writing.filter(actor=user).exists()


def _count(service: Service, column: str) -> int:
    return len((getattr(service, column) or "").split("\n"))


@transaction.atomic
def withdraw_service(*, service: Service, by: Any) -> bool:
    """Take it out of the directory because it is no longer offered; its address says so. False where it is out."""
    return change(service, "withdrawn", by=by, only=Q(state=State.PUBLISHED), state=State.WITHDRAWN,
                  withdrawn_at=timezone.now())  # fmt: skip


@transaction.atomic
def review_service(*, service: Service, by: Any, version: int | None = None) -> bool:
    """Confirm that everything it says is still so; everybody reads the day. False where it was done today.

    Raises Conflict where it is no longer the `version` that was read.
    """
    today = timezone.localdate()
    due = Q(state=State.PUBLISHED) & ~Q(reviewed_on=today)
    if change(service, "reviewed", by=by, only=due, version=version, reviewed_on=today):
        return True
    if Service.objects.filter(due, pk=service.pk).exists():
        raise Conflict
    return False
