from __future__ import annotations

from celery import shared_task

from portal.search import indexing, spelling
from portal.search.models import Word


@shared_task(name="search.index")
def index(kind: str, *keys: str) -> int:
    """Index these objects as they are now."""
    return indexing.index(kind, keys)


@shared_task(name="search.refresh")
def refresh() -> int:
    """Find what appeared, changed or went since; learn the words of a portal that has none yet."""
    found = indexing.refresh()
    if found and not Word.objects.exists():
        spelling.learn()
    return found


@shared_task(name="search.refresh_thoroughly")
def refresh_thoroughly() -> int:
    """Compare every page with its index entry, and learn the words anew."""
    found = indexing.refresh(thorough=True)
    spelling.learn()
    return found
