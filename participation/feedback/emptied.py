"""What the database wants of a message whose time is over: nothing left that tells of a person."""

from __future__ import annotations

from django.db.models import CheckConstraint, Q
from django.db.models.constraints import BaseConstraint

from participation.feedback.states import FINISHED

NO_CONTACT = {
    "name": "", "email": "", "phone": "", "email_index": "", "phone_index": "", "fingerprint": "",
}  # fmt: skip
NO_TEXT = {**NO_CONTACT, "text": "", "secret_hash": "", "safety_reason": "", "page": "", "search": None}
GONE = Q(disposed_at__isnull=False)


def _as_condition(values: dict[str, str | None]) -> Q:
    return Q(**{f"{name}__isnull" if value is None else name: value is None or value for name, value in values.items()})


def case_rules() -> list[BaseConstraint]:
    """A message has a text until it is disposed of; then it is finished, and has no trace of its sender."""
    return [
        CheckConstraint(condition=GONE | ~Q(text=""), name="case_has_text"),
        CheckConstraint(
            condition=~GONE | Q(state__in=FINISHED, finished_at__isnull=False) & _as_condition(NO_TEXT),
            name="case_disposed_is_empty",
        ),
        CheckConstraint(
            condition=~Q(priority="safety")
            | (Q(kind="data_correction", safety_confirmed_by__isnull=False) & (GONE | ~Q(safety_reason=""))),
            name="case_safety_confirmed",
        ),
    ]


def referral_rules() -> list[BaseConstraint]:
    """A referral has a text until it is disposed of."""
    return [CheckConstraint(condition=GONE & Q(text="") | ~GONE & ~Q(text=""), name="referral_has_text")]
