"""Writing down who owes an inventory, its point of contact and its processes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F

from opendata.inventory.actions.changing import Conflict
from opendata.inventory.models import Agency
from portal.audit.actions import record
from portal.bilingual import LANGUAGE_CODES

TEXTS = ("contact_role", "roles", "publication_process", "request_process", "feedback_process")
TEXT_COLUMNS = [f"{name}_{code}" for name in TEXTS for code in LANGUAGE_CODES]
DESCRIBED = ["contact_email", "contact_phone", "website", *TEXT_COLUMNS]


@transaction.atomic
def add_agency(*, by: Any, organisation: Any, slug: str, counted_from: date, **content: Any) -> Agency:
    """Let the deadlines run for an organisation."""
    agency = Agency.objects.create(
        organisation=organisation, slug=slug, counted_from=counted_from, **_known(content, DESCRIBED)
    )
    record(verb="agency.added", subject=agency, by=by, data={"counted_from": counted_from.isoformat()})
    return agency


@transaction.atomic
def describe_agency(*, agency: Agency, by: Any, revision: int, **content: Any) -> bool:
    """Change what is given, if the agency is still the one of `revision`; False where nothing differs.

    Raises Conflict where somebody else changed it first.
    """
    stored = Agency.objects.select_for_update(of=("self",)).get(pk=agency.pk)
    known = _known(content, [*DESCRIBED, "slug", "counted_from"])
    different = {name: value for name, value in known.items() if (getattr(stored, name) or "") != value}
    if stored.revision == revision and not different:
        return False
    rows = Agency.objects.filter(pk=agency.pk, revision=revision)
    if not rows.update(revision=F("revision") + 1, **different):
        raise Conflict
    agency.refresh_from_db()
    data = {"fields": sorted(different), "revision": agency.revision}
    record(verb="agency.described", subject=agency, by=by, data=data)
    return True


def _known(content: dict[str, Any], names: list[str]) -> dict[str, Any]:
    if unknown := content.keys() - set(names):
        raise TypeError(f"not part of an agency: {', '.join(sorted(unknown))}")
    return {name: "" if value is None else value for name, value in content.items()}
