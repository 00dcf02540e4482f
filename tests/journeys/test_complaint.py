"""From a complaint to its answer and back, in both languages, with everything really running."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.select import Select

from participation.feedback.forms import FASTEST
from participation.feedback.models import Case, ReplyTemplate
from participation.feedback.states import State
from tests.people import PASSWORD, World, build_world
from tests.running import wait_until

pytestmark = [pytest.mark.timeout(300)]
COMPLAINT = {
    "ar": "تأخر تجديد الرخصة التجارية منذ أسبوعين رغم دفع الرسوم.",
    "en": "My trade licence renewal has been late for two weeks, though I paid the fee.",
}
NOT_SOLVED = {"ar": "لم تصلني الرخصة بعد.", "en": "The licence has still not come."}


@pytest.fixture
def world(transactional_db: None) -> World:
    world = build_world()
    ReplyTemplate.objects.create(
        name_ar="شكر", name_en="Thanks", body_ar="شكرًا {name}، جددنا الرخصة. ({reference})",
        body_en="Thank you {name}, the licence is renewed. ({reference})",
    )  # fmt: skip
    return world


def fill_in(browser: Chrome, address: str, language: str, contact: str) -> None:
    browser.get(f"{address}/{language}/contact/?kind=complaint")
    Select(browser.find_element(By.NAME, "topic")).select_by_index(1)
    browser.find_element(By.NAME, "text").send_keys(COMPLAINT[language])
    browser.find_element(By.NAME, "name").send_keys("مريم")
    browser.find_element(By.NAME, "email").send_keys(contact)
    time.sleep(FASTEST)
    browser.find_element(By.CSS_SELECTOR, "main form button[type=submit]").click()
    wait_until(lambda: "/contact/sent/" in browser.current_url)


def sign_in(browser: Chrome, address: str, username: str, language: str) -> None:
    browser.get(f"{address}/admin/login/?language={language}&next=/admin/")
    browser.find_element(By.NAME, "username").send_keys(username)
    browser.find_element(By.NAME, "password").send_keys(PASSWORD, Keys.ENTER)
    wait_until(lambda: "/login/" not in browser.current_url)


def press(browser: Chrome, css: str) -> None:
    """Press a button that leads to another page, and wait until this page has gone.

    Chromium may answer the next command from the page it is about to leave.
    """
    browser.execute_script("window.isLeft = true")
    button = wait_until(lambda: next(iter(browser.find_elements(By.CSS_SELECTOR, css)), None))
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
    button.click()
    wait_until(lambda: browser.execute_script("return !window.isLeft && document.readyState === 'complete'"))


def answer_with_template(browser: Chrome, reference: str) -> None:
    wait_until(lambda: browser.find_element(By.PARTIAL_LINK_TEXT, reference)).click()
    wait_until(lambda: browser.find_element(By.CLASS_NAME, "case-head"))
    press(browser, ".case-head form button")
    Select(browser.find_element(By.ID, "template")).select_by_index(1)
    press(browser, "form[action='#reply'] button")
    wait_until(lambda: browser.execute_script("return document.querySelector('[name=text]')?.value"))
    press(browser, "section.composer form[method=post] button")
    press(browser, "button[value=send]")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_complaint_is_answered_and_reopened(
    browser: Chrome, live_server: Any, background: None, postbox: Any, world: World, language: str
) -> None:
    address = live_server.url
    contact = f"maryam.{language}@citizen.example"
    fill_in(browser, address, language, contact)
    case = Case.objects.get()
    assert case.reference in browser.find_element(By.CSS_SELECTOR, "main h1 ~ p, .panel").text

    wait_until(lambda: Case.objects.filter(unit=world.licensing).exists())
    acknowledgement = wait_until(lambda: postbox.to(contact))[0]
    assert case.reference in acknowledgement.get_body(("plain",)).get_content()
    browser.refresh()
    assert "/due/" in browser.page_source

    sign_in(browser, address, "omar", language)
    answer_with_template(browser, case.reference)
    wait_until(lambda: Case.objects.get().state == State.ANSWERED)

    letter = wait_until(lambda: len(postbox.to(contact)) > 1 and postbox.to(contact)[1])
    text = letter.get_body(("plain",)).get_content()
    assert letter["Content-Language"] == language
    browser.get(address + re.search(r"https?://[^/\s]+(/\S+/track/\S+/)", text).group(1))
    assert case.reference in browser.find_element(By.TAG_NAME, "h1").text
    assert case.reference in browser.find_element(By.CSS_SELECTOR, ".office .user-text").text

    browser.find_element(By.NAME, "not_solved-text").send_keys(NOT_SOLVED[language])
    press(browser, "form:has(input[value=not_solved]) button")
    case = wait_until(lambda: Case.objects.filter(state=State.OPEN, cycle=2).first())
    assert case.unit == world.licensing
    assert not browser.find_elements(By.CSS_SELECTOR, "input[value=not_solved]")


def test_it_can_be_sent_and_followed_with_the_keyboard_alone(browser: Chrome, live_server: Any, world: World) -> None:
    browser.get(f"{live_server.url}/ar/")
    keys(browser, Keys.TAB, Keys.ENTER)  # the skip link comes first
    assert browser.switch_to.active_element.get_attribute("id") == "main"
    browser.get(f"{live_server.url}/ar/contact/")
    tab_to(browser, "input[name=kind]")
    keys(browser, Keys.SPACE)
    tab_to(browser, "select[name=topic]")
    keys(browser, Keys.ARROW_DOWN)
    tab_to(browser, "textarea[name=text]")
    keys(browser, COMPLAINT["ar"])
    time.sleep(FASTEST)
    tab_to(browser, "main form button[type=submit]")
    keys(browser, Keys.ENTER)
    case = wait_until(lambda: Case.objects.first())
    assert case.text == COMPLAINT["ar"]
    secret = wait_until(lambda: browser.find_elements(By.CSS_SELECTOR, ".summary .reference")[1:])[0].text
    browser.get(f"{live_server.url}/ar/track/")
    tab_to(browser, "input[name=reference]")
    keys(browser, case.reference, Keys.TAB, secret, Keys.ENTER)
    wait_until(lambda: case.reference in browser.find_element(By.TAG_NAME, "h1").text)


def keys(browser: Chrome, *pressed: str) -> None:
    for key in pressed:
        ActionChains(browser).send_keys(key).perform()


def tab_to(browser: Chrome, css: str, most: int = 60) -> None:
    """Press Tab until the element has the focus, which must be visible there."""
    for _ in range(most):
        active = browser.switch_to.active_element
        if browser.execute_script("return arguments[0].matches(arguments[1])", active, css):
            outline = active.value_of_css_property("outline-style")
            assert outline != "none", f"no visible focus on {css}"
            return
        keys(browser, Keys.TAB)
    raise AssertionError(f"{css} is not reached with Tab")


def test_it_works_without_javascript(live_server: Any, world: World) -> None:
    from tests.running import make_browser

    browser = make_browser("--blink-settings=scriptEnabled=false")
    try:
        fill_in(browser, live_server.url, "en", "noscript@citizen.example")
        assert Case.objects.get().reference in browser.page_source
    finally:
        browser.quit()
