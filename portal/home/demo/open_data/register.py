"""A register of a million invented businesses: no row is kept in memory, and each run gives the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from portal.home.demo.open_data.places import WILAYATS

ROWS = 1_000_000
FORMS = (("sole", "تاجر فرد", 62), ("llc", "شركة محدودة المسؤولية", 27), ("spc", "شركة الشخص الواحد", 8),
         ("partnership", "شركة تضامن", 2), ("saoc", "شركة مساهمة مقفلة", 1))  # fmt: skip
ACTIVITIES = (
    ("A", "الزراعة وصيد الأسماك", 4), ("C", "الصناعة التحويلية", 8), ("F", "التشييد", 21),
    ("G", "التجارة والإصلاح", 30),
    ("H", "النقل والتخزين", 9), ("I", "الإقامة والطعام", 10), ("J", "المعلومات والاتصالات", 3), ("L", "العقارات", 4),
    ("M", "الأنشطة المهنية", 6), ("N", "الخدمات الإدارية", 5),
)  # fmt: skip
STATES = (("active", 71), ("expired", 17), ("struck-off", 12))
CAPITAL = {"sole": (500, 20_000), "llc": (20_000, 400_000), "spc": (3_000, 90_000), "partnership": (2_000, 60_000),
           "saoc": (500_000, 5_000_000)}  # fmt: skip
FIRST_DAY = date(1995, 1, 1)


def register(today: date, part: str, count: int = ROWS) -> Iterator[dict[str, Any]]:
    """One row for each registration, in the order of their numbers and days."""
    dice = Random("commercial register")  # noqa: S311 - dice, no secrets
    span = (date(today.year, 1, 1) - FIRST_DAY).days
    wilayats = list(WILAYATS)
    weights = [
        9 if place[0] == "muscat" else 4 if "batinah" in place[0] or place[0] == "dhofar" else 2 for place in wilayats
    ]
    for number in range(count):
        form, form_ar, _share = _pick(dice, FORMS)
        activity, activity_ar, _share = _pick(dice, ACTIVITIES)
        place = dice.choices(wilayats, weights)[0]
        low, high = CAPITAL[form]
        yield {
            "registration": f"R{1_000_001 + number}",
            "registered_on": (FIRST_DAY + timedelta(days=span * number // count)).isoformat(),
            "governorate_code": place[0], "wilayat_ar": place[1], "wilayat_en": place[2], "form": form,
            "form_ar": form_ar, "activity": activity, "activity_ar": activity_ar,
            "capital_omr": dice.randint(low // 500, high // 500) * 500,
            "branches": int(dice.random() * dice.random() * 6),
            "state": _pick(dice, STATES)[0],
        }  # fmt: skip


def _pick(dice: Random, choices: Any) -> Any:
    return dice.choices(choices, [one[-1] for one in choices])[0]
