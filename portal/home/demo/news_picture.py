"""A picture for one announcement, drawn when it is needed: a fort and palms before mountains, and a service bus."""

from __future__ import annotations

import io
import math

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from participation.news.images import Measured, check_image, store_image

WIDTH, HEIGHT = 1200, 600
HORIZON = 330
FINE = 2
"""Drawn twice as large and made smaller, which smooths the edges."""
SKY = ((250, 226, 178), (126, 188, 178))
RIDGES = [("#8fb3a6", 370, 105, 0.0), ("#5c9186", 410, 85, 2.1), ("#2c7466", 470, 70, 4.0)]
SAND, SHADE, DARK, GOLD, WHITE = "#d8b47a", "#b98f52", "#0a3f38", "#f3c04f", "#fdfaf2"


def stored_picture() -> Measured:
    """The picture as an editor would have uploaded it."""
    image = _draw().resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    output = io.BytesIO()
    image.save(output, "JPEG", quality=85)
    return store_image(check_image(SimpleUploadedFile("mobile-service.jpg", output.getvalue(), "image/jpeg")))


def _draw() -> Image.Image:
    image = Image.new("RGB", (WIDTH * FINE, HEIGHT * FINE))
    pen = ImageDraw.Draw(image)
    for row in range(HEIGHT * FINE):
        part = max(0.0, 1 - row / (HORIZON * FINE))
        shade = tuple(round(low + (high - low) * part) for low, high in zip(*SKY, strict=True))
        pen.line([(0, row), (WIDTH * FINE, row)], fill=shade)
    _disc(pen, 905, 245, 70, GOLD)
    for colour, base, size, phase in RIDGES:
        _ridge(pen, colour, base, size, phase)
    _box(pen, 0, 490, WIDTH, HEIGHT, "#e6cc98")
    _fort(pen)
    for x, height in ((120, 190), (190, 150), (1090, 200), (1020, 155)):
        _palm(pen, x, height)
    _bus(pen)
    return image


def _ridge(pen: ImageDraw.ImageDraw, colour: str, base: int, size: int, phase: float) -> None:
    """A line of peaks: three waves of different length, folded upwards so that they have edges."""
    points = [(0, HEIGHT * FINE)]
    for x in range(0, WIDTH + 1, 6):
        waves = [(x / 190 + phase, 1.0), (x / 77 + phase * 2, 0.5), (x / 31 + phase, 0.18)]
        wave = sum(part * (1 - abs(math.sin(at))) for at, part in waves)
        points.append((x * FINE, round((base - size * wave) * FINE)))
    pen.polygon([*points, (WIDTH * FINE, HEIGHT * FINE)], fill=colour)


def _fort(pen: ImageDraw.ImageDraw) -> None:
    _box(pen, 330, 380, 760, 500, SAND)
    _battlements(pen, 330, 760, 380, SAND)
    for left, top in ((290, 300), (700, 330)):
        _box(pen, left, top, left + 120, 500, SAND)
        _box(pen, left + 84, top, left + 120, 500, SHADE)
        _battlements(pen, left - 6, left + 126, top, SAND)
        _box(pen, left + 44, top + 50, left + 62, top + 86, DARK)
    _disc(pen, 555, 440, 30, DARK)
    _box(pen, 525, 440, 585, 500, DARK)


def _battlements(pen: ImageDraw.ImageDraw, left: int, right: int, top: int, colour: str) -> None:
    for x in range(left, right - 11, 22):
        _box(pen, x, top - 16, x + 12, top, colour)


def _palm(pen: ImageDraw.ImageDraw, x: int, height: int) -> None:
    top = 505 - height
    pen.line([(x * FINE, 505 * FINE), ((x + 8) * FINE, top * FINE)], fill="#7a5a30", width=9 * FINE)
    for reach, lift in ((-72, 18), (-58, 48), (-30, 66), (4, 72), (34, 64), (60, 46), (74, 16)):
        frond = [(x + 8 + reach * part, top - lift * part + 62 * part * part) for part in (n / 8 for n in range(9))]
        pen.line([(a * FINE, b * FINE) for a, b in frond], fill="#1f6b41", width=7 * FINE, joint="curve")


def _bus(pen: ImageDraw.ImageDraw) -> None:
    pen.rounded_rectangle([v * FINE for v in (470, 440, 790, 548)], radius=16 * FINE, fill=WHITE)
    _box(pen, 470, 508, 790, 524, "#0b5d50")
    for x in range(486, 700, 56):
        pen.rounded_rectangle([v * FINE for v in (x, 456, x + 44, 494)], radius=6 * FINE, fill="#8fc3ba")
    pen.rounded_rectangle([v * FINE for v in (716, 456, 776, 540)], radius=6 * FINE, fill="#8fc3ba")
    for x in (536, 726):
        _disc(pen, x, 548, 24, DARK)
        _disc(pen, x, 548, 10, WHITE)


def _disc(pen: ImageDraw.ImageDraw, x: int, y: int, radius: int, colour: str) -> None:
    pen.ellipse([v * FINE for v in (x - radius, y - radius, x + radius, y + radius)], fill=colour)


def _box(pen: ImageDraw.ImageDraw, left: int, top: int, right: int, bottom: int, colour: str) -> None:
    pen.rectangle([v * FINE for v in (left, top, right, bottom)], fill=colour)
