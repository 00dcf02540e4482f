"""Subscribing by e-mail: nobody is written to unasked, nobody learns who reads, and ending it takes one press."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import html5lib
import pytest
from django.core import signing
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from portal.audit.labels import verb_label
from portal.audit.models import AuditEvent
from portal.feeds import actions, links
from portal.feeds.models import Choice, Subscription, SubscriptionRequest
from portal.mail.models import OutgoingMail
from tests.at_once import at_once
from tests.portal.feeds.shelf import Shelf
from tests.portal.feeds.subscribers import ADDRESS, letters, link, subscribed

pytestmark = pytest.mark.django_db
TABLES = (Subscription, Choice, SubscriptionRequest, OutgoingMail)


def ask(client: Client, *topics: str, email: str = ADDRESS, language: str = "en") -> Any:
    return client.post(f"/{language}/feeds/subscribe/", {"email": email, "topics": topics or ("news",)})


def stored() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in TABLES]


def confirmed(client: Client, *topics: str, **changes: Any) -> Subscription:
    ask(client, *topics, **changes)
    client.post(link(letters("feeds/confirm")[-1], "confirm"))
    return Subscription.objects.get()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_asking_leads_to_the_mailbox_and_confirming_starts_it(
    client: Client, news: Shelf, polls: Shelf, language: str
) -> None:
    response = ask(client, "polls", "news", language=language)
    assert response.status_code == 302
    assert response.url == f"/{language}/feeds/subscribe/sent/"
    assert client.get(response.url).status_code == 200
    assert not Subscription.objects.exists()
    (mail,) = letters("feeds/confirm")
    assert (mail.to, mail.language) == (ADDRESS, language)
    assert "Topic polls" in mail.text
    where = link(mail, "confirm")
    assert where.startswith(f"/{language}/feeds/confirm/")
    assert "Topic polls" in client.get(where).content.decode()
    done = client.post(where)
    assert done.status_code == 302
    subscription = Subscription.objects.get()
    assert (subscription.email, subscription.language) == (ADDRESS, language)
    assert set(subscription.choices.values_list("topic", flat=True)) == {"news", "polls"}
    page = client.get(done.url).content.decode()
    assert page.count("checked") == 2
    assert 'role="status"' in page
    assert ADDRESS not in page


def test_opening_the_links_changes_nothing(client: Client, news: Shelf) -> None:
    ask(client)
    where = link(letters("feeds/confirm")[0], "confirm")
    before = stored()
    for _turn in range(3):
        assert client.get(where).status_code == 200
        assert client.head(where).status_code == 200
    assert stored() == before
    subscription = confirmed(client)
    before = stored()
    for address in (links.manage_address(subscription), links.unsubscribe_address(subscription), where):
        client.get(address.removeprefix("http://testserver"), follow=True)
        client.head(address.removeprefix("http://testserver"))
    assert stored() == before


def test_a_letter_that_is_confirmed_twice_starts_one_subscription(client: Client, news: Shelf) -> None:
    ask(client)
    where = link(letters("feeds/confirm")[0], "confirm")
    first, second, third = client.post(where), client.post(where), client.get(where)
    assert first.url == second.url == third.url
    assert Subscription.objects.count() == 1
    assert AuditEvent.objects.filter(verb="subscription.confirmed").count() == 1


def test_a_known_and_an_unknown_address_get_the_same_answer(client: Client, news: Shelf) -> None:
    subscribed("news", email=ADDRESS)
    answers = [ask(client, email=email) for email in (ADDRESS, "nobody@citizen.example")]
    assert answers[0].status_code == answers[1].status_code == 302
    assert answers[0].url == answers[1].url
    assert answers[0].headers.items() == answers[1].headers.items()
    one, other = letters("feeds/confirm")
    assert one.subject == other.subject
    hidden = re.compile(r"/confirm/[^\s\"<>]+")
    assert hidden.sub("", one.text) == hidden.sub("", other.text)


def test_asking_again_adds_topics_only_after_confirming(client: Client, news: Shelf, polls: Shelf) -> None:
    subscription = subscribed("news", email=ADDRESS, language="en")
    since = subscription.choices.get().since
    ask(client, "polls", language="ar")
    assert subscription.choices.count() == 1
    client.post(link(letters("feeds/confirm")[0], "confirm"))
    subscription.refresh_from_db()
    assert Subscription.objects.count() == 1
    assert subscription.language == "ar"
    assert dict(subscription.choices.values_list("topic", "since"))["news"] == since
    assert subscription.choices.count() == 2


@pytest.mark.parametrize(
    "typed",
    [
        {"email": "", "topics": ["news"]},
        {"email": "not an address", "topics": ["news"]},
        {"email": "a@b.example\nBcc: x@y.example", "topics": ["news"]},
        {"email": "a@b.example,c@d.example", "topics": ["news"]},
        {"email": ADDRESS},
        {"email": ADDRESS, "topics": ["nothing"]},
    ],
)
@pytest.mark.parametrize("language", ["ar", "en"])
def test_what_is_typed_wrong_comes_back_and_stores_nothing(
    client: Client, news: Shelf, typed: dict[str, Any], language: str
) -> None:
    response = client.post(f"/{language}/feeds/subscribe/", typed)
    assert response.status_code == 422
    assert 'class="error-summary"' in response.content.decode()
    assert not SubscriptionRequest.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_a_link_to_one_topic_has_it_ticked(client: Client, news: Shelf, polls: Shelf) -> None:
    page = client.get("/en/feeds/subscribe/?topic=polls").content.decode()
    assert page.count("checked") == 1
    assert re.search(r'value="polls"[^>]*checked', page)


def test_the_form_needs_no_cookie_and_takes_none_from_elsewhere(news: Shelf) -> None:
    client = Client(enforce_csrf_checks=True)
    assert ask(client).status_code == 302
    assert not client.cookies
    response = client.post("/en/feeds/subscribe/", {}, headers={"Origin": "https://evil.example"})
    assert response.status_code == 403


def test_a_mailbox_gets_a_few_letters_a_day_and_the_page_says_the_same(
    client: Client, news: Shelf, settings: Any
) -> None:
    settings.THROTTLES = {**settings.THROTTLES, "subscribe": (100, 3600)}
    for number in range(6):
        response = ask(client, "news", email=ADDRESS.upper() if number % 2 else f" {ADDRESS}")
        assert response.url == "/en/feeds/subscribe/sent/"
        SubscriptionRequest.objects.update(requested_at=timezone.now() - timedelta(minutes=10 * (number + 1)))
    assert len(letters("feeds/confirm")) == actions.MOST_LETTERS
    SubscriptionRequest.objects.update(requested_at=timezone.now() - timedelta(hours=25))
    ask(client)
    assert len(letters("feeds/confirm")) == actions.MOST_LETTERS + 1


def test_a_double_click_sends_one_letter_and_other_topics_another(client: Client, news: Shelf, polls: Shelf) -> None:
    ask(client, "news")
    ask(client, "news")
    assert len(letters("feeds/confirm")) == 1
    ask(client, "polls")
    assert len(letters("feeds/confirm")) == 2


def test_a_visitor_who_types_many_addresses_has_to_wait(client: Client, news: Shelf, settings: Any) -> None:
    settings.THROTTLES = {**settings.THROTTLES, "subscribe": (2, 3600)}
    codes = [ask(client, email=f"a{number}@citizen.example").status_code for number in range(3)]
    assert codes == [302, 302, 429]
    assert SubscriptionRequest.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_get_no_more_letters_than_one_after_the_other(news: Shelf) -> None:
    def request(number: int) -> Any:
        return actions.request_subscription(email=ADDRESS, language="en", topics=["news", f"other-{number}"])

    answers = at_once(12, request)
    assert not [each for each in answers if isinstance(each, Exception)]
    assert len(letters("feeds/confirm")) == actions.MOST_LETTERS


@pytest.mark.django_db(transaction=True)
def test_two_letters_confirmed_at_once_make_one_subscription_with_both_topics(news: Shelf, polls: Shelf) -> None:
    asked = [
        actions.request_subscription(email=ADDRESS, language="en", topics=[topic]) for topic in ("news", "polls")
    ] * 4
    answers = at_once(8, lambda number: actions.confirm_subscription(request=asked[number]))  # type: ignore[arg-type]
    assert not [each for each in answers if isinstance(each, Exception)]
    assert Subscription.objects.get().choices.count() == 2


@pytest.mark.django_db(transaction=True)
def test_confirming_while_unsubscribing_breaks_nothing(news: Shelf) -> None:
    for _turn in range(4):
        subscription = subscribed("news", email=ADDRESS)
        asked = actions.request_subscription(email=ADDRESS, language="ar", topics=["news"])
        assert asked is not None

        def act(number: int, subscription: Any = subscription, asked: Any = asked) -> None:
            if number % 2:
                actions.unsubscribe(subscription=subscription)
            else:
                actions.confirm_subscription(request=asked)

        assert at_once(4, act) == [None] * 4
        for left in Subscription.objects.all():
            actions.unsubscribe(subscription=left)
        assert not SubscriptionRequest.objects.exists()
        assert not OutgoingMail.objects.exists()


def test_topics_are_changed_by_the_link_of_a_letter(client: Client, news: Shelf, polls: Shelf) -> None:
    subscription = subscribed("news")
    where = f"/en/feeds/subscription/{links.token(links.MANAGE, subscription.pk)}/"
    empty = client.post(where, {})
    assert empty.status_code == 422
    assert list(subscription.choices.values_list("topic", flat=True)) == ["news"]
    done = client.post(where, {"topics": ["polls"]})
    assert done.status_code == 302
    assert list(subscription.choices.values_list("topic", flat=True)) == ["polls"]
    assert subscription.choices.get().since > timezone.now() - timedelta(minutes=1)
    assert 'role="status"' in client.get(done.url).content.decode()


def test_unsubscribing_deletes_the_address_wherever_it_stands(client: Client, news: Shelf, polls: Shelf) -> None:
    subscription = confirmed(client, "news")
    ask(client, "polls")
    where = links.unsubscribe_address(subscription).removeprefix("http://testserver")
    assert client.get(where).status_code == 200
    response = client.post(where)
    assert response.status_code == 200
    assert "You are unsubscribed" in response.content.decode()
    assert stored() == [[], [], [], []]
    assert ADDRESS not in str(list(AuditEvent.objects.values()))
    for again in (client.get(where), client.post(where)):
        assert again.status_code == 200
        assert "You are unsubscribed" in again.content.decode()
    assert AuditEvent.objects.filter(verb="subscription.ended").count() == 1
    manage = f"/en/feeds/subscription/{links.token(links.MANAGE, subscription.pk)}/"
    assert client.get(manage).status_code == client.post(manage, {"topics": ["news"]}).status_code == 410


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://mail.provider.example"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "cross-site", "Referer": "https://mail.provider.example/inbox"},
    ],
)
def test_a_mail_program_unsubscribes_with_one_post_from_anywhere(news: Shelf, headers: dict[str, str]) -> None:
    subscription = subscribed("news")
    client = Client(enforce_csrf_checks=True)
    response = client.post(
        links.unsubscribe_address(subscription).removeprefix("http://testserver"),
        "List-Unsubscribe=One-Click",
        content_type="application/x-www-form-urlencoded",
        headers=headers,
    )
    assert response.status_code == 200
    assert not client.cookies
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("name", ["confirm", "subscription", "unsubscribe"])
def test_an_altered_link_or_one_for_something_else_opens_nothing(client: Client, news: Shelf, name: str) -> None:
    subscription = confirmed(client)
    purposes = {"confirm": links.CONFIRM, "subscription": links.MANAGE, "unsubscribe": links.UNSUBSCRIBE}
    own = purposes.pop(name)
    wrong = [links.token(purpose, subscription.pk) for purpose in purposes.values()]
    wrong += [links.token(own, subscription.pk)[:-1], "x", str(subscription.pk), signing.Signer(salt=own).sign("x")]
    for token in wrong:
        for send in (client.get, client.post):
            response = send(f"/en/feeds/{name}/{token}/")
            assert response.status_code == 404
            assert "no longer opens" in response.content.decode()
    assert Subscription.objects.exists()


def test_a_request_is_confirmed_within_seven_days_or_not_at_all(client: Client, news: Shelf) -> None:
    ask(client)
    where = link(letters("feeds/confirm")[0], "confirm")
    SubscriptionRequest.objects.update(requested_at=timezone.now() - timedelta(days=7, minutes=1))
    assert client.get(where).status_code == client.post(where).status_code == 404
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_personal_pages_are_kept_by_nobody_and_ask_for_no_opinion(client: Client, news: Shelf, language: str) -> None:
    ask(client, language=language)
    wanted = SubscriptionRequest.objects.get()
    subscription = subscribed("news", language=language)
    for address in (
        links.confirm_address(wanted), links.manage_address(subscription), links.unsubscribe_address(subscription),
    ):  # fmt: skip
        response = client.get(address.removeprefix("http://testserver"))
        assert "no-store" in response.headers["Cache-Control"]
        assert response.headers["X-Robots-Tag"] == "noindex"
        assert "page-useful" not in response.content.decode()
        assert not response.cookies
        html5lib.HTMLParser(strict=True).parse(response.content.decode())


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_letter_that_asks_is_valid_and_repeats_nothing_typed(client: Client, news: Shelf, language: str) -> None:
    ask(client, language=language, email="win-a-prize@citizen.example")
    (mail,) = letters("feeds/confirm")
    html5lib.HTMLParser(strict=True).parse(mail.html)
    assert f'<html lang="{language}"' in mail.html
    assert mail.html.count("<h1") == 1
    assert "win-a-prize" not in mail.text + mail.html + mail.subject
    assert "\n" not in mail.subject


def test_what_is_done_is_told_in_words_and_without_the_address(client: Client, news: Shelf, polls: Shelf) -> None:
    subscription = confirmed(client)
    actions.choose_topics(subscription=subscription, topics=["polls"])
    actions.unsubscribe(subscription=subscription)
    verbs = set(AuditEvent.objects.filter(verb__startswith="subscription").values_list("verb", flat=True))
    assert verbs == {f"subscription.{what}" for what in ("requested", "confirmed", "changed", "ended")}
    assert all(verb_label(verb) != verb for verb in verbs)
    assert "citizen.example" not in str(list(AuditEvent.objects.values()))


def refused(make: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


def test_the_database_refuses_nonsense() -> None:
    subscription = subscribed("news")
    refused(lambda: subscribed("news", email=subscription.email))
    refused(lambda: Subscription.objects.filter(pk=subscription.pk).update(language="fr"))
    refused(lambda: Subscription.objects.filter(pk=subscription.pk).update(email_index=""))
    refused(lambda: Subscription.objects.filter(pk=subscription.pk).update(email=""))
    refused(lambda: Choice.objects.create(subscription=subscription, topic="news"))
    refused(lambda: Choice.objects.create(subscription=subscription, topic=""))
    good = {"email": "a@b.example", "email_index": "i", "language": "ar", "topics": ["news"]}
    refused(lambda: SubscriptionRequest.objects.create(**{**good, "topics": []}))
    refused(lambda: SubscriptionRequest.objects.create(**{**good, "email_index": ""}))
    refused(lambda: SubscriptionRequest.objects.create(**good, subscription=subscription))
    SubscriptionRequest.objects.create(**good)


def test_a_subscription_is_never_left_without_topics() -> None:
    with pytest.raises(ValueError, match="topics"):
        actions.choose_topics(subscription=subscribed("news"), topics=[])
