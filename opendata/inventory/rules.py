"""What the database refuses of the inventory."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.constraints import BaseConstraint

from opendata.inventory.addresses import RESERVED, SLUG
from opendata.inventory.choices import Access, Classification, Frequency, Ground, Notice, Reason, State, Theme
from portal.bilingual import LANGUAGE_CODES, both_languages

_IS_OPEN = Q(access=Access.OPEN)
_HAS_REASON = (
    Q(reason__in=Reason.values)
    & ~Q(legal_basis_ar="")
    & ~Q(legal_basis_en="")
    & Q(legal_basis_ar__isnull=False, legal_basis_en__isnull=False)
    & ~Q(decided_by_role_ar="")
    & ~Q(decided_by_role_en="")
    & Q(decided_by_role_ar__isnull=False, decided_by_role_en__isnull=False)
    & Q(decided_on__isnull=False, review_on__isnull=False)
)


def _both_or_none(field: str, model: str) -> models.CheckConstraint:
    """A text that may be left out is written in both languages or in neither."""
    empty, written = Q(), Q()
    for code in LANGUAGE_CODES:
        column = f"{field}_{code}"
        empty &= Q(**{f"{column}__isnull": True}) | Q(**{column: ""})
        written &= Q(**{f"{column}__isnull": False}) & ~Q(**{column: ""})
    return models.CheckConstraint(condition=empty | written, name=f"{model}_{field}_in_both_languages")


def asset_rules() -> list[BaseConstraint]:
    """Constraints of Asset."""
    return [
        models.UniqueConstraint(fields=["organisation", "code"], name="asset_code_once"),
        both_languages("title", model="asset"),
        _both_or_none("description", "asset"),
        _both_or_none("owner_role", "asset"),
        _both_or_none("contact_role", "asset"),
        models.CheckConstraint(condition=Q(access__in=Access.values), name="asset_access_known"),
        models.CheckConstraint(condition=Q(state__in=State.values), name="asset_state_known"),
        models.CheckConstraint(condition=Q(theme__in=Theme.values), name="asset_theme_known"),
        models.CheckConstraint(condition=Q(frequency__in=Frequency.values), name="asset_frequency_known"),
        models.CheckConstraint(condition=Q(classification__in=Classification.values), name="asset_class_known"),
        models.CheckConstraint(condition=Q(hidden_ground__in=["", *Ground.values]), name="asset_ground_known"),
        # What is not open says why, on which law, who decided and when it is looked at again - once it is assessed.
        models.CheckConstraint(
            condition=_IS_OPEN | _HAS_REASON | Q(state=State.INVENTORIED), name="asset_not_open_has_reason"
        ),
        models.CheckConstraint(condition=~_IS_OPEN | Q(reason=""), name="asset_open_has_no_reason"),
        models.CheckConstraint(condition=Q(reason__in=["", *Reason.values]), name="asset_reason_known"),
        models.CheckConstraint(condition=~Q(code=""), name="asset_code_given"),
        models.CheckConstraint(
            condition=~_IS_OPEN | Q(classification=Classification.NONE), name="asset_open_is_not_classified"
        ),
        models.CheckConstraint(condition=~_IS_OPEN | Q(hidden_ground=""), name="asset_open_shows_title"),
        models.CheckConstraint(
            condition=~Q(state__in=[State.SCHEDULED, State.PUBLISHED]) | _IS_OPEN, name="asset_released_is_open"
        ),
        models.CheckConstraint(condition=~Q(state=State.WITHHELD) | ~_IS_OPEN, name="asset_withheld_is_not_open"),
        models.CheckConstraint(
            condition=~Q(state=State.SCHEDULED) | Q(release_on__isnull=False), name="asset_scheduled_has_day"
        ),
        models.CheckConstraint(
            condition=~Q(state=State.PUBLISHED) | Q(published_at__isnull=False), name="asset_published_has_time"
        ),
        models.CheckConstraint(
            condition=Q(review_on__isnull=True) | Q(decided_on__isnull=True) | Q(review_on__gt=models.F("decided_on")),
            name="asset_review_after_decision",
        ),
    ]


def agency_rules() -> list[BaseConstraint]:
    """Constraints of Agency."""
    texts = ("contact_role", "roles", "publication_process", "request_process", "feedback_process")
    return [
        models.CheckConstraint(condition=Q(slug__regex=SLUG) & ~Q(slug__in=RESERVED), name="agency_address_fits"),
        *(_both_or_none(field, "agency") for field in texts),
    ]


def reminder_rules() -> list[BaseConstraint]:
    """Constraints of Reminder."""
    return [
        models.UniqueConstraint(fields=["asset", "kind", "due_on"], name="asset_reminder_once"),
        models.CheckConstraint(condition=Q(kind__in=Notice.values), name="asset_reminder_kind_known"),
        models.CheckConstraint(condition=Q(recipients__gte=1), name="asset_reminder_reached_somebody"),
    ]


def upload_rules() -> list[BaseConstraint]:
    """Constraints of Upload."""
    return [
        models.CheckConstraint(
            condition=Q(stored_at__isnull=True) | Q(content__isnull=True), name="upload_stored_is_emptied"
        )
    ]
