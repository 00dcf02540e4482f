"""Entries for the tests of the questions and answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from participation.faq.actions.editing import publish_entry, write_entry
from participation.faq.models import Entry
from tests.people import World

MakeEntry = Callable[..., Entry]
RENEWAL = {
    "slug": "renew-registration",
    "question_ar": "كيف أجدد السجل التجاري؟",
    "question_en": "How do I renew my commercial registration?",
    "answer_ar": "يُجدَّد إلكترونيًا بالبطاقة الشخصية، ويلزم عقد إيجار ساري المفعول.",
    "answer_en": "It is renewed online with your identity card. The **lease** must be valid.",
}


@pytest.fixture
def make_entry(world: World) -> MakeEntry:
    """A published entry of the licensing unit; with `draft=True` it is left unpublished."""

    def make(draft: bool = False, **changes: Any) -> Entry:
        values = {**RENEWAL, "topic": world.topic, "unit": world.licensing, **changes}
        entry = write_entry(entry=Entry(**values), by=None)
        if not draft:
            publish_entry(entry=entry, by=None)
        return Entry.objects.get(pk=entry.pk)

    return make


def lamp(**changes: Any) -> dict[str, Any]:
    """Another entry's texts."""
    return {
        "slug": "street-light",
        "question_ar": "عمود الإنارة معطل، فكيف أبلغ عنه؟",
        "question_en": "The street light is out. How do I report it?",
        "answer_ar": "أرسلوا إلينا رقم العمود.",
        "answer_en": "Send us the number of the lamp post.",
        **changes,
    }
