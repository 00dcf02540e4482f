"""What others show of policies: feed and site map; and the cookies they declare."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone, translation

from participation.surveys.voters import cookie_name
from policies.pages.feeds import SECTION, TOPIC, entries
from policies.pages.models import Policy
from portal.cookies import cookies
from portal.feeds.registry import topic
from tests.policies.pages.conftest import approved, signed_in, words

pytestmark = pytest.mark.django_db


def test_the_texts_a_portal_begins_with_are_no_news(policy):
    assert entries(10) == []
    assert topic("policies") is TOPIC


def test_a_new_version_is_news_once_it_is_in_force(client, policy, writer, reviewer):
    version = approved(policy, writer, reviewer)
    approved(Policy.objects.get(slug="terms"), reviewer, writer_of(policy), at=timezone.now() + timedelta(days=1))
    with translation.override("en"):
        (entry,) = entries(10)
    assert (entry.title, entry.summary) == ("Policy of times: version 2", "Shorter times.")
    assert (entry.path, entry.published_at) == ("/policies/service-level/v/2/", version.publish_at)
    assert "Policy of times: version 2" in words(client.get("/en/feeds/policies.rss"))


def writer_of(policy):
    from tests.people import staff

    return staff("another", policy.unit, "lead", "publish_policyversion")


def test_the_site_map_lists_every_policy():
    with translation.override("en"):
        (section,) = SECTION.pages()
    assert section.path == "/policies/"
    assert len(section.children) == 12


def test_every_cookie_the_portal_sets_is_declared(client, world, policy):
    from django.http import HttpResponse

    from participation.surveys.voters import new_voter, set_voter

    declared = {cookie.name for cookie in cookies()}
    staff_client = signed_in(world.administrator)
    staff_client.get("/admin/login/")
    staff_client.get("/admin/pages/policy/?language=ar")
    staff_client.post(f"/admin/pages/policy/{policy.pk}/new-version/", follow=True)
    answer = HttpResponse()
    set_voter(answer, new_voter())
    met = {*client.cookies, *staff_client.cookies, *answer.cookies}
    assert {settings.SESSION_COOKIE_NAME, cookie_name()} <= met
    assert {name.removeprefix("__Host-") for name in met} <= declared
