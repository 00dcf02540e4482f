"""The two stylesheets: small, the same in both directions, readable in light and dark."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PUBLIC, STAFF = ROOT / "static/css/portal.css", ROOT / "static/css/staff.css"
FONT = ROOT / "static/fonts/readex-pro.woff2"

TEXT, SHAPE = 4.5, 3.0
"""WCAG AA: contrast of text, and of what is not text but must be seen."""

GROUNDS = ["bg", "surface", "tint", "info-bg", "success-bg", "warning-bg", "error-bg"]
PUBLIC_PAIRS = [
    *((ink, ground, TEXT) for ink in ("ink", "link") for ground in GROUNDS),
    *(("muted", ground, TEXT) for ground in ("bg", "surface", "tint")),
    *((tone, f"{tone}-bg", TEXT) for tone in ("info", "success", "warning", "error")),
    ("error", "bg", TEXT),
    ("on-brand", "brand", TEXT),
    ("on-brand", "brand-hover", TEXT),
    ("on-header", "header", TEXT),
    ("header-muted", "header", TEXT),
    *(("edge", ground, SHAPE) for ground in ("bg", "surface", "tint")),
    ("brand", "bg", SHAPE),
    ("accent", "header", SHAPE),
    ("focus", "focus-edge", SHAPE),
]
STAFF_PAIRS = [
    *(
        (ink, ground, TEXT)
        for ink in ("body-fg", "body-quiet-color", "link-fg")
        for ground in ("body-bg", "darkened-bg", "selected-bg")
    ),
    *(("body-fg", f"message-{kind}-bg", TEXT) for kind in ("success", "warning", "error")),
    *((tone, f"{tone}-bg", TEXT) for tone in ("info", "success", "warning", "error")),
    *((tone, ground, TEXT) for tone in ("success", "warning", "error") for ground in ("body-bg", "darkened-bg")),
    ("body-fg", "selected-row", TEXT),
    ("link-fg", "selected-row", TEXT),
    ("error-fg", "body-bg", TEXT),
    *(("button-fg", ground, TEXT) for ground in ("button-bg", "button-hover-bg", "default-button-bg")),
    *(("body-bg", ground, TEXT) for ground in ("close-button-bg", "delete-button-bg", "delete-button-hover-bg")),
    ("header-color", "header-bg", TEXT),
    ("header-link-color", "header-bg", TEXT),
    ("breadcrumbs-fg", "breadcrumbs-bg", TEXT),
    ("breadcrumbs-link-fg", "breadcrumbs-bg", TEXT),
    ("border-color", "body-bg", SHAPE),
    ("focus", "focus-edge", SHAPE),
]


def rules(sheet: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)


def declared(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})\b", block))


def palettes(sheet: Path) -> dict[str, dict[str, str]]:
    """The colours of each scheme: {"light": {"ink": "#17211f", ...}, "dark": {...}}."""
    css = rules(sheet)
    light = declared(re.search(r":root[^{]*\{(.*?)\}", css, re.DOTALL)[1])
    dark = declared(re.search(r"prefers-color-scheme: dark\) \{\s*:root \{(.*?)\}", css, re.DOTALL)[1])
    return {"light": light, "dark": light | dark}


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_it_knows_the_contrast_of_black_on_white():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("sheet", "pairs"), [(PUBLIC, PUBLIC_PAIRS), (STAFF, STAFF_PAIRS)], ids=["public", "staff"])
def test_it_keeps_the_contrast_of_every_pair(sheet, pairs, scheme):
    palette = palettes(sheet)[scheme]
    weak = {
        f"{ink} on {ground}": round(contrast(palette[ink], palette[ground]), 2)
        for ink, ground, least in pairs
        if contrast(palette[ink], palette[ground]) < least
    }
    assert not weak


def test_the_theme_chosen_by_hand_is_the_dark_one_of_the_system():
    chosen = re.search(r'html\[data-theme="dark"\] \{(.*?)\}', rules(STAFF), re.DOTALL)[1]
    light = palettes(STAFF)["light"]
    assert light | declared(chosen) == palettes(STAFF)["dark"]


def test_both_sheets_share_one_palette():
    public, staff = palettes(PUBLIC), palettes(STAFF)
    same = {"ink": "body-fg", "bg": "body-bg", "link": "link-fg", "header": "header-bg", "error": "error-fg"}
    for scheme in ("light", "dark"):
        for ours, theirs in same.items():
            assert public[scheme][ours] == staff[scheme][theirs]


def test_the_public_sheet_stays_within_its_budget():
    assert PUBLIC.stat().st_size <= 15 * 1024
    sent = len(gzip.compress(PUBLIC.read_bytes())) + FONT.stat().st_size
    assert sent <= 28_000, "stylesheet and font must leave 7 KB of the 35 KB for the page"


@pytest.mark.parametrize("sheet", [PUBLIC, STAFF], ids=["public", "staff"])
def test_it_knows_no_left_and_no_right(sheet):
    css = rules(sheet).replace(".time-left", "")
    assert not re.findall(r"[^\n]*\b(?:left|right)\b[^\n]*", css)


@pytest.mark.parametrize("sheet", [PUBLIC, STAFF], ids=["public", "staff"])
def test_it_spares_arabic_what_breaks_it(sheet):
    css = rules(sheet)
    assert not re.search(r"font-style:\s*italic", css)
    assert not re.search(r"letter-spacing:(?!\s*normal)", css)
    assert not re.search(r"text-transform:(?!\s*none)", css)
    assert css.count("{") == css.count("}")


@pytest.mark.parametrize("sheet", [PUBLIC, STAFF], ids=["public", "staff"])
def test_it_asks_nobody_else_for_anything(sheet):
    addresses = re.findall(r"url\(\"?([^)\"]+)", rules(sheet))
    assert addresses
    assert all((sheet.parent / address).is_file() for address in addresses)


@pytest.mark.parametrize("query", ["prefers-color-scheme: dark", "prefers-contrast: more", "forced-colors", "print"])
def test_the_public_sheet_answers_the_readers_settings(query):
    assert re.search(rf"@media [^{{]*{query}", rules(PUBLIC))


def test_no_page_carries_style_or_script_in_its_markup():
    """What is said to search engines as JSON-LD is data: no browser runs it."""
    pages = [p for p in (ROOT / "templates").rglob("*.html") if "mail" not in p.relative_to(ROOT / "templates").parts]
    script = r"<script(?![^>]*\s(src=|type=\"application/ld\+json\"))"
    inline = re.compile(rf"<style|\sstyle=|{script}|\son[a-z]+=\"|javascript:")
    assert not [str(page) for page in pages if inline.search(page.read_text(encoding="utf-8"))]
