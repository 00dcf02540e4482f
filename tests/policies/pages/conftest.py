"""Who writes and reviews policies, and quick ways to have versions in each state."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from policies.pages.actions.reviewing import approve_version, submit_version
from policies.pages.actions.writing import edit_version, start_version
from policies.pages.models import Policy, PolicyVersion
from portal.organisations.models import Role
from portal.staff.models import User
from tests.people import World, staff

WRITING = ("view_policyversion", "change_policyversion")
BODY = {
    "ar": "## المدد\n\nنرد خلال المدة.\n\n{{ service_levels }}\n",
    "en": "## Times\n\nWe reply in time.\n\n{{ service_levels }}\n",
}


@pytest.fixture
def writer(world: World) -> User:
    return staff("widad", world.licensing, Role.OFFICER, *WRITING)


@pytest.fixture
def second_writer(world: World) -> User:
    return staff("waleed", world.licensing, Role.LEAD, *WRITING, "publish_policyversion")


@pytest.fixture
def reviewer(world: World) -> User:
    return staff("rahma", world.licensing, Role.LEAD, *WRITING, "publish_policyversion")


@pytest.fixture
def stranger(world: World) -> User:
    """May review, but in another unit."""
    return staff("fahad", world.other_unit, Role.LEAD, *WRITING, "publish_policyversion")


@pytest.fixture
def policy(world: World) -> Policy:
    """The first of those every portal starts with, given to the licensing unit."""
    found = Policy.objects.get(slug="service-level")
    found.unit = world.licensing
    found.save()
    return found


def texts(**changes: str) -> dict[str, str]:
    found = {
        "title_ar": "سياسة المدد", "title_en": "Policy of times",
        "summary_ar": "متى نرد.", "summary_en": "When we reply.",
        "body_ar": BODY["ar"], "body_en": BODY["en"], "changes_ar": "مدد أقصر.", "changes_en": "Shorter times.",
    }  # fmt: skip
    return {**found, **changes}


def drafted(policy: Policy, by: User, **changes: str) -> PolicyVersion:
    version, _is_new = start_version(policy=policy, by=by)
    edit_version(version=version, by=by, revision=version.revision, **texts(**changes))
    return fresh(version)


def in_review(policy: Policy, by: User, **changes: str) -> PolicyVersion:
    version = drafted(policy, by, **changes)
    submit_version(version=version, by=by)
    return fresh(version)


def approved(policy: Policy, by: User, reviewer: User, at: datetime | None = None, **changes: str) -> PolicyVersion:
    version = in_review(policy, by, **changes)
    approve_version(version=version, by=reviewer, revision=version.revision, at=at)
    return fresh(version)


def fresh(version: PolicyVersion) -> PolicyVersion:
    return PolicyVersion.objects.select_related("policy").get(pk=version.pk)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words(response: Any) -> str:
    return response.content.decode()
