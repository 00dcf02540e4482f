"""What a requester does on their own page, and supporting requests of others."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.test import Client

from opendata.data_requests import links, supporters
from opendata.data_requests.actions.answering import answer_request
from opendata.data_requests.actions.asking import withdraw_request
from opendata.data_requests.choices import Outcome, State
from opendata.data_requests.models import DataRequest, Support
from tests.opendata.data_requests.asking import (
    OWN_WORDS,
    accepted,
    answered,
    reply,
    reviewing,
    sent,
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


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_request_is_withdrawn_once(client: Client, world: World, language: str) -> None:
    asked = accepted(world)
    path = mine_of(asked, language)
    response = client.post(path, {"do": "withdraw"})
    assert response.status_code == 302
    assert 'value="withdraw"' not in text_of(client, response.url)
    assert client.post(path, {"do": "withdraw"}).status_code == 409
    asked.refresh_from_db()
    assert asked.state == State.WITHDRAWN


def test_opening_the_page_changes_nothing(client: Client, world: World) -> None:
    asked = answered(world)
    names = ("version", "state", "cycle", "due_at", "assignee", "reconsider_at")
    before = DataRequest.objects.values(*names).get(pk=asked.pk)
    text_of(client, mine_of(asked))
    assert DataRequest.objects.values(*names).get(pk=asked.pk) == before


def test_reconsideration_wants_a_reason_happens_once_and_stays_private(client: Client, world: World) -> None:
    asked = answered(world)
    path = mine_of(asked)
    assert client.post(path, {"do": "reconsider", "reason": ""}).status_code == 422
    response = client.post(path, {"do": "reconsider", "reason": f"{OWN_WORDS} not so"})
    assert response.status_code == 302
    assert f"{OWN_WORDS} not so" in text_of(client, response.url)
    again = client.post(path, {"do": "reconsider", "reason": "typed again"})
    assert again.status_code == 409
    assert "typed again" in again.content.decode()
    page = text_of(client, page_of(asked))
    assert "Being reconsidered" in page
    assert OWN_WORDS not in page


def test_an_answer_after_reconsideration_says_so_beside_the_first(client: Client, world: World) -> None:
    asked = reviewing(world)
    answer_request(asked=asked, reply=reply(Outcome.PLANNED), by=world.colleague)
    page = text_of(client, page_of(asked))
    assert "After reconsideration" in page
    assert "Data law" in page


# Support -------------------------------------------------------------------------------------------------------


def test_a_browser_supports_once_with_a_cookie_it_gets_only_then(client: Client, world: World) -> None:
    asked = accepted(world)
    path = f"{page_of(asked)}support/"
    for done in ("supported", "again", "again"):
        response = client.post(path, follow=True)
        assert response.redirect_chain[-1][0].endswith(f"?done={done}")
    asked.refresh_from_db()
    assert (asked.support_count, Support.objects.count()) == (1, 1)
    assert supporters.cookie_name() in client.cookies
    assert "supported 1 time" in text_of(client, page_of(asked))
    other = Client()
    other.post(path, follow=True)
    asked.refresh_from_db()
    assert asked.support_count == 2


def test_without_cookies_nothing_is_counted_and_it_is_said_why(client: Client, world: World) -> None:
    asked = accepted(world)
    path = f"{page_of(asked)}support/"
    assert client.post(path).status_code == 307
    response = Client().post(f"{path}?again=yes")
    assert response.status_code == 422
    assert "cookie" in response.content.decode()
    assert not Support.objects.exists()


def test_a_forged_cookie_counts_nothing(client: Client, world: World) -> None:
    asked = accepted(world)
    client.cookies[supporters.cookie_name()] = "me.0000"
    assert client.post(f"{page_of(asked)}support/").status_code == 307
    assert not Support.objects.exists()


def test_nobody_supports_what_is_not_shown_or_is_over_or_from_elsewhere(client: Client, world: World) -> None:
    unseen, over, shown = sent().asked, withdraw_request(asked=accepted(world)), accepted(world)
    assert client.post(f"{page_of(unseen)}support/").status_code == 404
    assert client.post(f"{page_of(over)}support/", follow=True).redirect_chain[-1][0].endswith("?done=over")
    assert client.get(f"{page_of(shown)}support/").status_code == 405
    answer = client.post(f"{page_of(shown)}support/", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert not Support.objects.exists()


def test_a_flood_of_supports_waits(client: Client, world: World, settings: Any) -> None:
    settings.THROTTLES = {**settings.THROTTLES, "vote": (0, 600)}
    assert client.post(f"{page_of(accepted(world))}support/").status_code == 429


def test_the_cookie_is_declared() -> None:
    from portal.cookies import cookies

    assert "supporter" in [cookie.name for cookie in cookies()]
