"""Entering and changing a service."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from policies.services.actions.changing import Conflict, change
from policies.services.choices import State
from policies.services.models import Service
from policies.services.rules import CONTENT, OPTIONAL
from portal.audit.actions import record
from portal.bilingual import LANGUAGE_CODES

TEXTS = (*CONTENT, *OPTIONAL)
TEXT_COLUMNS = [f"{name}_{code}" for name in TEXTS for code in LANGUAGE_CODES]
EDITABLE = {
    "slug", "organisation", "unit", "topic", "personas", "life_events", "channels", "url", "no_prerequisites",
    "no_documents", "time_amount", "time_unit", "fee_kind", "fee", "phone", "email", *TEXT_COLUMNS,
}  # fmt: skip


@transaction.atomic
def write_service(*, by: Any, **content: Any) -> Service:
    """Store a draft. It needs an address, an organisation and a name in one language; the rest may come later."""
    known = _known(content)
    _check_unit(known.get("unit"), known["organisation"])
    service = Service.objects.create(edited_by=by, **known)
    record(verb="service.written", subject=service, by=by, data={"organisation": service.organisation.code})
    return service


@transaction.atomic
def edit_service(*, service: Service, by: Any, version: int, **content: Any) -> bool:
    """Change what is given, if the service is still the one of `version`; False where nothing differs.

    The address of what was once published stays. Raises Conflict where somebody else changed it first.
    """
    stored = Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
    different = {name: value for name, value in _known(content).items() if _stored(stored, name) != value}
    if stored.state != State.DRAFT:
        different.pop("slug", None)
    if stored.version == version and not different:
        return False
    _check_unit(different.get("unit", stored.unit), different.get("organisation", stored.organisation))
    data = {"fields": sorted(different), "published": stored.state == State.PUBLISHED}
    only = Q(state=stored.state)
    if not change(service, "edited", by=by, only=only, version=version, data=data, updated_at=timezone.now(),
                  edited_by=by, **different):  # fmt: skip
        raise Conflict
    return True


@transaction.atomic
def discard_draft(*, service: Service, by: Any) -> bool:
    """Delete a draft for good; what was ever published stays. False where it is no draft any more."""
    rows = Service.objects.drafts().filter(pk=service.pk).select_for_update()
    if not rows.exists():
        return False
    record(verb="service.discarded", subject=service, by=by, data={"organisation": service.organisation.code})
    return bool(rows.delete()[0])


def _check_unit(unit: Any, organisation: Any) -> None:
    if unit is not None and unit.organisation_id != organisation.pk:
        raise ValueError(f"{unit.code} is no unit of {organisation.code}")


def _known(content: dict[str, Any]) -> dict[str, Any]:
    if unknown := content.keys() - EDITABLE:
        raise TypeError(f"not part of a service: {', '.join(sorted(unknown))}")
    return {name: "" if value is None and name in TEXT_COLUMNS else value for name, value in content.items()}


def _stored(service: Service, name: str) -> Any:
    value = getattr(service, name)
    return "" if value is None and name in TEXT_COLUMNS else value
