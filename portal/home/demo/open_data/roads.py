"""Invented figures about municipal services, roads, buses and rain."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

from portal.home.demo.open_data.moments import months
from portal.home.demo.open_data.places import AREA, AREAS, WILAYATS, named

Row = dict[str, Any]
SERVICES = (
    ("building-permit", "إباحة بناء", "Building permit", 0.9, 12.0),
    ("shop-licence", "رخصة محل", "Shop licence", 1.6, 4.0),
    ("lighting", "إصلاح إنارة", "Street light repair", 1.1, 3.0),
    ("paving", "صيانة طريق داخلي", "Local road repair", 0.5, 18.0),
    ("waste", "رفع مخلفات", "Waste collection", 1.9, 2.0),
    ("pests", "مكافحة آفات", "Pest control", 0.7, 5.0),
)
ROUTES = (("1", "روي – السيب"), ("2", "روي – الوادي الكبير"), ("4", "روي – مطرح"), ("8", "الخوير – الموالح"),
          ("12", "المعبيلة – برج الصحوة"), ("14", "الخوض – السيب"))  # fmt: skip
RAINY = {"1": 14, "2": 18, "3": 22, "4": 12, "5": 5, "6": 4, "7": 8, "8": 7, "9": 3, "10": 6, "11": 8, "12": 13}
"""Millimetres of an average month."""


def municipal_services(today: date, part: str) -> Iterator[Row]:
    """Requests received and completed; what is open at the end of a month begins the next."""
    for area in AREAS:
        for code, ar, en, rate, days in SERVICES:
            dice = Random(f"municipal {area.code} {code}")  # noqa: S311 - dice, no secrets
            usual = (area.omanis + area.others * 0.5) * rate + 15
            waiting = round(usual * 0.3)
            for month in months(today, 12):
                received = round(usual * dice.uniform(0.85, 1.15))
                completed = min(waiting + received, round((received + waiting * 0.7) * dice.uniform(0.8, 0.98)))
                before, waiting = waiting, waiting + received - completed
                yield {"month": month, **named(area.code), "service": code, "service_ar": ar, "service_en": en,
                       "open_at_start": before, "received": received, "completed": completed, "open_at_end": waiting,
                       "median_days": round(days * dice.uniform(0.7, 1.4), 1)}  # fmt: skip


def accidents(today: date, part: str) -> Iterator[Row]:
    """Accidents, injuries and deaths. In "first", one month of Dhofar was counted twice."""
    listed = months(today, 36)
    for month in listed:
        for area in AREAS:
            dice = Random(f"accidents {month} {area.code}")  # noqa: S311
            busy = 1.6 if area.code == "dhofar" and month[5:] in ("07", "08") else 1.0
            number = round((area.omanis + area.others) * 0.16 * busy * dice.uniform(0.75, 1.25)) + 2
            hurt = round(number * dice.uniform(1.0, 1.4))
            dead = round(number * dice.uniform(0.10, 0.24))
            if part == "first" and area.code == "dhofar" and month == listed[-16]:
                number, hurt, dead = 2 * number, 2 * hurt, 2 * dead
            yield {"month": month, **named(area.code), "accidents": number, "injuries": hurt, "deaths": dead}


def buses(today: date, part: str) -> Iterator[Row]:
    """Trips and passengers of bus routes."""
    for month in months(today, 24):
        for route, name in ROUTES:
            dice = Random(f"bus {month} {route}")  # noqa: S311
            trips = dice.randint(1400, 2900)
            yield {"month": month, "route": route, "route_ar": name, "trips": trips,
                   "passengers": round(trips * dice.uniform(14, 31)),
                   "on_time": f"{dice.uniform(81, 97):.1f}"}  # fmt: skip


def rainfall(today: date, part: str) -> Iterator[Row]:
    """Monthly rain at stations: total, rainy days, the wettest day. A month without a measurement is empty."""
    stations = [place for number, place in enumerate(WILAYATS) if number % 2 == 0]
    for number, (code, ar, en, latitude, longitude) in enumerate(stations, start=1):
        height = Random(f"station {number}").randint(5, 620)  # noqa: S311
        for month in months(today, 36):
            dice = Random(f"rain {month} {number}")  # noqa: S311
            khareef = 5.0 if code == "dhofar" and month[5:] in ("07", "08") else 1.0
            days = min(30, round(dice.expovariate(1 / (RAINY[str(int(month[5:]))] * AREA[code].rain * khareef / 7))))
            falls = [dice.expovariate(1 / 5.5) for _day in range(days)]
            missing = dice.random() < 0.015
            yield {"station": f"MET-{number:03}", "station_ar": ar, "station_en": en, "governorate_code": code,
                   "latitude": latitude, "longitude": longitude, "height_m": height, "month": month,
                   "rain_mm": None if missing else round(sum(round(fall, 1) for fall in falls), 1),
                   "rainy_days": None if missing else days,
                   "wettest_day_mm": None if missing else round(max(falls, default=0.0), 1)}  # fmt: skip
