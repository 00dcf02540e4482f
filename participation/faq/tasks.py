from __future__ import annotations

from celery import shared_task
from django.core.cache import cache

from participation.faq.actions.opinions import count_match
from participation.faq.states import Outcome
from portal.bilingual import bare_path

A_DAY = 86_400


@shared_task(name="suggestions.used")
def suggestions_used(outcome: str, paths: list[str], form: str) -> int:
    """Count what became of suggestions shown under a form; once for each form, however often it was sent."""
    if not cache.add(f"faq:used:{outcome}:{form}", 1, A_DAY):
        return 0
    return count_match(slugs=filter(None, map(_slug, paths)), outcome=Outcome(outcome))


def _slug(path: str) -> str:
    """The entry an address leads to; suggestions of other areas are theirs to count."""
    area, _slash, slug = bare_path(path).strip("/").partition("/")
    return slug if area == "faq" else ""
