"""Staff sign-in: locked by user name and address together, through proxies that are trusted and others."""

from __future__ import annotations

from typing import Any

import pytest
from axes.models import AccessAttempt
from django.test import Client

from tests.people import PASSWORD, World

pytestmark = pytest.mark.django_db
LOGIN = "/admin/login/"
PROXY, HOME, ELSEWHERE = "10.0.0.5", "5.36.1.1", "5.36.2.2"


def attempt(password: str = "wrong", name: str = "omar", language: str = "", **headers: str) -> Any:
    address = LOGIN + (f"?language={language}" if language else "")
    return Client().post(address, {"username": name, "password": password}, **headers)


def lock(**headers: str) -> Any:
    for _number in range(5):
        answer = attempt(**headers)
    return answer


def test_it_locks_after_five_failures_and_says_for_how_long(world: World) -> None:
    assert lock(REMOTE_ADDR=HOME).status_code == 429
    answer = attempt(PASSWORD, REMOTE_ADDR=HOME, language="en")
    assert answer.status_code == 429
    assert "half an hour" in answer.content.decode()


def test_it_says_so_in_the_language_of_the_page(world: World) -> None:
    lock(REMOTE_ADDR=HOME)
    html = attempt(PASSWORD, REMOTE_ADDR=HOME).content.decode()
    assert 'lang="ar" dir="rtl"' in html


def test_a_lock_shuts_out_neither_another_address_nor_another_person(world: World) -> None:
    lock(REMOTE_ADDR=HOME)
    assert attempt(PASSWORD, REMOTE_ADDR=ELSEWHERE).status_code == 302
    assert attempt(PASSWORD, name="layla", REMOTE_ADDR=HOME).status_code == 302


def test_success_forgets_the_failures(world: World) -> None:
    for _number in range(4):
        attempt(REMOTE_ADDR=HOME)
    assert attempt(PASSWORD, REMOTE_ADDR=HOME).status_code == 302
    for _number in range(4):
        assert attempt(REMOTE_ADDR=HOME).status_code == 200


def test_behind_a_trusted_proxy_it_counts_the_visitors_own_address(world: World, settings: Any) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    lock(REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=HOME)
    assert attempt(PASSWORD, REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=HOME).status_code == 429
    assert attempt(PASSWORD, REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=ELSEWHERE).status_code == 302
    assert set(AccessAttempt.objects.values_list("ip_address", flat=True)) == {HOME}


def test_a_forged_header_opens_no_second_count(world: World, settings: Any) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    for number in range(5):
        answer = attempt(REMOTE_ADDR=HOME, HTTP_X_FORWARDED_FOR=f"1.2.3.{number}")
    assert answer.status_code == 429
    for number in range(5):
        forged = f"9.9.9.{number}, {ELSEWHERE}"  # what the visitor wrote, then what the proxy saw
        answer = attempt(REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=forged)
    assert answer.status_code == 429


def test_the_sign_in_page_tells_nothing_of_who_exists(world: World) -> None:
    known = attempt(language="en").content.decode()
    unknown = attempt(name="nobody", language="en").content.decode()
    assert "The user name or password is not right" in known
    assert "The user name or password is not right" in unknown
    world.officer.is_staff = False
    world.officer.save()
    assert "The user name or password is not right" in attempt(PASSWORD, language="en").content.decode()


@pytest.mark.parametrize(("language", "direction", "other"), [("ar", "rtl", "en"), ("en", "ltr", "ar")])
def test_the_sign_in_page_has_a_heading_and_the_other_language(
    db: None, language: str, direction: str, other: str
) -> None:
    html = Client().get(f"{LOGIN}?language={language}").content.decode()
    assert html.count("<h1") == 1
    assert f'lang="{language}" dir="{direction}"' in html
    assert f"?language={other}" in html
