"""Invented figures about people, schools and health centres."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

from portal.home.demo.open_data.moments import years
from portal.home.demo.open_data.places import AREAS, WILAYATS, named, near

Row = dict[str, Any]
MEN = {"omani": 0.505, "expatriate": 0.79}
GROWTH = {"omani": 0.024, "expatriate": 0.031}
GRADES = (("1-4", "الحلقة الأولى", "Cycle one"), ("5-10", "الحلقة الثانية", "Cycle two"),
          ("11-12", "ما بعد الأساسي", "Post-basic"))  # fmt: skip
SCHOOL_NAMES = (
    "الأمل", "النور", "المعرفة", "الواحة", "الفجر", "المنهل", "الرائد", "الضياء", "الإبداع", "المستقبل", "الريادة",
    "البيان", "الحكمة", "الوفاء", "السلام", "النجاح", "الشروق", "الإشراق", "الينابيع", "المجد",
)  # fmt: skip
CENTRES = (("health-centre", "مركز صحي", "Health centre"), ("polyclinic", "مجمع صحي", "Polyclinic"),
           ("hospital", "مستشفى", "Hospital"))  # fmt: skip


def population(today: date, part: str) -> Iterator[Row]:
    """Inhabitants at mid-year. `part`: "first" lacks the last year, "last" has it, "mended" puts one area right."""
    listed = years(today, 6)
    for year in listed if part != "first" else listed[:-1]:
        for area in AREAS:
            for kind, thousands in (("omani", area.omanis), ("expatriate", area.others)):
                dice = Random(f"population {year} {area.code} {kind}")  # noqa: S311 - dice, no secrets
                grown = (1 + GROWTH[kind] + dice.uniform(-0.004, 0.004)) ** (year - listed[-1])
                total = round(thousands * 1000 * grown + dice.randint(-400, 400))
                men = round(total * (MEN[kind] + dice.uniform(-0.006, 0.006)))
                pair = {"male": men, "female": total - men}
                if part != "mended" and (year, area.code) == (listed[-2], "adh-dhahirah"):
                    pair = {"male": pair["female"], "female": pair["male"]}
                for sex, count in pair.items():
                    yield {"year": year, **named(area.code), "nationality": kind, "sex": sex, "population": count}


def schools(today: date, part: str) -> Iterator[Row]:
    """A directory: every school with its place, pupils and classes."""
    dice = Random("schools")  # noqa: S311
    number = 1000
    for place, (code, ar, en, latitude, longitude) in enumerate(WILAYATS):
        for turn in range(dice.randint(4, 8)):
            number += dice.randint(1, 7)
            is_private = dice.random() < (0.3 if code in ("muscat", "dhofar") else 0.08)
            grades, cycle, _cycle_en = dice.choice(GRADES)
            classes = dice.randint(9, 34)
            pupils = sum(dice.randint(21, 32) for _class in range(classes))
            at = near(dice, latitude, longitude)
            yield {
                "school_id": f"S{number}", "school_name_ar": f"مدرسة {SCHOOL_NAMES[(place * 3 + turn) % 20]} – {ar}",
                "governorate_ar": named(code)["governorate_ar"], "wilayat_ar": ar, "wilayat_en": en,
                "ownership": "خاصة" if is_private else "حكومية", "cycle": cycle, "grades": f"الصفوف {grades}",
                "classes": classes, "pupils": pupils, "teaching_posts": round(classes * dice.uniform(1.5, 2.1)),
                "latitude": at[0], "longitude": at[1],
            }  # fmt: skip


def health_centres(today: date, part: str) -> Iterator[Row]:
    """A directory for a map: `latitude` and `longitude` become the geometry."""
    dice = Random("health centres")  # noqa: S311
    number = 100
    for code, ar, en, latitude, longitude in WILAYATS:
        for turn in range(dice.randint(1, 4)):
            number += dice.randint(1, 5)
            kind, kind_ar, kind_en = CENTRES[0] if turn else CENTRES[dice.choice([0, 1, 2])]
            at = near(dice, latitude, longitude)
            mark = "" if not turn else f" {turn + 1}"
            yield {
                "centre_code": f"H{number}", "centre_ar": f"{kind_ar} {ar}{mark}",
                "centre_en": f"{en} {kind_en.lower()}{mark}",
                "kind": kind, **named(code), "wilayat_ar": ar, "wilayat_en": en,
                "open_24_hours": kind != "health-centre", "clinics": dice.randint(4, 12) * (1 + (kind == "hospital")),
                "latitude": at[0], "longitude": at[1],
            }  # fmt: skip


def health_visits(today: date, part: str) -> Iterator[Row]:
    """Visits by governorate, quarter and kind of clinic."""
    clinics = {"general": 2.1, "dental": 0.32, "maternal": 0.18, "child": 0.41, "chronic": 0.52}
    for year in years(today, 3):
        for quarter in range(1, 5):
            for area in AREAS:
                people = (area.omanis + area.others * 0.4) * 1000
                for clinic, rate in clinics.items():
                    dice = Random(f"visits {year} {quarter} {area.code} {clinic}")  # noqa: S311
                    visits = round(people * rate / 4 * (1.12 if quarter in (1, 4) else 0.92) * dice.uniform(0.95, 1.05))
                    yield {"year": year, "quarter": quarter, **named(area.code), "clinic": clinic, "visits": visits,
                           "referred": round(visits * dice.uniform(0.03, 0.07))}  # fmt: skip
