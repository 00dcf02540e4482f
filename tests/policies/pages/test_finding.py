"""How policies are found: what the search shows of them, and what that costs."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from policies.pages.finding import SOURCE, documents, shown, versions
from policies.pages.inserts import names_in
from policies.pages.models import Policy, PolicyVersion
from portal.clocks.models import Policy as Level
from portal.organisations.models import Organisation
from portal.search import indexing
from portal.search.models import SearchEntry
from portal.search.query import search
from tests.policies.pages.conftest import approved

pytestmark = pytest.mark.django_db
BODY = "## Animals\n\nThe quokka {word} works {{{{ working_hours }}}}.\n\n{{{{ service_levels }}}}\n"
LEVEL = "14 working hours"


def about(policy: Policy, writer: Any, reviewer: Any, word: str = "sleeps") -> PolicyVersion:
    return approved(policy, writer, reviewer, body_en=BODY.format(word=word))


@pytest.fixture
def three(policy: Policy, writer: Any, reviewer: Any) -> list[PolicyVersion]:
    """Three policies in force that name a quokka, one of them a platypus as well."""
    others = [about(Policy.objects.get(slug=slug), writer, reviewer) for slug in ("terms", "cookies")]
    found = [about(policy, writer, reviewer, word="platypus"), *others]
    indexing.refresh()
    return found


def cost(question: str, results: int) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert len(search(question, language="en").results) == results
    return len(captured)


def test_the_search_knows_the_version_in_force_with_its_figures(policy, writer, reviewer):
    assert len(list(documents(None))) == 24
    approved(policy, writer, reviewer)
    arabic, english = documents([policy.pk])
    assert (arabic.language, arabic.title, english.title) == ("ar", "سياسة المدد", "Policy of times")
    assert "14 working hours" in english.text
    assert "{{" not in arabic.text + english.text
    assert (english.path, english.organisation) == ("/policies/service-level/", "Ministry")
    assert list(documents([987654])) == []
    assert SOURCE.model == policy._meta.label_lower


def test_finding_three_policies_asks_as_often_as_finding_one(three):
    cache.clear()
    one = cost("platypus", 1)
    cache.clear()
    assert cost("quokka", 3) == one


def test_found_again_within_a_minute_no_fact_is_asked(three):
    first = cost("quokka", 3)
    again = cost("quokka", 3)
    assert again < first
    Level.objects.all().update(minutes=77 * 60)
    assert cost("quokka", 3) == again


def test_results_show_only_the_language_they_stand_in(three):
    cache.clear()
    search("quokka", language="en")
    kept = {code: cache.get(f"policies:plain:{three[0].pk}:{code}") for code in ("ar", "en")}
    assert kept["ar"] is None
    assert "platypus" in kept["en"]
    assert [found.language for found in shown([three[0].policy_id], {"ar"})] == ["ar"]


def test_a_new_version_is_not_shown_with_the_text_of_the_old_one(three, writer, reviewer):
    search("quokka", language="en")
    about(three[0].policy, writer, reviewer, word="wombat")
    (found,) = shown([str(three[0].policy_id)], {"en"})
    assert "wombat" in found.text
    assert "platypus" not in found.text


def test_policies_are_found_without_a_cache(three, settings):
    unreachable = {"LOCATION": "redis://127.0.0.1:1/0", "OPTIONS": {"socket_connect_timeout": 0.2}}
    settings.CACHES = {"default": {**settings.CACHES["default"], **unreachable}}
    assert len(search("quokka", language="en").results) == 3


def test_what_is_indexed_has_the_figures_of_this_moment(policy):
    def english() -> str:
        return next(found.text for found in documents([policy.pk]) if found.language == "en")

    assert LEVEL in english()
    list(shown([policy.pk], {"en"}))
    Level.objects.filter(kind="inquiry", metric="first_reply").update(minutes=77 * 60)
    assert "77 working hours" in english()


def test_the_sweep_reads_again_only_the_policies_that_changed(policy):
    indexing.refresh()
    before = dict(versions(None))
    assert len(before) == 12
    assert dict(versions([policy.pk])) == {policy.pk: before[policy.pk]}
    assert indexing.refresh() == 0
    Level.objects.filter(kind="inquiry", metric="first_reply").update(minutes=77 * 60)
    after = dict(versions(None))
    current = PolicyVersion.objects.current()
    naming = {row.policy_id for row in current if "service_levels" in names_in(row.body_en)}
    assert {key for key in before if before[key] != after[key]} == naming
    assert len(naming) < 12
    assert indexing.refresh() == len(naming)
    stored = SearchEntry.objects.filter(kind="policy").values_list("key", "version")
    assert set(stored) == {(str(key), version) for key, version in after.items()}
    assert len(search("77 working hours", language="en", kind="policy").results) >= 1


def test_a_renamed_organisation_has_its_policies_indexed_again(policy):
    before = dict(versions([policy.pk]))
    Organisation.objects.filter(pk=policy.unit.organisation_id).update(name_ar="وزارة أخرى", name_en="Other ministry")
    assert dict(versions([policy.pk])) != before
