"""Places the invented figures are about: the governorates with their weight, some wilayats with a point inside Oman."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Area:
    """A governorate: its code and names, roughly how many thousand Omanis and others live there, its share of rain."""

    code: str
    ar: str
    en: str
    omanis: int
    others: int
    rain: float
    is_coast: bool = True


AREAS = (
    Area("muscat", "مسقط", "Muscat", 580, 880, 1.0),
    Area("dhofar", "ظفار", "Dhofar", 228, 290, 1.6),
    Area("musandam", "مسندم", "Musandam", 33, 20, 1.8),
    Area("al-buraimi", "البريمي", "Al Buraimi", 66, 56, 1.1, is_coast=False),
    Area("ad-dakhiliyah", "الداخلية", "Ad Dakhiliyah", 405, 128, 1.5, is_coast=False),
    Area("al-batinah-north", "شمال الباطنة", "Al Batinah North", 602, 284, 1.0),
    Area("al-batinah-south", "جنوب الباطنة", "Al Batinah South", 374, 159, 1.1),
    Area("ash-sharqiyah-north", "شمال الشرقية", "Ash Sharqiyah North", 213, 101, 1.2, is_coast=False),
    Area("ash-sharqiyah-south", "جنوب الشرقية", "Ash Sharqiyah South", 228, 118, 0.9),
    Area("adh-dhahirah", "الظاهرة", "Adh Dhahirah", 166, 69, 1.1, is_coast=False),
    Area("al-wusta", "الوسطى", "Al Wusta", 31, 30, 0.4),
)
AREA = {area.code: area for area in AREAS}

# Governorate, Arabic, English, latitude, longitude: points some kilometres inland, so that a scatter stays on land.
WILAYATS = (
    ("muscat", "السيب", "As Seeb", 23.640, 58.150),
    ("muscat", "بوشر", "Bawshar", 23.555, 58.390),
    ("muscat", "مطرح", "Mutrah", 23.585, 58.510),
    ("muscat", "العامرات", "Al Amarat", 23.480, 58.500),
    ("muscat", "قريات", "Qurayyat", 23.240, 58.860),
    ("dhofar", "صلالة", "Salalah", 17.050, 54.090),
    ("dhofar", "طاقة", "Taqah", 17.075, 54.390),
    ("dhofar", "مرباط", "Mirbat", 17.030, 54.660),
    ("dhofar", "ثمريت", "Thumrait", 17.670, 54.030),
    ("musandam", "خصب", "Khasab", 26.140, 56.230),
    ("musandam", "دبا", "Dibba", 25.630, 56.240),
    ("al-buraimi", "البريمي", "Al Buraimi", 24.230, 55.830),
    ("al-buraimi", "محضة", "Mahdah", 24.400, 55.970),
    ("ad-dakhiliyah", "نزوى", "Nizwa", 22.930, 57.530),
    ("ad-dakhiliyah", "بهلا", "Bahla", 22.970, 57.290),
    ("ad-dakhiliyah", "سمائل", "Samail", 23.300, 57.980),
    ("ad-dakhiliyah", "إزكي", "Izki", 22.930, 57.770),
    ("ad-dakhiliyah", "أدم", "Adam", 22.380, 57.520),
    ("al-batinah-north", "صحار", "Suhar", 24.310, 56.700),
    ("al-batinah-north", "شناص", "Shinas", 24.710, 56.430),
    ("al-batinah-north", "صحم", "Saham", 24.140, 56.830),
    ("al-batinah-north", "الخابورة", "Al Khaburah", 23.930, 57.050),
    ("al-batinah-north", "السويق", "As Suwaiq", 23.800, 57.390),
    ("al-batinah-south", "الرستاق", "Ar Rustaq", 23.390, 57.430),
    ("al-batinah-south", "بركاء", "Barka", 23.650, 57.860),
    ("al-batinah-south", "المصنعة", "Al Musannah", 23.720, 57.620),
    ("al-batinah-south", "نخل", "Nakhal", 23.390, 57.830),
    ("ash-sharqiyah-north", "إبراء", "Ibra", 22.700, 58.540),
    ("ash-sharqiyah-north", "المضيبي", "Al Mudhaibi", 22.570, 58.120),
    ("ash-sharqiyah-north", "بدية", "Bidiyah", 22.440, 58.800),
    ("ash-sharqiyah-south", "صور", "Sur", 22.520, 59.440),
    ("ash-sharqiyah-south", "جعلان بني بو علي", "Jaalan Bani Bu Ali", 22.020, 59.330),
    ("ash-sharqiyah-south", "جعلان بني بو حسن", "Jaalan Bani Bu Hassan", 22.080, 59.270),
    ("adh-dhahirah", "عبري", "Ibri", 23.230, 56.500),
    ("adh-dhahirah", "ينقل", "Yanqul", 23.590, 56.540),
    ("adh-dhahirah", "ضنك", "Dank", 23.550, 56.260),
    ("al-wusta", "هيماء", "Haima", 19.960, 56.290),
    ("al-wusta", "محوت", "Mahout", 20.750, 58.320),
    ("al-wusta", "الدقم", "Ad Duqm", 19.630, 57.640),
)
SCATTER = 0.02
"""Degrees round the point of a wilayat: some two kilometres."""


def near(dice: Random, latitude: float, longitude: float) -> tuple[float, float]:
    """A point close by."""
    return (
        round(latitude + dice.uniform(-SCATTER, SCATTER), 5),
        round(longitude + dice.uniform(-SCATTER, SCATTER), 5),
    )


def named(code: str) -> dict[str, str]:
    """The columns every table calls a governorate by."""
    area = AREA[code]
    return {"governorate_code": code, "governorate_ar": area.ar, "governorate_en": area.en}
