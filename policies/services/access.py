"""Who of the staff may do what with which service."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from policies.services.actions.publishing import has_written
from policies.services.choices import State
from policies.services.models import Service
from portal.organisations.access import role_in


def visible_service(user: Any, pk: int | str) -> Service:
    """The service, if the user may see it; else the same 404 as for one that does not exist."""
    rows = Service.objects.visible_to(user).select_related("organisation", "unit", "topic", "published_by", "edited_by")
    try:
        return rows.get(pk=pk)
    except (Service.DoesNotExist, ValueError):
        raise Http404 from None


def belongs(user: Any, unit_id: int | None) -> bool:
    """Does the user work in the unit, or administer the portal?"""
    return user.is_superuser or (unit_id is not None and role_in(user, unit_id) is not None)


def may_publish(user: Any, service: Service) -> bool:
    """May the user publish for the unit of this service, withdraw it, and confirm that it is right?"""
    return user.has_perm("services.publish_service") and belongs(user, service.unit_id)


def may_edit(user: Any, service: Service) -> bool:
    """May the user change it? A draft: every editor of the unit. What the public ever read: who may publish."""
    if service.state != State.DRAFT:
        return may_publish(user, service)
    return user.has_perm("services.change_service") and belongs(user, service.unit_id)


def possible(user: Any, service: Service) -> set[str]:
    """The verbs that the user may use on the service as it is now."""
    if not may_publish(user, service):
        return set()
    if service.state == State.PUBLISHED:
        return {"review", "withdraw"}
    return set() if has_written(user, service) and not user.is_superuser else {"publish"}
