"""Commitments to try things on."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from participation.outcomes.actions import publish_commitment
from participation.outcomes.models import Commitment
from tests.people import World


def make(world: World, slug: str, **fields: Any) -> Commitment:
    """A draft of the licensing unit: open longer, promised for ten days from now."""
    values = {
        "title_ar": f"تمديد ساعات العمل {slug}",
        "title_en": f"Longer hours {slug}",
        "asked_ar": "طلبتم أن تبقى المكاتب مفتوحة مساءً.",
        "asked_en": "You asked for offices to stay open in the evening.",
        "decided_ar": "تفتح المكاتب مساء **الثلاثاء**.",
        "decided_en": "Offices open on **Tuesday** evening.",
        "decision": "accepted",
        "status": "promised",
        "due_on": timezone.localdate() + timedelta(days=10),
        "unit": world.licensing,
    }
    return Commitment.objects.create(slug=slug, **{**values, **fields})


def published(world: World, slug: str, *, at: datetime | None = None, **fields: Any) -> Commitment:
    """The same, for everybody to read."""
    return publish_commitment(commitment=make(world, slug, **fields), by=world.lead, at=at)


def days_ago(days: int) -> date:
    return timezone.localdate() - timedelta(days=days)


@pytest.fixture
def commitment(world: World) -> Commitment:
    """Published a moment ago."""
    return published(world, "longer-hours")
