"""A barrier somebody reports becomes a case of its own kind, with its own level, tracked like any other."""

from __future__ import annotations

import re

import pytest

from accessibility.report import AIDS
from participation.feedback.actions.routing import route_by_rules
from participation.feedback.models import Case, RoutingRule
from participation.feedback.states import Kind, Priority, State
from portal import live_facts
from portal.bilingual import in_language
from portal.clocks.models import Clock, Metric, Policy
from portal.mail.models import OutgoingMail
from portal.organisations.models import Topic
from tests.at_once import at_once

URL = "/en/accessibility/report/"
TEXT = "The date picker cannot be reached with the keyboard."


def token_of(client, url: str = URL) -> str:
    return re.search(r'name="token" value="([^"]+)"', client.get(url).content.decode()).group(1)


@pytest.fixture
def slow(monkeypatch):
    """A person reads before sending."""
    monkeypatch.setattr("accessibility.report.FASTEST", -1)


@pytest.fixture
def send(client, world, slow):
    def post(url: str = URL, **data):
        return client.post(url, {"token": token_of(client, url), "text": TEXT, **data})

    return post


def test_it_becomes_a_case_with_priority_and_is_confirmed(client, send):
    response = send(page="/en/polls/x/", aids=["screen_reader", "other"], other_aid="Zoomer", email="a@citizen.example")
    case = Case.objects.get()
    assert (case.kind, case.priority, case.state) == (Kind.BARRIER, Priority.HIGH, State.RECEIVED)
    used = "Used for reading and operating pages: Screen reader, Another aid, Zoomer"
    assert case.text == f"About the page /polls/x/:\n\n{TEXT}\n\n{used}"
    assert (case.email, case.language) == ("a@citizen.example", "en")
    assert response["Location"].startswith(f"/en/contact/sent/{case.reference}/?key=")
    page = client.get(response["Location"]).content.decode()
    assert case.reference in page
    assert "We have your message" in page


def test_only_the_text_is_needed(client, send):
    assert send().status_code == 302
    assert Case.objects.get().text == TEXT


def test_the_level_is_its_own(world, send):
    send()
    case = Case.objects.get()
    RoutingRule.objects.create(position=90, name="barriers", kind=Kind.BARRIER, unit=world.licensing, priority="high")
    assert route_by_rules(case_id=case.pk)
    minutes = {clock.metric: clock.minutes for clock in Clock.objects.about("feedback.case", case.pk)}
    assert minutes == {Metric.ACKNOWLEDGE: 60, Metric.FIRST_REPLY: 7 * 60, Metric.RESOLUTION: 35 * 60}


@pytest.mark.parametrize(("rule", "priority"), [({"kind": ""}, Priority.HIGH), ({"kind": "barrier"}, Priority.NORMAL)])
def test_a_rule_lowers_its_priority_only_where_it_was_written_for_it(world, send, rule, priority):
    send(email="a@citizen.example")
    RoutingRule.objects.all().delete()
    RoutingRule.objects.create(position=1, name="all", unit=world.licensing, priority="normal", **rule)
    case = Case.objects.get()
    route_by_rules(case_id=case.pk)
    case.refresh_from_db()
    assert (case.unit, case.priority) == (world.licensing, priority)
    assert OutgoingMail.objects.get().to == "a@citizen.example"


def test_without_a_rule_it_waits_for_the_call_centre(send):
    send()
    route_by_rules(case_id=Case.objects.get().pk)
    assert Case.objects.unrouted().count() == 1


def test_an_arabic_report_is_arabic_throughout(client, world, slow):
    url = "/ar/accessibility/report/"
    client.post(
        url, {"token": token_of(client, url), "text": "لا يقرأ القارئ الجدول", "page": "/ar/faq/", "aids": ["braille"]}
    )
    case = Case.objects.get()
    assert case.language == "ar"
    assert case.text.startswith("عن الصفحة /faq/:")
    assert "Used" not in case.text


def test_sending_twice_is_one_case_and_the_same_confirmation(client, world, slow):
    data = {"token": token_of(client), "text": TEXT}
    first, second = client.post(URL, data), client.post(URL, data)
    assert Case.objects.count() == 1
    assert first["Location"].partition("?")[0] == second["Location"].partition("?")[0]
    assert client.get(second["Location"]).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_double_click_is_one_case_and_the_topic_is_made_once(client, world, slow):
    from django.test import Client

    data = {"token": token_of(client), "text": TEXT, "email": "a@citizen.example"}
    answers = at_once(6, lambda _number: Client().post(URL, data))
    assert {answer.status_code for answer in answers} == {302}
    assert Case.objects.count() == 1
    assert Topic.objects.filter(slug="accessibility").count() == 1


def test_the_same_words_of_the_same_person_lead_to_the_first_message(client, send):
    send(email="a@citizen.example")
    case = Case.objects.get()
    response = send(email="a@citizen.example")
    assert Case.objects.count() == 1
    assert response["Location"] == f"/en/track/?reference={case.reference}&repeated=yes"
    page = client.get(response["Location"]).content.decode()
    assert "You sent us this already today" in page
    assert case.reference in page


@pytest.mark.parametrize(
    ("data", "suspicion"),
    [({"website": "x"}, "trap"), ({"text": "http://a " * 6}, "links"), ({}, "speed")],
)
def test_what_looks_like_spam_is_held_and_not_refused(client, world, monkeypatch, data, suspicion):
    monkeypatch.setattr("accessibility.report.FASTEST", 3 if suspicion == "speed" else -1)
    response = client.post(URL, {"token": token_of(client), "text": TEXT, **data})
    case = Case.objects.get()
    assert (case.state, case.suspicion) == (State.SUSPECTED, suspicion)
    assert "A person looks at it first" in client.get(response["Location"]).content.decode()


def test_many_from_one_network_are_held_and_a_flood_waits(client, send, settings):
    settings.THROTTLES = {**settings.THROTTLES, "submit": (1, 3600), "flood": (2, 3600)}
    assert [send(text=f"{TEXT} {number}").status_code for number in range(3)] == [302, 302, 429]
    assert list(Case.objects.order_by("pk").values_list("suspicion", flat=True)) == ["", "many"]


def test_nothing_typed_is_lost_when_something_is_missing(client, send):
    response = send(text="", page="/en/faq/", aids=["voice"], email="not an address")
    html = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error:" in html
    assert 'value="/en/faq/"' in html
    assert re.search(r'value="voice"[^>]*checked', html)
    assert not Case.objects.exists()


@pytest.mark.parametrize("token", ["", "altered"])
def test_a_form_that_was_open_for_too_long_keeps_its_text(client, world, slow, token):
    response = client.post(URL, {"token": token, "text": TEXT})
    assert response.status_code == 422
    assert TEXT in response.content.decode()
    fresh = re.search(r'name="token" value="([^"]+)"', response.content.decode()).group(1)
    assert client.post(URL, {"token": fresh, "text": TEXT}).status_code == 302


def test_the_page_one_comes_from_is_filled_in(client, world):
    html = client.get(URL, {"page": "/en/faq/\u202e<b>"}).content.decode()
    assert 'value="/en/faq/&lt;b&gt;"' in html


@pytest.mark.parametrize(
    ("typed", "page"),
    [
        ("/ar/polls/x/", "/polls/x/"),
        ("the page of polls", "the page of polls"),
        ("https://elsewhere.example/x", "https://elsewhere.example/x"),
        ("http://[::1", "http://[::1"),
    ],
)
def test_the_page_is_told_without_its_language(client, send, typed, page):
    send(page=typed)
    assert Case.objects.get().text.startswith(f"About the page {page}:")


def test_a_page_of_ours_with_its_host_is_told_by_its_path(client, send, settings):
    send(page=f"{settings.SITE_URL}/en/faq/?x=1")
    assert Case.objects.get().text.startswith("About the page /faq/:")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_form_reads_without_cookie_and_states_the_level(client, world, language):
    response = client.get(f"/{language}/accessibility/report/")
    assert not response.cookies
    with in_language(language):
        assert live_facts.fact("barrier_level").value()[1:] in response.content.decode()
        for _key, label in AIDS:
            assert str(label) in response.content.decode()


def test_the_level_follows_the_service_levels(world):
    with in_language("en"):
        level = live_facts.fact("barrier_level")
        assert level.value() == (
            "an acknowledgement within 1 working hour, a first reply within 7 working hours, "
            "a solution within 35 working hours"
        )
        Policy.objects.filter(kind=Kind.BARRIER, metric=Metric.FIRST_REPLY).update(minutes=180)
        assert "a first reply within 3 working hours" in level.value()


def test_contact_us_does_not_offer_the_kind_and_leads_to_the_form(client, world):
    html = client.get("/en/contact/").content.decode()
    assert 'value="barrier"' not in html
    assert 'href="/en/accessibility/report/"' in html
    response = client.get("/en/contact/", {"kind": "barrier", "page": "/en/faq/"})
    assert response["Location"] == "/en/accessibility/report/?page=%2Fen%2Ffaq%2F"
    assert client.post("/en/contact/", {"kind": "barrier", "text": "x"}).status_code == 422


def test_it_stands_among_the_promises_and_the_desk_can_narrow_to_it(client, world, send):
    assert "Accessibility barrier" in client.get("/en/performance/").content.decode()
    send()
    client.force_login(world.triager)
    route_by_rules(case_id=Case.objects.get().pk)
    html = client.get("/admin/feedback/case/?kind=barrier").content.decode()
    assert Case.objects.get().reference in html


def test_the_call_centre_can_register_one(client, world):
    client.force_login(world.triager)
    assert 'value="barrier"' in client.get("/admin/feedback/case/register/").content.decode()
