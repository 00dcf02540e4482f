"""The twelve policies a portal starts with: there, whole, and the same in both languages as far as can be counted."""

from __future__ import annotations

import re

import pytest
from django.urls import Resolver404, resolve
from django.utils import translation

from policies.pages.first_texts import ensure_first_texts, read_text, slugs
from policies.pages.inserts import names_in, problems
from policies.pages.models import Policy, PolicyVersion
from policies.pages.twins import outline
from portal.live_facts import fact

CONTRACT = {
    "service-charter", "e-accessibility", "e-participation", "e-transformation", "open-data", "social-media",
    "service-level", "privacy", "cookies", "anti-corruption", "copyright", "terms",
}  # fmt: skip
COMING = re.compile(r"^/data/")
"""Addresses of pages that are still to be built."""


def test_there_are_the_twelve_of_the_contract():
    assert set(slugs()) == CONTRACT


@pytest.mark.parametrize("slug", sorted(CONTRACT))
@pytest.mark.parametrize("code", ["ar", "en"])
def test_a_text_is_whole_and_names_known_facts_only(slug, code):
    text = read_text(slug, code)
    assert text.title
    assert text.summary
    assert len(text.body.split()) > 300
    assert list(problems(text.body)) == []
    assert not re.search(r"^# ", text.body, re.MULTILINE), "headings begin with ##"


@pytest.mark.parametrize("slug", sorted(CONTRACT))
def test_both_languages_have_the_same_headings_and_facts(slug):
    arabic, english = read_text(slug, "ar"), read_text(slug, "en")
    assert outline(arabic.body) == outline(english.body)
    assert sorted(names_in(arabic.body)) == sorted(names_in(english.body))


@pytest.mark.parametrize("slug", sorted(CONTRACT))
@pytest.mark.parametrize("code", ["ar", "en"])
def test_its_links_lead_to_pages_there_are(slug, code):
    with translation.override(code):
        for address in re.findall(r"\]\((/[^)#?\s]*)", read_text(slug, code).body):
            if address.startswith("/.well-known/"):
                continue
            assert address.startswith(f"/{code}/"), address
            if COMING.match(address.removeprefix(f"/{code}")):
                continue
            try:
                found = resolve(address)
            except Resolver404:
                pytest.fail(f"{address} is no page")
            if found.url_name == "policy":
                assert found.kwargs["slug"] in CONTRACT


@pytest.mark.parametrize("slug", sorted(CONTRACT))
def test_arabic_texts_name_things_as_the_interface_does(slug):
    """Disposal is الإتلاف, and an accepted assessment is معتمد."""
    text = read_text(slug, "ar")
    assert not re.search("التخلص|يُتخلص|الاستمارات المقبولة", f"{text.summary} {text.body}")


@pytest.mark.django_db
def test_a_new_portal_has_them_all_in_force():
    current = PolicyVersion.objects.current().select_related("policy")
    assert {version.policy.slug for version in current} == CONTRACT
    assert {(version.number, version.author, version.reviewer) for version in current} == {(1, None, None)}


@pytest.mark.django_db
def test_making_them_again_changes_nothing(policy):
    policy.review_months = 7
    policy.save()
    ensure_first_texts()
    assert Policy.objects.get(pk=policy.pk).review_months == 7
    assert PolicyVersion.objects.count() == len(CONTRACT)


@pytest.mark.django_db
@pytest.mark.parametrize("slug", sorted(CONTRACT))
@pytest.mark.parametrize("code", ["ar", "en"])
def test_each_page_reads_well(client, slug, code):
    response = client.get(f"/{code}/policies/{slug}/")
    page = response.content.decode()
    assert response.status_code == 200
    assert read_text(slug, code).title in page
    assert "{{" not in page
    for name in names_in(read_text(slug, code).body):
        assert fact(name) is not None
    for unknown in ("not known at the moment", "غير معروف حاليًا"):
        assert unknown not in page
