"""The results that came with this release, taken over where they are newer than what the database holds."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from pathlib import Path
from typing import Any

from accessibility.actions import UnknownFormat, store_audit

RESULTS = Path(__file__).resolve().parent / "results" / "latest.json"
logger = logging.getLogger(__name__)


def read_results(path: Path = RESULTS) -> dict[str, Any]:
    """The document of an audit. Raises OSError or ValueError where there is none to read."""
    return json.loads(path.read_text(encoding="utf-8"))


def load_release(path: Path = RESULTS) -> Any:
    """Store the audit of this release, unless one as new is stored; gives the audit stored, or None."""
    from accessibility.models import Audit

    document = read_results(path)
    latest = Audit.objects.latest()
    if latest and latest.finished_at >= datetime.fromisoformat(document["finished_at"]):
        return None
    return store_audit(document=document)


def after_migration(plan: Any = None, **_kwargs: Any) -> None:
    """Load it when `migrate` has run. A flush of the database tells the same signal, but has no plan."""
    if plan is None or not RESULTS.exists():
        return
    try:
        load_release()
    except (UnknownFormat, ValueError, KeyError) as error:
        logger.warning("the accessibility results of this release were not read: %s", error)
