"""The staff side: who sees and does what, nothing typed is lost, the second person reads the changes."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from policies.pages.actions.reviewing import submit_version, take_back_version
from policies.pages.actions.writing import edit_version
from policies.pages.models import Policy, PolicyVersion
from policies.pages.states import State
from portal.organisations.models import Role
from tests.held import aside, held_open, wait_until_blocked
from tests.people import staff
from tests.policies.pages.conftest import approved, drafted, fresh, in_review, signed_in, texts, words

pytestmark = pytest.mark.django_db
POLICIES, VERSIONS = "/admin/pages/policy/", "/admin/pages/policyversion/"


def change(version: PolicyVersion) -> str:
    return f"{VERSIONS}{version.pk}/change/"


def do(version: PolicyVersion, key: str) -> str:
    return f"{VERSIONS}{version.pk}/do/{key}/"


def typed(version: PolicyVersion, **changes: str) -> dict[str, str]:
    return {**texts(), "seen_revision": str(version.revision), **changes}


def test_a_version_goes_its_whole_way_through_the_pages(policy, writer, reviewer, client):
    author, second = signed_in(writer), signed_in(reviewer)
    response = author.post(f"{POLICIES}{policy.pk}/new-version/", follow=True)
    version = policy.versions.get(number=2)
    assert response.redirect_chain == [(change(version), 302)]
    assert author.post(change(version), typed(version)).status_code == 302
    version = fresh(version)
    assert version.title_en == "Policy of times"
    author.post(do(version, "submit"), {"revision": version.revision})
    version = fresh(version)
    assert version.state == State.IN_REVIEW
    page = words(second.get(do(version, "approve")))
    assert 'lang="ar" dir="rtl"' in page
    assert page.count("<ins>") > 1
    second.post(do(version, "approve"), {"revision": version.revision, "when": "now"})
    assert fresh(version).state == State.PUBLISHED
    assert "Policy of times" in words(client.get("/en/policies/service-level/"))


def test_it_is_scheduled_for_a_day_typed_in_any_digits(policy, writer, reviewer):
    version = in_review(policy, writer)
    data = {"revision": version.revision, "when": "later", "day": "٣١/١/٢٠٩٩", "time": "٧:٣٠"}
    signed_in(reviewer).post(do(version, "approve"), data)
    version = fresh(version)
    assert version.state == State.SCHEDULED
    assert f"{version.publish_at.astimezone():%Y}" == "2099"


@pytest.mark.parametrize(
    ("data", "message"),
    [({"when": "later"}, "Write the day."), ({"when": "later", "day": "1/1/2020", "time": "10:00"}, "has passed"),
     ({"when": "later", "day": "1/1/2099", "time": "25:00"}, "hours and minutes")],
)  # fmt: skip
def test_a_day_that_makes_no_sense_is_refused(policy, writer, reviewer, data, message):
    version = in_review(policy, writer)
    response = signed_in(reviewer).post(do(version, "approve"), {"revision": version.revision, **data})
    assert response.status_code == 422
    assert message in words(response)


def test_the_author_is_told_that_somebody_else_reviews(policy, second_writer):
    version = in_review(policy, second_writer)
    browser = signed_in(second_writer)
    assert "Somebody else reviews it." in words(browser.get(change(version)))
    assert browser.get(do(version, "approve")).status_code == 403
    assert browser.post(do(version, "approve"), {"revision": version.revision, "when": "now"}).status_code == 403


def test_an_unknown_live_fact_is_refused_and_nothing_typed_is_lost(policy, writer):
    version = drafted(policy, writer)
    response = signed_in(writer).post(change(version), typed(version, body_en="Long words. {{ nonsense }}"))
    page = words(response)
    assert "No live fact is called “nonsense”" in page
    assert "Long words. {{ nonsense }}" in page
    assert fresh(version).body_en == version.body_en


def test_the_form_lists_the_live_facts(policy, writer):
    page = words(signed_in(writer).get(change(drafted(policy, writer))))
    assert "{{ working_hours }}" in page
    assert "{{ retention_periods }}" in page


def test_the_second_of_two_editors_sees_what_the_first_changed(policy, writer, second_writer):
    version = drafted(policy, writer)
    data = typed(version, title_en="From the second")
    edit_version(version=version, by=second_writer, revision=version.revision, title_en="From the first")
    response = signed_in(writer).post(change(version), data)
    page = words(response)
    assert response.status_code == 409
    assert "From the first" in page
    assert "From the second" in page
    assert fresh(version).title_en == "From the first"
    again = {**data, "seen_revision": re.search(r'name="seen_revision" value="(\d+)"', page)[1]}
    assert signed_in(writer).post(change(version), again).status_code == 302
    assert fresh(version).title_en == "From the second"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["edit", "submit"])
def test_a_text_saved_while_another_is_being_stored_is_shown_again(policy, writer, second_writer, step):
    version = drafted(policy, writer)
    data, browser = typed(version, title_en="From the second"), signed_in(writer)

    def first() -> None:
        edit_version(version=version, by=second_writer, revision=version.revision, title_en="From the first")
        if step == "submit":
            submit_version(version=version, by=second_writer)

    with held_open(first):
        saving = aside(lambda: browser.post(change(version), data))
        wait_until_blocked()
    response = saving.result(30)
    assert response.status_code == 409
    assert "From the second" in words(response)
    assert fresh(version).title_en == "From the first"


@pytest.mark.parametrize("seen", ["", "x", "²", "9" * 5_000])
def test_a_revision_that_makes_no_sense_is_a_conflict(policy, writer, seen):
    version = drafted(policy, writer)
    data = typed(version, title_en="Typed for an hour.", seen_revision=seen)
    response = signed_in(writer).post(change(version), data)
    assert response.status_code == 409
    assert "Typed for an hour." in words(response)


def test_a_text_for_a_version_in_review_is_shown_again(policy, writer):
    version = drafted(policy, writer)
    data = typed(version, body_en="Typed for an hour.")
    submit_version(version=version, by=writer)
    response = signed_in(writer).post(change(version), data)
    assert response.status_code == 409
    assert "Typed for an hour." in words(response)


def test_a_remark_for_a_version_taken_back_is_shown_again(policy, writer, reviewer):
    version = in_review(policy, writer)
    data = {"revision": version.revision, "remark": "Mind the times."}
    take_back_version(version=version, by=writer)
    response = signed_in(reviewer).post(do(version, "return"), data)
    assert response.status_code == 409
    assert "Mind the times." in words(response)


def test_it_says_what_is_missing_before_review(policy, writer):
    version = drafted(policy, writer, body_ar="", changes_en="")
    response = signed_in(writer).post(do(version, "submit"), {"revision": version.revision})
    assert response.status_code == 422
    assert "Before it goes to review, write: Text (Arabic), What has changed (English)." in words(response)


def test_it_says_where_the_languages_do_not_pair(policy, writer):
    version = drafted(policy, writer, body_en="## One\n\n## Two\n\n{{ call_centre }}")
    page = words(signed_in(writer).get(change(version)))
    assert "Only one language uses the live fact “call_centre”." in page
    assert "The headings do not pair" in page


@pytest.mark.parametrize("code", ["ar", "en"])
def test_the_preview_is_the_page_in_its_language_and_direction(policy, writer, code, client):
    version = drafted(policy, writer)
    url = f"{VERSIONS}{version.pk}/preview/{code}/"
    page = words(signed_in(writer).get(url))
    assert f'<html lang="{code}" dir="{"rtl" if code == "ar" else "ltr"}">' in page
    assert getattr(version, f"title_{code}") in page
    assert client.get(url).status_code == 302


def test_a_published_version_is_read_and_not_changed(policy, writer, reviewer):
    version = approved(policy, writer, reviewer)
    page = words(signed_in(writer).get(change(version)))
    assert 'name="body_ar"' not in page
    assert "نرد خلال المدة." in page
    assert signed_in(writer).post(f"{VERSIONS}{version.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_draft_is_discarded(policy, writer):
    version = drafted(policy, writer)
    assert signed_in(writer).post(f"{VERSIONS}{version.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not PolicyVersion.objects.filter(pk=version.pk).exists()


def test_staff_of_another_unit_find_nothing(policy, writer, stranger):
    version = in_review(policy, writer)
    browser = signed_in(stranger)
    for url in (f"{POLICIES}{policy.pk}/new-version/", f"{POLICIES}{policy.pk}/still-right/", do(version, "approve"),
                f"{VERSIONS}{version.pk}/preview/ar/", f"{VERSIONS}{version.pk}/compare/"):  # fmt: skip
        assert browser.get(url).status_code == 404, url
    for url in (change(version), f"{POLICIES}{policy.pk}/change/"):
        assert browser.get(url).status_code == 302, url
    assert "service-level" not in words(browser.get(POLICIES))


def test_whoever_may_only_write_neither_approves_nor_confirms(policy, writer, second_writer):
    version = in_review(policy, second_writer)
    browser = signed_in(writer)
    for url in (do(version, "approve"), do(version, "return"), f"{POLICIES}{policy.pk}/still-right/"):
        assert browser.post(url, {"revision": version.revision, "when": "now", "remark": "x"}).status_code == 403, url


def test_staff_without_permission_see_no_policies(policy, world):
    assert signed_in(world.officer).get(POLICIES).status_code == 403


def test_a_policy_found_still_right_says_so_in_public(policy, reviewer, client):
    browser = signed_in(reviewer)
    page = words(browser.get(f"{POLICIES}{policy.pk}/still-right/"))
    seen = re.search(r'name="seen" value="([^"]+)"', page)[1].replace("&#x2B;", "+")
    before = fresh(policy.versions.get()).last_reviewed
    response = browser.post(f"{POLICIES}{policy.pk}/still-right/", {"seen": seen}, follow=True)
    assert "It was reviewed today." in words(response)
    assert fresh(policy.versions.get()).last_reviewed > before
    again = browser.post(f"{POLICIES}{policy.pk}/still-right/", {"seen": seen}, follow=True)
    assert "somebody else has just reviewed it" in words(again)


def test_the_desk_shows_reviewers_what_waits(policy, writer, reviewer):
    in_review(policy, writer)
    assert "Policies to review" in words(signed_in(reviewer).get("/admin/"))
    assert "Policies to review" not in words(signed_in(writer).get("/admin/"))


def test_only_an_administrator_adds_a_policy_and_gives_it_any_unit(world, policy, reviewer):
    data = {
        "slug": "new-policy",
        "group": "service",
        "position": "5",
        "unit": world.other_unit.pk,
        "review_months": "6",
    }
    assert signed_in(reviewer).post(f"{POLICIES}add/", data).status_code == 403
    assert signed_in(world.administrator).post(f"{POLICIES}add/", data).status_code == 302
    manager = staff("manal", world.licensing, Role.LEAD, "change_policy")
    url = f"{POLICIES}{policy.pk}/change/"
    del data["slug"]
    assert "Select a valid choice" in words(signed_in(manager).post(url, data))
    assert signed_in(manager).post(url, {**data, "unit": world.licensing.pk}).status_code == 302
    assert (Policy.objects.get(pk=policy.pk).review_months, policy.slug) == (6, "service-level")


def count(browser, url: str) -> int:
    browser.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("url", [POLICIES, VERSIONS])
def test_lists_ask_as_often_for_three_as_for_one(policy, world, writer, reviewer, url):
    browser = signed_in(writer)
    one = count(browser, url)
    for slug in ("terms", "cookies"):
        other = Policy.objects.get(slug=slug)
        Policy.objects.filter(pk=other.pk).update(unit=world.licensing)
        other.refresh_from_db()
        approved(other, writer, reviewer)
        drafted(other, writer)
    assert count(browser, url) == one


@pytest.mark.parametrize("query", ["?state=draft", "?state=in_review", "?state=scheduled", "?state=published",
                                   "?state=superseded", "?state=zz", "?q=times"])  # fmt: skip
def test_versions_are_filtered_by_state(policy, writer, query):
    drafted(policy, writer)
    assert signed_in(writer).get(f"{VERSIONS}{query}").status_code == 200


def test_policies_are_filtered_by_review(world):
    browser = signed_in(world.administrator)
    assert "/change/" in words(browser.get(POLICIES)).split('id="content-main"')[1]
    assert "/change/" not in words(browser.get(f"{POLICIES}?review=due")).split('id="content-main"')[1]
    assert browser.get(f"{POLICIES}?group=rights&q=privacy").status_code == 200
