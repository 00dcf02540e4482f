"""What every portal has and a hold may name: organisations, units, staff. The areas add their own."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from portal.retention.registry import Subject, register_subjects


def by_column(label: str, column: str) -> dict[str, Any]:
    """`find` and `describe` of a subject that is named by one column of its model."""
    return {
        "find": lambda text: _rows(label).filter(**{column: text}).values_list("pk", flat=True).first(),
        "describe": lambda keys: {
            str(key): words for key, words in _rows(label).filter(pk__in=keys).values_list("pk", column)
        },
    }


def _rows(label: str) -> Any:
    return apps.get_model(label)._base_manager


def register() -> None:
    """Add them."""
    register_subjects(
        Subject(
            "organisations.organisation", _("Organisation"), _("its code"),
            **by_column("organisations.organisation", "code"),
        ),
        Subject("organisations.unit", _("Unit"), _("its code"), **by_column("organisations.unit", "code")),
        Subject(
            "staff.user", _("Account of a staff member"), _("the user name"), may_go_early=True,
            **by_column("staff.user", "username"),
        ),
    )  # fmt: skip
