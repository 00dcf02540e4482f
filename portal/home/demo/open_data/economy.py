"""Invented figures about budgets, prices, fisheries and tourism."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

from portal.home.demo.open_data.moments import months, years
from portal.home.demo.open_data.places import AREAS, named

Row = dict[str, Any]
MINISTRIES = (
    ("education", "وزارة التعليم", "Ministry of Education", 1600),
    ("health", "وزارة الصحة", "Ministry of Health", 980),
    ("transport", "وزارة النقل والاتصالات وتقنية المعلومات", "Ministry of Transport and Communications", 310),
    ("municipalities", "الشؤون البلدية", "Municipal Affairs", 265),
    ("commerce", "وزارة التجارة والصناعة وترويج الاستثمار", "Ministry of Commerce and Industry", 74),
    ("labour", "وزارة العمل", "Ministry of Labour", 118),
    ("housing", "وزارة الإسكان والتخطيط العمراني", "Ministry of Housing", 142),
    ("agriculture", "وزارة الثروة الزراعية والسمكية", "Ministry of Agriculture and Fisheries", 128),
    ("heritage", "وزارة التراث والسياحة", "Ministry of Heritage and Tourism", 61),
    ("social", "وزارة التنمية الاجتماعية", "Ministry of Social Development", 395),
)
CHAPTERS = (
    (1, "الرواتب والأجور", "Salaries and wages", 0.62),
    (2, "السلع والخدمات", "Goods and services", 0.17),
    (3, "الدعم والتحويلات", "Subsidies and transfers", 0.08),
    (4, "المصروفات الإنمائية", "Development spending", 0.13),
)
GROUPS = (
    (1, "الأغذية والمشروبات غير الكحولية", "Food and non-alcoholic beverages", 24.1, 0.0024),
    (2, "التبغ", "Tobacco", 0.1, 0.0010),
    (3, "الملابس والأحذية", "Clothing and footwear", 6.1, 0.0004),
    (4, "السكن والمياه والكهرباء والغاز", "Housing, water, electricity and gas", 27.1, 0.0009),
    (5, "الأثاث والأجهزة المنزلية", "Furnishings and household equipment", 3.6, 0.0008),
    (6, "الصحة", "Health", 1.2, 0.0016),
    (7, "النقل", "Transport", 19.6, 0.0007),
    (8, "الاتصالات", "Communications", 5.8, -0.0003),
    (9, "الثقافة والترفيه", "Recreation and culture", 1.6, 0.0006),
    (10, "التعليم", "Education", 4.1, 0.0013),
    (11, "المطاعم والفنادق", "Restaurants and hotels", 2.2, 0.0015),
    (12, "سلع وخدمات متنوعة", "Miscellaneous goods and services", 4.5, 0.0021),
)
CATCH = (("large-pelagic", "أسماك سطحية كبيرة", 1.15, 0.9), ("small-pelagic", "أسماك سطحية صغيرة", 0.28, 3.4),
         ("demersal", "أسماك قاعية", 0.92, 1.1), ("shellfish", "قشريات ورخويات", 2.40, 0.25))  # fmt: skip
FROM = (("gcc", 118), ("arab", 21), ("asia", 66), ("europe", 49), ("americas", 7), ("africa", 5), ("oceania", 3))
PURPOSES = (("leisure", 0.46), ("family", 0.27), ("business", 0.19), ("other", 0.08))


def budget(today: date, part: str) -> Iterator[Row]:
    """Approved and spent by ministry and chapter, in Omani rial. "first" has remarks instead of a rate."""
    listed = years(today, 4)
    for year in listed:
        for code, ar, en, millions in MINISTRIES:
            for number, chapter_ar, chapter_en, share in CHAPTERS:
                dice = Random(f"budget {year} {code} {number}")  # noqa: S311 - dice, no secrets
                grown = 1.03 ** (year - listed[-1]) * dice.uniform(0.94, 1.06)
                approved = round(millions * 1_000_000 * share * grown, -3)
                spent = round(approved * dice.uniform(0.71 if number == 4 else 0.95, 0.99 if number == 4 else 1.01), -2)
                row = {"year": year, "ministry_code": code, "ministry_ar": ar, "ministry_en": en, "chapter": number,
                       "chapter_ar": chapter_ar, "chapter_en": chapter_en, "approved_omr": int(approved),
                       "spent_omr": int(spent)}  # fmt: skip
                if part == "first":
                    yield row | {"remarks": "إعادة تبويب خلال السنة" if dice.random() < 0.1 else ""}
                else:
                    yield row | {"spent_share": f"{100 * spent / approved:.2f}"}


def prices(today: date, part: str) -> Iterator[Row]:
    """Consumer prices by group: the first year of the table is the base. "first" ends three months earlier."""
    listed = months(today, 48)
    index = {number: _index(number, drift, listed) for number, _ar, _en, _weight, drift in GROUPS}
    for place, month in enumerate(listed if part != "first" else listed[:-3]):
        for number, ar, en, weight, _drift in GROUPS:
            now = index[number][place]
            year_ago = index[number][place - 12] if place >= 12 else None
            yield {"month": month, "group": number, "group_ar": ar, "group_en": en, "weight": weight,
                   "index": f"{now:.1f}",
                   "change_12m": f"{100 * (now / year_ago - 1):.1f}" if year_ago else ""}  # fmt: skip


def _index(number: int, drift: float, listed: list[str]) -> list[float]:
    dice = Random(f"prices {number}")  # noqa: S311
    raw = [1.0]
    for _month in listed[1:]:
        raw.append(raw[-1] * (1 + drift + dice.gauss(0, 0.0025)))
    base = sum(raw[:12]) / 12
    return [round(100 * value / base, 1) for value in raw]


def fisheries(today: date, part: str) -> Iterator[Row]:
    """Landings of traditional fishing by coast and kind: tonnes, and their value in Omani rial."""
    weights = {"al-wusta": 410.0, "ash-sharqiyah-south": 330.0, "dhofar": 190.0, "muscat": 95.0,
               "al-batinah-north": 120.0, "al-batinah-south": 60.0, "musandam": 70.0}  # fmt: skip
    for month in months(today, 24):
        season = 1.25 if int(month[5:]) in (10, 11, 12, 1, 2, 3) else 0.8
        for code, tonnes in weights.items():
            for kind, kind_ar, price, share in CATCH:
                dice = Random(f"fish {month} {code} {kind}")  # noqa: S311
                landed = round(tonnes * share * season * dice.uniform(0.8, 1.2), 1)
                yield {"month": month, **named(code), "kind": kind, "kind_ar": kind_ar, "landed_t": f"{landed:.1f}",
                       "value_omr": round(landed * 1000 * price * dice.uniform(0.93, 1.07))}  # fmt: skip


def tourism(today: date, part: str) -> Iterator[Row]:
    """Arrivals by where people live and why they came, and the nights they stayed."""
    for month in months(today, 30):
        season = 1.35 if int(month[5:]) in (7, 8, 11, 12, 1) else 0.85
        for region, thousands in FROM:
            for purpose, share in PURPOSES:
                dice = Random(f"tourism {month} {region} {purpose}")  # noqa: S311
                arrivals = round(thousands * 1000 * share * season * dice.uniform(0.88, 1.12))
                stay = dice.uniform(2.1, 3.2) if region == "gcc" else dice.uniform(5.0, 8.5)
                yield {"month": month, "residence": region, "purpose": purpose, "arrivals": arrivals,
                       "nights": round(arrivals * stay), "mean_stay": f"{stay:.1f}"}  # fmt: skip


def inspections(today: date, part: str) -> Iterator[Row]:
    """Visits of market inspectors by governorate and trade. "first" ends one month earlier."""
    trades = (("food", 1.4), ("electronics", 0.5), ("fuel", 0.35), ("garments", 0.6), ("building", 0.4))
    for month in months(today, 18, skip=part == "first"):
        for area in AREAS:
            for trade, rate in trades:
                dice = Random(f"inspections {month} {area.code} {trade}")  # noqa: S311
                visits = round((area.omanis + area.others) * rate * dice.uniform(0.25, 0.4)) + 12
                found = round(visits * dice.uniform(0.03, 0.11))
                yield {"month": month, **named(area.code), "trade": trade, "visits": visits, "violations": found,
                       "closures": round(found * dice.uniform(0.0, 0.12))}  # fmt: skip
