"""Citizens answer in a real browser: with a mouse, by keyboard without JavaScript, without cookies, and later again."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver import Chrome
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from participation.surveys.actions.counting import count_closed
from participation.surveys.models import Answer, Ballot, Draft, Questionnaire
from tests.journeys.test_complaint import keys, press, tab_to
from tests.people import World, build_world
from tests.questionnaires import FULL, cast, make_poll, make_survey, opened, over, question
from tests.running import CHROMIUM_FLAGS, make_browser, wait_until

pytestmark = [pytest.mark.timeout(300)]
WITHOUT_SCRIPT = "--blink-settings=scriptEnabled=false"
SEND = "main form button[type=submit]"


@pytest.fixture
def world(transactional_db: None) -> World:
    return build_world()


@pytest.fixture
def new_browser() -> Iterator[Callable[..., Chrome]]:
    """Browsers of their own, each with an empty profile."""
    made: list[Chrome] = []

    def make(*flags: str) -> Chrome:
        made.append(make_browser(*flags))
        return made[-1]

    yield make
    for browser in made:
        browser.quit()


def heading(browser: Chrome) -> str:
    return browser.find_element(By.TAG_NAME, "h1").text


def choose(browser: Chrome, label: str) -> None:
    """Click the words of a choice."""
    browser.find_element(By.XPATH, f"//label[normalize-space(.)='{label}']").click()


EVENING = {"ar": "خيار Evening", "en": "Evening"}


def vote_from_the_list(browser: Chrome, address: str) -> None:
    """Two clicks: the choice, and Vote."""
    browser.get(f"{address}/polls/")
    choose(browser, EVENING[address[-2:]])
    press(browser, SEND)
    wait_until(lambda: "/polls/hours/" in browser.current_url and heading(browser))


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_vote_in_two_clicks_and_no_second_one(browser: Chrome, live_server: Any, world: World, language: str) -> None:
    opened(make_poll(world, slug="hours"))
    vote_from_the_list(browser, f"{live_server.url}/{language}")
    assert browser.current_url.endswith("/polls/hours/?voted=1")
    assert browser.find_elements(By.CSS_SELECTOR, ".panel h1")
    assert Answer.objects.get().option.label_en == "Evening"
    vote_from_the_list(browser, f"{live_server.url}/{language}")
    assert not browser.find_elements(By.CSS_SELECTOR, ".panel")
    assert browser.find_elements(By.CSS_SELECTOR, "main a[href$='/polls/hours/link/']")
    assert Ballot.objects.count() == 1


def fill_by_keyboard(browser: Chrome, survey: Questionnaire) -> None:
    """Answer all five pages of somebody who used the service, touching the keyboard only."""
    at = {text: f"q{question(survey, text).pk}" for text in FULL}
    tab_to(browser, f"input[name={at['used']}]")
    keys(browser, Keys.SPACE)
    tab_to(browser, f"input[name={at['channels']}]")
    keys(browser, Keys.SPACE)
    go_on(browser)
    tab_to(browser, f"input[name={at['ease']}]")
    keys(browser, Keys.SPACE, Keys.ARROW_RIGHT)
    for row in question(survey, "aspects").rows.all():
        tab_to(browser, f"input[name={at['aspects']}_row_{row.pk}]")
        keys(browser, Keys.SPACE)
    go_on(browser)
    tab_to(browser, f"input[name={at['visits']}]")
    keys(browser, "١٢", Keys.TAB, "31/1/2026")
    go_on(browser)
    for place, option in enumerate(question(survey, "wishes").options.all(), start=1):
        tab_to(browser, f"select[name={at['wishes']}_rank_{option.pk}]")
        keys(browser, str(place))
    go_on(browser)
    tab_to(browser, "select[name=governorate]")
    keys(browser, Keys.ARROW_DOWN)
    go_on(browser)


def go_on(browser: Chrome) -> None:
    """Tab to Continue, press Enter, and wait for the next page."""
    before = browser.current_url
    tab_to(browser, "button[value=next]")
    keys(browser, Keys.ENTER)
    wait_until(lambda: browser.current_url != before)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_five_pages_by_keyboard_without_javascript(
    new_browser: Any, live_server: Any, world: World, language: str
) -> None:
    survey = opened(make_survey(world, slug="services"))
    browser = new_browser(WITHOUT_SCRIPT)
    browser.get(f"{live_server.url}/{language}/surveys/services/")
    tab_to(browser, SEND)
    keys(browser, Keys.ENTER)
    wait_until(lambda: browser.current_url.endswith("/1/"))
    fill_by_keyboard(browser, survey)
    assert browser.current_url.endswith("/review/")
    assert "31" in browser.find_element(By.TAG_NAME, "main").text
    tab_to(browser, SEND)
    keys(browser, Keys.ENTER)
    wait_until(lambda: "/thanks/" in browser.current_url)
    ballot = Ballot.objects.get()
    assert (ballot.language, ballot.governorate) == (language, "muscat")
    assert Answer.objects.get(question__text_en="visits").number == 12
    assert not Answer.objects.filter(question__text_en="why").exists()
    assert not Draft.objects.exists()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_answers_are_resumed_by_link_in_another_browser(
    browser: Chrome, new_browser: Any, live_server: Any, world: World, language: str
) -> None:
    survey = opened(make_survey(world, slug="services"))
    why = f"q{question(survey, 'why').pk}"
    browser.get(f"{live_server.url}/{language}/surveys/services/")
    press(browser, SEND)
    wait_until(lambda: browser.current_url.endswith("/1/"))
    choose(browser, {"ar": "خيار No", "en": "No"}[language])
    press(browser, "button[value=next]")
    wait_until(lambda: browser.current_url.endswith("/3/"))
    browser.find_element(By.NAME, why).send_keys("بعيد")
    press(browser, "button[value=save]")
    wait_until(lambda: browser.current_url.endswith("/saved/"))
    link = browser.find_element(By.ID, "resume-link").get_attribute("value")

    other = new_browser()
    other.get(link)
    assert other.current_url.endswith("/3/")
    assert other.find_element(By.NAME, why).get_attribute("value") == "بعيد"
    for _ in range(4):
        press(other, "button[value=next]")
    press(other, SEND)
    wait_until(lambda: "/thanks/" in other.current_url)
    assert Answer.objects.get(question__text_en="why").text == "بعيد"


def refusing_cookies() -> Chrome:
    """A browser whose owner lets no site keep anything."""
    options = webdriver.ChromeOptions()
    for flag in CHROMIUM_FLAGS:
        options.add_argument(flag)
    options.add_experimental_option("prefs", {"profile.default_content_setting_values.cookies": 2})
    options.binary_location = shutil.which("chromium") or shutil.which("chromium-browser") or "google-chrome"
    driver = shutil.which("chromedriver")
    return webdriver.Chrome(options=options, service=Service(driver) if driver else Service())


def test_who_refuses_cookies_votes_by_a_letter(live_server: Any, background: None, postbox: Any, world: World) -> None:
    opened(make_poll(world, slug="hours"))
    browser = refusing_cookies()
    try:
        browser.get(f"{live_server.url}/en/polls/hours/")
        choose(browser, "Evening")
        press(browser, SEND)
        wait_until(lambda: "check=1" in browser.current_url)
        assert heading(browser) == "Your browser keeps no cookies"
        assert "Evening" in browser.find_element(By.TAG_NAME, "main").text
        browser.find_element(By.NAME, "email").send_keys("maryam@citizen.example", Keys.ENTER)
        letter = wait_until(lambda: postbox.to("maryam@citizen.example"), seconds=60)[0]
        assert not Ballot.objects.exists()
        path = re.search(r"https?://[^/\s]+(/\S+grant=\S+)", letter.get_body(("plain",)).get_content()).group(1)
        browser.get(live_server.url + path)
        choose(browser, "Evening")
        press(browser, SEND)
        wait_until(lambda: "voted=1" in browser.current_url)
        assert Ballot.objects.get().source == "mail"
    finally:
        browser.quit()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_results_are_read_after_closing_and_not_before(
    browser: Chrome, live_server: Any, world: World, language: str
) -> None:
    poll = opened(make_poll(world, slug="hours"))
    for label in ["Morning"] * 12 + ["Evening"] * 9:
        cast(poll, label)
    browser.get(f"{live_server.url}/{language}/polls/hours/results/")
    assert not browser.find_elements(By.CSS_SELECTOR, "main table")
    over(poll, days=0)
    count_closed()
    browser.get(f"{live_server.url}/{language}/polls/")
    browser.find_element(By.CSS_SELECTOR, "a[href$='/polls/hours/results/']").click()
    wait_until(lambda: browser.current_url.endswith("/results/"))
    figures = browser.find_element(By.TAG_NAME, "main").get_attribute("textContent")
    assert "21" in figures
    assert "12" in figures
    assert "9" in figures
