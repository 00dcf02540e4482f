"""The topic a new portal starts with: nobody's message may fail for want of a fitting one."""

from __future__ import annotations

from typing import Any


def ensure_defaults(**_kwargs: Any) -> None:
    """After a migration: where no topic exists at all, write "another topic"."""
    from portal.organisations.models import Topic

    if not Topic.objects.exists():
        Topic.objects.create(slug="other", name_ar="موضوع آخر", name_en="Another topic", position=900)
