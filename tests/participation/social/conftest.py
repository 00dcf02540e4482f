"""The world with an official account, a maker of others, who keeps the register, and what its forms send."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from participation.social.actions import list_account, propose_account
from participation.social.models import Account
from portal.organisations.models import Role
from portal.staff.models import User
from tests.people import World, staff

ADD = "/admin/social/account/add/"
EDITOR = ["view_account", "add_account", "change_account", "delete_account"]


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


@pytest.fixture
def editor(world: World) -> User:
    return staff("nawal", world.licensing, Role.OFFICER, *EDITOR)


@pytest.fixture
def publisher(world: World) -> User:
    return staff("bader", world.licensing, Role.LEAD, *EDITOR, "list_account")


def typed(world: World, **changes: Any) -> dict[str, Any]:
    """The form of a proposal."""
    day = timezone.localdate()
    values = {
        "unit": world.licensing.pk, "platform": "x", "handle": "@Ministry_OM",
        "address": "https://X.com/Ministry_OM?s=20", "resolution_number": "2026/5",
        "resolution_date": (day - timedelta(days=9)).strftime("%d/%m/%Y"),
        "authorised_until": (day + timedelta(days=99)).strftime("%d/%m/%Y"), "holder_job_ar": "محرر",
        "holder_job_en": "Editor", "holder_name": "خالد", "purpose_ar": "أخبار", "purpose_en": "News",
        "audience_ar": "الكل", "audience_en": "All", "languages": ["ar", "en"], "last_post_on": "",
    }  # fmt: skip
    return {**values, **changes}


def details(world: World, **changes: Any) -> dict[str, Any]:
    """The form of a listed account."""
    values = {
        "unit": world.licensing.pk, "holder_job_ar": "أ", "holder_job_en": "b", "holder_name": "c",
        "purpose_ar": "أ", "purpose_en": "b", "audience_ar": "أ", "audience_en": "b", "languages": ["ar"],
    }  # fmt: skip
    return {**values, **changes}


def change(account: Account) -> str:
    return reverse("admin:social_account_change", args=[account.pk])


def do(account: Account, key: str) -> str:
    return reverse("admin:social_account_act", args=[account.pk, key])
