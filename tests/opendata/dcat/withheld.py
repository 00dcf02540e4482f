"""A data asset that is not open."""

from __future__ import annotations

from datetime import date

from opendata.inventory.choices import Access, Classification, Reason, State

NOT_OPEN = {
    "access": Access.CLOSED, "state": State.WITHHELD, "reason": Reason.SECURITY, "decided_on": date(2026, 1, 1),
    "review_on": date(2027, 1, 1), "legal_basis_ar": "المرسوم السلطاني رقم 118/2011",
    "legal_basis_en": "Royal Decree 118/2011", "decided_by_role_ar": "المدير العام", "decided_by_role_en": "Director",
    "classification": Classification.SECRET,
}  # fmt: skip
