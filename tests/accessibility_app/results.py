"""The document of an audit, as the scanner writes it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

RULES = {"color-contrast": ["1.4.3"], "image-alt": ["1.1.1"], "label": ["4.1.2"], "region": []}
CHECKS = {
    "keyboard": {"criteria": ["2.1.1", "2.1.2"], "pages": 4, "findings": 1},
    "text_spacing": {"criteria": ["1.4.12"], "pages": 4, "findings": 0},
}
FINDINGS = [
    {
        "template": "base.html", "scene": "home", "language": "ar", "look": "1280 px", "check_name": "image-alt",
        "outcome": "violation", "detail": "img.logo Element has no alternative text",
    },
    {
        "template": "base.html", "scene": "home", "language": "en", "look": "320 px", "check_name": "color-contrast",
        "outcome": "incomplete", "detail": "p.lead Background could not be determined",
    },
    {
        "template": "base.html", "scene": "home", "language": "en", "look": "1280 px", "check_name": "keyboard",
        "outcome": "violation", "detail": "no outline shows the focus: a “Home”",
    },
]  # fmt: skip


def a_document(*, clean: bool = False, ends: datetime | None = None, **changes: Any) -> dict[str, Any]:
    """Results of a small audit; `clean`: nothing was found."""
    ends = ends or timezone.now()
    checks = {name: {**check, "findings": 0 if clean else check["findings"]} for name, check in CHECKS.items()}
    base: dict[str, Any] = {"pass": {"label": 4, "region": 4}}
    if not clean:
        base |= {"violation": {"image-alt": 1}, "incomplete": {"color-contrast": 1}, "explained": {"color-contrast": 1}}
    return {
        "format": 1,
        "is_whole": True,
        "started_at": (ends - timedelta(minutes=8)).isoformat(),
        "finished_at": ends.isoformat(),
        "version": "abc1234",
        "standard": "WCAG 2.2 AA",
        "engine": "axe-core 4.12.1",
        "browser": "Chromium 156",
        "languages": ["ar", "en"],
        "pages": 4,
        "scans": 12,
        "rules": RULES,
        "checks": checks,
        "unseen": [] if clean else ["left/out.html"],
        "inapplicable": {"image-alt": 3},
        "templates": {"base.html": base, "home/home.html": {"pass": {"label": 2}}},
        "findings": [] if clean else FINDINGS,
        **changes,
    }
