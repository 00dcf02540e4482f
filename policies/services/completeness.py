"""What every service has to state beforehand: the duty of e-transformation, as conditions on rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from policies.services.rules import stated, written


@dataclass(frozen=True)
class Required:
    """A fact people need before they begin: asked of the database by `condition`, of one service by `holds`."""

    label: Any
    condition: Q
    holds: Callable[[Any], bool]


REQUIRED: dict[str, Required] = {
    "prerequisites": Required(
        _("What is required beforehand"),
        Q(no_prerequisites=True) | stated("prerequisites"),
        lambda service: service.no_prerequisites or service.is_stated("prerequisites"),
    ),
    "documents": Required(
        _("Documents needed"),
        Q(no_documents=True) | stated("documents"),
        lambda service: service.no_documents or service.is_stated("documents"),
    ),
    "steps": Required(_("Steps"), stated("steps"), lambda service: service.is_stated("steps")),
    "time": Required(_("Time promised"), Q(time_amount__isnull=False), lambda service: service.time_amount is not None),
    "fee": Required(_("Fee"), ~Q(fee_kind=""), lambda service: bool(service.fee_kind)),
    "legal_basis": Required(_("Legal basis"), stated("legal_basis"), lambda service: service.is_stated("legal_basis")),
    "contact": Required(
        _("Where to ask"),
        stated("contact") | written("phone") | written("email"),
        lambda service: bool(service.phone or service.email or service.is_stated("contact")),
    ),
}

COMPLETE = Q()
for _fact in REQUIRED.values():
    COMPLETE &= _fact.condition
