"""What hangs on requests: search, feed, site map, fact, open figures, retention."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation

from opendata.data_requests import feeds, finding, open_figures
from opendata.data_requests.actions.answering import answer_request
from opendata.data_requests.actions.asking import support_request
from opendata.data_requests.actions.work import remove_request
from opendata.data_requests.choices import Outcome
from opendata.data_requests.facts import data_request_hours
from opendata.data_requests.models import DataRequest, Support
from opendata.data_requests.retention import REQUEST
from portal.figures.registry import open_tables
from portal.mail.models import MailState, OutgoingMail
from portal.retention.disposal import dispose_due
from portal.retention.registry import rules
from tests.opendata.data_requests.asking import EMAIL, OWN_WORDS, PHONE, accepted, answered, reply, reviewing, sent
from tests.people import World
from tests.portal.retention.test_nothing_left import traces

pytestmark = pytest.mark.django_db


def test_the_search_knows_what_is_public_in_both_languages_and_nothing_else(world: World) -> None:
    asked = answered(world)
    sent()
    remove_request(asked=accepted(world), ground="spam", by=world.lead)
    found = list(finding.documents(None))
    assert [one.language for one in found] == ["ar", "en"]
    assert {one.pk for one in found} == {asked.pk}
    assert OWN_WORDS not in str(found)
    assert "Text of the answer" in found[1].text
    assert list(finding.versions([asked.pk])) == [(asked.pk, asked.version)]


def test_the_feed_tells_requests_and_answers_newest_first(client: Client, world: World) -> None:
    asked = answered(world, Outcome.PLANNED)
    sent()
    with translation.override("en"):
        entries = feeds.entries(10)
    assert [entry.key.split(":")[0] for entry in entries] == ["data_requests.answer", "data_requests.request"]
    assert entries[0].title == f"Release planned: {asked.public_title_en}"
    for language in ("ar", "en"):
        response = client.get(f"/{language}/feeds/data-requests.rss")
        assert response.status_code == 200
        body = b"".join(response) if response.streaming else response.content
        assert asked.reference in body.decode()
        assert OWN_WORDS not in body.decode()


def test_the_site_map_leads_to_the_list_and_the_form(db: None) -> None:
    assert [page.path for page in finding.pages()] == ["/data/requests/", "/data/requests/new/"]


def test_the_fact_says_what_is_promised_as_it_stands_now(db: None) -> None:
    with translation.override("en"):
        assert data_request_hours() == (
            "accepted within 14 working hours, answered within 70 working hours, reconsidered within 70 working hours"
        )
    with translation.override("ar"):
        assert "70" in data_request_hours()


def test_the_open_figures_count_by_agency_and_answer(world: World) -> None:
    answered(world)
    answered(world, Outcome.PLANNED)
    accepted(world)
    accepted(world, unit=world.other_unit)
    remove_request(asked=accepted(world), ground="spam", by=world.lead)
    names = [column.name for column in open_figures.COLUMNS]
    rows = [dict(zip(names, row, strict=True)) for row in open_figures.rows()]
    ministry, other = rows
    assert {name: ministry[name] for name in ("agency", "received", "waiting", "refused", "planned", "in_time")} == {
        "agency": "ministry", "received": 3, "waiting": 1, "refused": 1, "planned": 1, "in_time": 2,
    }  # fmt: skip
    assert ministry["median_hours"] is not None
    assert (other["received"], other["median_hours"]) == (1, None)
    assert "data-requests" in [table.slug for table in open_tables()]


def test_after_its_time_nothing_of_the_requester_is_left_and_what_is_public_stays(world: World) -> None:
    asked = reviewing(world)
    answer_request(asked=asked, reply=reply(Outcome.NOT_HELD), by=world.colleague)
    support_request(asked=asked, key="somebody")
    OutgoingMail.objects.update(state=MailState.SENT, sent_at=timezone.now())
    assert f"{REQUEST}.text" in traces(OWN_WORDS)
    dispose_due(timezone.now() + timedelta(days=366))
    assert traces(EMAIL, PHONE) == set()
    assert f"{REQUEST}.text" in traces(OWN_WORDS)
    assert not Support.objects.exists()
    dispose_due(timezone.now() + timedelta(days=3 * 365 + 1))
    assert traces(OWN_WORDS, EMAIL, PHONE) == set()
    asked.refresh_from_db()
    assert (asked.support_count, asked.outcome) == (1, Outcome.NOT_HELD)
    assert asked.events.count() == 5
    page = Client().get(f"/en/data/requests/{asked.reference}/").content.decode()
    assert asked.public_title_en in page


def test_what_is_not_finished_is_kept_and_its_secret_opens_nothing_after_disposal(world: World) -> None:
    done = sent()
    dispose_due(timezone.now() + timedelta(days=4000))
    done.asked.refresh_from_db()
    assert done.asked.disposed_at is None
    remove_request(asked=done.asked, ground="spam", by=world.triager)
    OutgoingMail.objects.update(state=MailState.SENT, sent_at=timezone.now())
    dispose_due(timezone.now() + timedelta(days=4000))
    data = {"reference": done.asked.reference, "proof": done.secret}
    assert Client().post("/en/data/requests/track/", data).status_code == 422
    assert DataRequest.objects.get().form_token.startswith("disposed-")


def test_every_rule_of_requests_is_registered() -> None:
    keys = {rule.key for rule in rules()}
    assert {"data_requests.contact", "data_requests.text", "data_requests.support", "data_requests.public"} <= keys
