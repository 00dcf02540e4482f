"""Reading portal/home/demo_content."""

from __future__ import annotations

import json
from typing import Any

from portal.embedded import BASE_DIR

FOLDER = BASE_DIR / "portal" / "home" / "demo_content"


def load(name: str) -> Any:
    """The content of one file, such as "cases"."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
