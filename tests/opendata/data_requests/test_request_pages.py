"""What the public sees of requests: the list, the form, one's own page, support, in both languages."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from opendata.data_requests import links
from opendata.data_requests.actions.asking import withdraw_request
from opendata.data_requests.actions.work import merge_request, remove_request
from opendata.data_requests.choices import Outcome, State
from opendata.data_requests.models import DataRequest
from opendata.inventory.models import Agency
from portal.references import new_reference
from portal.search.indexing import reindex
from tests.opendata.data_requests.asking import (
    EMAIL,
    OWN_WORDS,
    PHONE,
    accepted,
    answered,
    asset,
    sent,
    token,
    typed,
    version,
)
from tests.people import World

pytestmark = pytest.mark.django_db
NEW = "/en/data/requests/new/"


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return html.unescape(response.content.decode())


def page_of(asked: DataRequest, language: str = "en") -> str:
    return f"/{language}/data/requests/{asked.reference}/"


def mine_of(asked: DataRequest, language: str = "en") -> str:
    return f"/{language}/data/requests/track/{links.tracking_token(asked, links.AFTER_LOOKUP)}/"


# The list ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ar", "en"])
def test_an_empty_list_says_what_to_do(client: Client, db: None, language: str) -> None:
    assert f'href="/{language}/data/requests/new/"' in text_of(client, f"/{language}/data/requests/")


def test_the_list_shows_the_public_wording_and_nothing_of_the_requester(client: Client, world: World) -> None:
    asked = accepted(world)
    sent()
    for language, title in (("ar", asked.public_title_ar), ("en", asked.public_title_en)):
        page = text_of(client, f"/{language}/data/requests/")
        assert title in page
        assert page.count('class="card"') == 1
        assert OWN_WORDS not in page


def test_it_is_narrowed_by_words_state_and_agency_and_ordered_by_support(client: Client, world: World) -> None:
    refused, planned, waiting = answered(world), answered(world, Outcome.PLANNED), accepted(world)
    DataRequest.objects.filter(pk=planned.pk).update(support_count=5)
    found = {
        "?state=refused": [refused], "?state=planned": [planned], "?state=open": [waiting],
        f"?q={planned.public_title_en.rsplit(' ', 1)[1]}": [planned], "?agency=ministry": [waiting, planned, refused],
        "?sort=support": [planned, waiting, refused], "?state=released": [],
    }  # fmt: skip
    for query, wanted in found.items():
        page = text_of(client, f"/en/data/requests/{query}")
        assert re.findall(r'<h3><a href="/en/data/requests/([^/]+)/"', page) == [one.reference for one in wanted], query


@pytest.mark.parametrize("query", ["?state=x", "?agency=nobody", "?sort=age", "?state=removed"])
def test_a_choice_nobody_is_offered_is_not_found(client: Client, world: World, query: str) -> None:
    accepted(world)
    assert client.get(f"/en/data/requests/{query}").status_code == 404


def test_the_list_asks_as_often_for_three_as_for_one(client: Client, world: World) -> None:
    counts = []
    for _number in (1, 2):
        accepted(world)
        text_of(client, "/en/data/requests/")
        with CaptureQueriesContext(connection) as queries:
            text_of(client, "/en/data/requests/")
        counts.append(len(queries))
        accepted(world)
    assert counts[0] == counts[1]


def test_merged_and_removed_requests_leave_the_list_and_withdrawn_ones_say_so(client: Client, world: World) -> None:
    stays, goes, gone = accepted(world), accepted(world), accepted(world)
    merge_request(asked=goes, reference=stays.reference, by=world.officer)
    remove_request(asked=gone, ground="spam", by=world.lead)
    page = text_of(client, "/en/data/requests/")
    assert page.count('class="card"') == 1
    assert stays.reference in text_of(client, page_of(goes))
    assert gone.public_title_en not in text_of(client, page_of(gone))
    withdraw_request(asked=stays)
    assert "Withdrawn" in text_of(client, page_of(stays))


# One request ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(Outcome))
def test_the_page_tells_each_kind_of_answer_in_both_languages(client: Client, world: World, kind: str) -> None:
    made = version(world) if kind in (Outcome.RELEASED, Outcome.PARTLY) else None
    asked = answered(world, kind, version=made)
    arabic, english = text_of(client, page_of(asked, "ar")), text_of(client, page_of(asked))
    assert "نص الجواب" in arabic
    assert "Text of the answer" in english
    assert asked.events.last().text_ar in arabic
    assert asked.events.last().text_en in english
    wanted = {"refused": "Data law", "not_held": "The national statistics centre", "planned": "Planned release"}
    assert wanted.get(kind, f"/data/{made.dataset.slug}/v/1/" if made else "") in english
    assert OWN_WORDS not in arabic + english
    assert world.officer.name_en not in english


def test_it_promises_a_time_and_explains_it(client: Client, world: World) -> None:
    asked = accepted(world)
    assert f"{page_of(asked)}due/" in text_of(client, page_of(asked))
    assert "70:00" in text_of(client, f"{page_of(asked)}due/")
    assert client.get(f"{page_of(sent().asked)}due/").status_code == 404


def test_a_request_not_worded_yet_says_only_that_it_is_looked_at(client: Client, world: World) -> None:
    asked = sent().asked
    for language in ("ar", "en"):
        response = client.get(page_of(asked, language))
        assert OWN_WORDS not in response.content.decode()
        assert response.headers["X-Robots-Tag"] == "noindex"
    assert "being looked at" in text_of(client, page_of(asked))


def test_a_reference_is_read_however_it_is_typed_and_a_wrong_one_is_not_found(client: Client, world: World) -> None:
    asked = accepted(world)
    assert client.get(f"/en/data/requests/{asked.reference.lower()}/").url == page_of(asked)
    for wrong in (new_reference(), "x", "new-", "../../etc", "%00", "a" * 300):
        assert client.get(f"/en/data/requests/{wrong}/").status_code == 404


def test_reading_sets_no_cookie(client: Client, world: World) -> None:
    asked = accepted(world)
    for path in ("/en/data/requests/", page_of(asked), NEW, "/en/data/requests/track/"):
        assert not client.get(path).cookies


# Asking --------------------------------------------------------------------------------------------------------


def test_it_is_sent_and_shows_reference_and_code_once(client: Client, world: World) -> None:
    response = client.post(NEW, typed(email=EMAIL))
    assert response.status_code == 302
    asked = DataRequest.objects.get()
    page = text_of(client, response.url)
    assert asked.reference in page
    assert (asked.email, asked.state, asked.suspicion) == (EMAIL, State.RECEIVED, "")
    assert client.get(f"/en/data/requests/sent/{asked.reference}/?key=wrong").status_code == 404
    assert client.get(f"/en/data/requests/sent/{asked.reference}/").status_code == 404


def test_a_double_click_stores_one_and_leads_to_the_same_page(client: Client, world: World) -> None:
    form = typed()
    pages = [client.post(NEW, form) for _ in range(2)]
    assert DataRequest.objects.count() == 1
    assert all(text_of(client, page.url) for page in pages)


@pytest.mark.parametrize("missing", ["title", "text"])
def test_what_is_missing_is_named_and_nothing_is_lost(client: Client, world: World, missing: str) -> None:
    response = client.post(NEW, {**typed(why="for a bridge study"), missing: " "})
    page = response.content.decode()
    assert response.status_code == 422
    assert "error-summary" in page
    assert "for a bridge study" in page
    assert not DataRequest.objects.exists()


def test_a_form_open_for_too_long_is_sent_with_the_next_press(client: Client, world: World) -> None:
    old = signing.dumps({"id": "x" * 32, "at": 1.0}, salt=links.FORM_SALT)
    response = client.post(NEW, typed(token=old))
    assert response.status_code == 422
    fresh = re.search(r'name="token" value="([^"]+)"', response.content.decode())
    assert fresh
    assert client.post(NEW, typed(token=fresh[1])).status_code == 302


def test_it_is_about_the_row_of_the_inventory_the_link_names(client: Client, world: World) -> None:
    row = asset(world)
    page = text_of(client, f"{NEW}?asset={row.pk}")
    assert row.title_en in page
    assert 'name="organisation"' not in page
    client.post(f"{NEW}?asset={row.pk}", typed(seen="yes"))
    assert DataRequest.objects.get().asset == row


@pytest.mark.parametrize("key", ["0", "999999", "x", "-1", "٣", "9" * 40, "1' OR 1=1"])
def test_a_row_nobody_knows_of_is_asked_for_freely(client: Client, world: World, key: str) -> None:
    hidden = asset(world, state="inventoried", assessed_at=None)
    for value in (key, str(hidden.pk)):
        response = client.get(NEW, {"asset": value})
        assert response.status_code == 200
        assert hidden.title_en not in response.content.decode()


def test_agencies_to_choose_from_are_those_with_an_inventory(client: Client, world: World) -> None:
    Agency.objects.create(organisation=world.ministry, slug="ministry", counted_from="2026-01-01")
    page = text_of(client, NEW)
    assert "Ministry</option>" in page
    assert "Authority</option>" not in page
    client.post(NEW, typed(organisation=world.ministry.pk))
    assert DataRequest.objects.get().organisation == world.ministry


def test_what_may_answer_it_is_shown_once_before_it_is_sent(client: Client, world: World) -> None:
    asked, row = accepted(world), asset(world, title_en="Register of bridges and culverts", title_ar="سجل الجسور")
    list(reindex(["data-asset", "data-request"]))
    form = typed(title=asked.public_title_en)
    response = client.post(NEW, form)
    page = response.content.decode()
    assert response.status_code == 200
    assert page_of(asked) in page
    assert DataRequest.objects.count() == 1
    assert 'name="seen" value="yes"' in page
    assert client.post(NEW, {**form, "seen": "yes"}).status_code == 302
    response = client.post(NEW, typed(title="culverts and bridges"))
    assert f"/en/data/inventory/{row.pk}/" in response.content.decode()


def test_who_asks_for_a_row_that_is_waited_for_may_support_it_instead(client: Client, world: World) -> None:
    row = asset(world)
    waiting = sent(asset=row).asked
    response = client.post(f"{NEW}?asset={row.pk}", typed(title="zzz"))
    assert page_of(waiting) in response.content.decode()


def test_robots_and_floods_are_held_and_a_flood_of_floods_waits(client: Client, world: World, settings: Any) -> None:
    client.post(NEW, typed(website="http://spam"))
    client.post(NEW, {**typed(), "token": links.new_form_token()})
    client.post(NEW, typed(text="see " + "http://x.example " * 5))
    settings.THROTTLES = {**settings.THROTTLES, "submit": (0, 3600)}
    client.post(NEW, typed())
    held = set(DataRequest.objects.values_list("suspicion", flat=True))
    assert held == {"trap", "speed", "links", "many"}
    settings.THROTTLES = {**settings.THROTTLES, "flood": (0, 3600)}
    response = client.post(NEW, typed(text="kept words"))
    assert response.status_code == 429
    assert "kept words" in response.content.decode()


HOSTILE = [
    "<script>alert(1)</script>", "{{ 'qqq'|upper }}{% load x %}", "'; DROP TABLE x;--", "\u202eevil\x00", "= 1+1",
    "\u202e" * 50,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_inert_for_everybody(client: Client, world: World, text: str) -> None:
    response = client.post(NEW, typed(title=f"a {text}"[:200], text=f"b {text}", why=text, name=text[:100], seen="yes"))
    assert response.status_code == 302, response.content.decode()[-2000:]
    asked = DataRequest.objects.get()
    for path in (mine_of(asked), mine_of(asked, "ar"), page_of(asked)):
        page = client.get(path).content.decode()
        assert "<script>alert" not in page
        assert "\u202e" not in page
        assert "QQQ" not in page


@pytest.mark.parametrize("query", ["?q=%00", "?q=" + "a" * 5000, "?q='|&!:*", "?page=9999", "?page=x", "?q=<script>"])
def test_a_hostile_query_is_answered(client: Client, world: World, query: str) -> None:
    accepted(world)
    response = client.get(f"/en/data/requests/{query}")
    assert response.status_code == 200
    assert "<script>" not in response.content.decode()


@pytest.mark.parametrize("proof", [EMAIL.upper(), "٩٠٠٠ ٠٠١٢", "secret"])
def test_reference_and_proof_open_ones_own_page(client: Client, world: World, proof: str) -> None:
    done = sent()
    proof = done.secret if proof == "secret" else proof
    response = client.post("/en/data/requests/track/", {"reference": done.asked.reference.lower(), "proof": proof})
    assert response.status_code == 302
    assert OWN_WORDS in text_of(client, response.url)


@pytest.mark.parametrize("proof", ["wrong", "x@y.example", "90000099", "AAAA-AAAA", "-", "'", PHONE + "9"])
def test_a_wrong_proof_and_an_unknown_reference_get_the_same_answer(client: Client, world: World, proof: str) -> None:
    known = sent(email="", phone="").asked.reference
    pages = []
    for reference in (known, new_reference()):
        response = client.post("/en/data/requests/track/", {"reference": reference, "proof": proof})
        assert response.status_code == 422
        pages.append(response.content.decode().replace(reference, "REFERENCE"))
    assert pages[0] == pages[1]


def test_looking_up_is_limited(client: Client, world: World, settings: Any) -> None:
    settings.THROTTLES = {**settings.THROTTLES, "lookup": (2, 600)}
    data = {"reference": "", "proof": ""}
    assert [client.post("/ar/data/requests/track/", data).status_code for _ in range(3)] == [422, 422, 429]


def test_a_link_altered_old_or_of_another_page_opens_nothing(client: Client, world: World) -> None:
    asked = sent().asked
    old = signing.dumps({"asked": asked.pk, "until": 1}, salt=links.SALT)
    for link in (links.tracking_token(asked, links.AFTER_LOOKUP)[:-1], old, token(), "x"):
        assert client.get(f"/en/data/requests/track/{link}/").status_code == 404
