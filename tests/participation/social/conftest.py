"""The world with an official account, and a maker of others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from participation.social.actions import list_account, propose_account
from participation.social.models import Account
from tests.people import World


def content(world: World, **changes: Any) -> dict[str, Any]:
    today = timezone.localdate()
    values = {
        "platform": "x", "handle": "Ministry_OM", "address": "https://x.com/Ministry_OM", "unit": world.licensing,
        "holder_job_ar": "محرر", "holder_job_en": "Editor", "holder_name": "خالد البلوشي",
        "resolution_number": "2026/5", "resolution_date": today - timedelta(days=100),
        "authorised_until": today + timedelta(days=200), "purpose_ar": "أخبار الرخص", "purpose_en": "News of licences",
        "audience_ar": "أصحاب الأعمال", "audience_en": "Owners of businesses", "languages": ["ar", "en"],
        "last_post_on": today,
    }  # fmt: skip
    return {**values, **changes}


@pytest.fixture
def propose(world: World) -> Callable[..., Account]:
    def make(**changes: Any) -> Account:
        return propose_account(by=world.officer, **content(world, **changes))

    return make


@pytest.fixture
def listed(world: World, propose: Callable[..., Account]) -> Callable[..., Account]:
    """Make a listed account; dates that a listing would refuse are set behind its back."""

    def make(**changes: Any) -> Account:
        until = changes.pop("authorised_until", None)
        listed_days_ago = changes.pop("listed_days_ago", 0)
        account = list_account(account=propose(**changes), by=world.lead)
        behind = {"listed_at": timezone.now() - timedelta(days=listed_days_ago)}
        if until:
            behind["authorised_until"] = until
        Account.objects.filter(pk=account.pk).update(**behind)
        account.refresh_from_db()
        return account

    return make
