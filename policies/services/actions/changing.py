"""The one way a stored service changes: a conditional UPDATE, versioned and audited."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from policies.services.models import Service
from portal.audit.actions import record


class Conflict(Exception):
    """The service is no longer what the caller saw: somebody else changed it, or its state no longer allows this."""

    message = _("Somebody else changed this service in the meantime. See what is new, then try again.")


def change(
    service: Service,
    verb: str,
    *,
    by: Any,
    only: Q,
    version: int | None = None,
    data: dict[str, Any] | None = None,
    **changes: Any,
) -> bool:
    """Set `changes` where `only` (and the version, if given) still holds; False, and nothing done, where not.

    The instance is read afresh afterwards. Call inside a transaction.
    """
    rows = Service.objects.filter(only, pk=service.pk)
    if version is not None:
        rows = rows.filter(version=version)
    if not rows.update(version=F("version") + 1, **changes):
        return False
    service.refresh_from_db()
    record(verb=f"service.{verb}", subject=service, by=by, data={**(data or {}), "version": service.version})
    return True
