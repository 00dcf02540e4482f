"""Two versions of a policy side by side in the active language, for the public and for the reviewer."""

from __future__ import annotations

from typing import Any

from policies.pages.differences import SAME, compare, stretches
from policies.pages.inserts import describe
from policies.pages.models import PolicyVersion
from portal.richtext import escape


def comparison(old: PolicyVersion, new: PolicyVersion) -> dict[str, Any]:
    """Title, summary and text of both as one list of blocks. Live facts are named, not told."""
    rows = compare(_whole(old), _whole(new))
    return {
        "old": old,
        "new": new,
        "stretches": stretches(rows),
        "changed": sum(row.kind != SAME for row in rows),
    }


def _whole(version: PolicyVersion) -> str:
    head = f"# {escape(version.title or '')}\n\n{escape(version.summary or '')}\n\n"
    return head + describe(version.body or "")
