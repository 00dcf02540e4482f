"""The public pages: what is in force, what was, what differs, as a page and as plain text, in both languages."""

from __future__ import annotations

import re
from datetime import time, timedelta

import html5lib
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from policies.pages.models import Policy
from portal.working_days.models import WeeklyHours
from tests.policies.pages.conftest import approved, drafted, in_review, words

pytestmark = pytest.mark.django_db
PAGE = "/en/policies/service-level/"


def queries(client, url) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("code", ["ar", "en"])
def test_the_list_names_every_policy_with_its_last_review(client, code):
    page = words(client.get(f"/{code}/policies/"))
    for slug in Policy.objects.values_list("slug", flat=True):
        assert f"/{code}/policies/{slug}/" in page
    assert page.count("<time datetime=") >= 12


def test_the_list_asks_as_often_for_three_as_for_one(client, django_assert_num_queries, writer, reviewer, policy):
    before = queries(client, "/en/policies/")
    for slug in ("terms", "cookies", "privacy"):
        approved(Policy.objects.get(slug=slug), writer, reviewer)
    assert queries(client, "/en/policies/") == before


def test_the_page_says_who_answers_for_it_and_since_when(client, policy, writer, reviewer):
    approved(policy, writer, reviewer)
    page = words(client.get(PAGE))
    for expected in ("Policy of times", "When we reply.", "Licensing", "in force since", "Last reviewed",
                     'id="s-times"', "/en/policies/service-level/v/2/",
                     "/en/policies/service-level.txt", "/ar/policies/service-level/",
                     'type="application/rss+xml"', "/en/policies/service-level/history/"):  # fmt: skip
        assert expected in page, expected


def test_a_table_of_contents_leads_to_the_headings(client):
    page = words(client.get("/ar/policies/privacy/"))
    anchors = re.findall(r'<a href="#(s-[^"]+)"', page)
    assert len(anchors) >= 3
    for anchor in anchors:
        assert page.count(f'id="{anchor}"') == 1


@pytest.mark.parametrize("path", ["", "history/", "v/1/", "compare/", "v/2/"])
@pytest.mark.parametrize("code", ["ar", "en"])
def test_the_markup_is_valid_and_no_cookie_is_set(client, policy, writer, reviewer, path, code):
    approved(policy, writer, reviewer)
    response = client.get(f"/{code}/policies/service-level/{path}")
    assert response.status_code == 200
    html5lib.HTMLParser(strict=True).parse(words(response))
    assert not response.cookies
    assert words(response).count("<h1") == 1


def test_a_draft_or_a_scheduled_version_is_nobodys_to_read(client, policy, writer, reviewer):
    drafted(policy, writer)
    assert client.get(f"{PAGE}v/2/").status_code == 404
    assert client.get(f"{PAGE}v/2.txt").status_code == 404
    policy.versions.filter(number=2).delete()
    approved(policy, writer, reviewer, at=timezone.now() + timedelta(days=2))
    for path in ("v/2/", "v/2.txt"):
        assert client.get(f"{PAGE}{path}").status_code == 404
    for path in ("", "history/", "compare/"):
        assert "Policy of times" not in words(client.get(f"{PAGE}{path}"))


@pytest.mark.parametrize("path", ["nothing/", "nothing.txt", "nothing/history/", "nothing/compare/", "nothing/v/1/",
                                  "service-level/v/0/", "service-level/v/99999999999999999999/"])  # fmt: skip
def test_what_there_is_not_is_not_found(client, path):
    assert client.get(f"/en/policies/{path}").status_code == 404


def test_a_policy_nobody_has_published_is_in_no_list(client, world, writer):
    new = Policy.objects.create(slug="brand-new", unit=world.licensing)
    in_review(new, writer)
    assert client.get("/en/policies/brand-new/").status_code == 404
    assert "brand-new" not in words(client.get("/en/policies/"))


def test_it_appears_at_its_time(client, policy, writer, reviewer, monkeypatch):
    at = timezone.now() + timedelta(days=2)
    approved(policy, writer, reviewer, at=at)
    assert "Policy of times" not in words(client.get(PAGE))
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)
    assert "Policy of times" in words(client.get(PAGE))
    assert "no longer in force" in words(client.get(f"{PAGE}v/1/"))
    assert "Its figures are those of today." in words(client.get(f"{PAGE}v/1/"))


def test_an_old_version_stays_as_it_read_and_says_so(client, policy, writer, reviewer):
    from portal.clocks.models import Policy as Level

    approved(
        policy,
        writer,
        reviewer,
        body_en="## Levels\n\n{{ service_levels }}",
        body_ar="## المستويات\n\n{{ service_levels }}",
    )
    approved(policy, writer, reviewer, title_en="Third")
    Level.objects.filter(kind="inquiry", metric="first_reply").update(minutes=77 * 60)
    old, new = words(client.get(f"{PAGE}v/2/")), words(client.get(PAGE))
    assert "77 working hours" not in old
    assert "14 working hours" in old
    assert "77 working hours" in new
    assert "Its figures are those of" in old
    assert client.get(f"{PAGE}v/2/").headers["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in client.get(PAGE).headers


def test_the_history_tells_every_version_and_what_it_changed(client, policy, writer, reviewer):
    approved(policy, writer, reviewer)
    approved(policy, writer, reviewer, changes_en="Even shorter.")
    page = words(client.get(f"{PAGE}history/"))
    assert page.index("Version 3") < page.index("Version 2") < page.index("Version 1")
    for expected in ("Even shorter.", "Shorter times.", "The first version.", "?from=2&amp;to=3"):
        assert expected in page


def test_two_versions_are_compared_for_eyes_and_ears(client, policy, writer, reviewer):
    approved(policy, writer, reviewer)
    approved(policy, writer, reviewer, body_en="## Times\n\nWe always reply in time.\n\n{{ service_levels }}\n")
    page = words(client.get(f"{PAGE}compare/?from=2&to=3"))
    added = re.search(r"<ins>.*?</ins>", page)
    assert added
    assert re.sub(r"<[^>]+>", "", added[0]).split() == ["[Added:", "always", "end", "of", "addition]"]
    assert "1 paragraph differs." in page
    assert words(client.get(f"{PAGE}compare/?from=3&to=2")).count("<ins>") == 1  # older and newer in any order
    arabic = words(client.get("/ar/policies/service-level/compare/?from=٢&to=٣"))
    assert "<ins>" not in arabic


def test_a_comparison_states_no_figure_of_today_for_an_old_text(client, policy, writer, reviewer):
    body = "## Hours\n\nWe work {{ working_hours }}.\n\n"
    approved(policy, writer, reviewer, body_en=body)
    approved(policy, writer, reviewer, body_en=f"{body}And rest.")
    WeeklyHours.objects.all().update(closes=time(12, 34))
    assert "14:30" in words(client.get(f"{PAGE}v/2/"))
    assert "12:34" in words(client.get(PAGE))
    page = words(client.get(f"{PAGE}compare/?from=2&to=3"))
    text = page.split('class="differences"')[1].split("</main>")[0].split("portal-footer")[0]
    assert "We work [The working days and hours, in words]." in text
    assert "And rest." in text
    assert "named in square brackets" in page


@pytest.mark.parametrize("query", ["?from=x&to=y", "?from=9&to=9", "?from=2&to=2", "?from=-1", "?to=%00", "?from=²",
                                   "?from=99999999999999999999999"])  # fmt: skip
def test_a_wrong_choice_still_gives_a_page(client, policy, writer, reviewer, query):
    approved(policy, writer, reviewer)
    assert client.get(f"{PAGE}compare/{query}").status_code == 200


def test_one_version_has_nothing_to_be_compared_with(client):
    assert "There is one version so far" in words(client.get(f"{PAGE}compare/"))


@pytest.mark.parametrize("code", ["ar", "en"])
def test_it_can_be_read_as_plain_text(client, policy, writer, reviewer, code):
    version = approved(policy, writer, reviewer)
    response = client.get(f"/{code}/policies/service-level.txt")
    text = words(response)
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    title = getattr(version, f"title_{code}")
    assert text.startswith(f"{title}\n{'=' * len(title)}\n")
    assert f"{settings.SITE_URL}/{code}/policies/service-level/v/2/" in text
    for markup in ("{{", "](", "**", "|---", "\\"):
        assert markup not in text
    assert words(client.get(f"/{code}/policies/service-level/v/2.txt")) == text
    assert words(client.get(f"/{code}/policies/service-level/v/1.txt")) != text


def test_hostile_text_is_shown_and_not_obeyed(client, policy, writer, reviewer):
    bad = "## <img src=x onerror=alert(1)>\n\n<script>alert(1)</script> [x](javascript:alert(1)) [y](data:text/html,x)"
    approved(policy, writer, reviewer, body_en=bad, title_en="<b>Title</b>", summary_en="{{ x }} <i>s</i>")
    for path in (PAGE, f"{PAGE}v/2/", f"{PAGE}history/", f"{PAGE}compare/", "/en/policies/"):
        page = words(client.get(path))
        for tag in ("<script>alert", "<img src=x", "<b>Title", "<i>s", 'href="javascript', 'href="data:'):
            assert tag not in page, (path, tag)
        html5lib.HTMLParser(strict=True).parse(page)
    assert "<script>alert(1)</script>" in words(client.get("/en/policies/service-level.txt"))
