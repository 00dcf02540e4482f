"""An editor builds a poll in a real browser, in her language, and it is on the home page at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from participation.surveys.models import Questionnaire
from portal.organisations.models import Role
from tests.journeys.test_complaint import press
from tests.people import PASSWORD, World, build_world, staff
from tests.running import wait_until

pytestmark = [pytest.mark.timeout(300)]
PERMISSIONS = ["view_questionnaire", "add_questionnaire", "change_questionnaire", "schedule_questionnaire"]
SAVE = "#content form.composer button[type=submit]"


@pytest.fixture
def world(transactional_db: None) -> World:
    return build_world()


def fill(browser: Chrome, **values: str) -> None:
    for name, text in values.items():
        field = browser.find_element(By.NAME, name)
        field.clear()
        field.send_keys(text)


def sign_in(browser: Chrome, address: str, name: str) -> None:
    browser.get(f"{address}/admin/login/")
    fill(browser, username=name, password=PASSWORD)
    press(browser, "#login-form button, #login-form input[type=submit]")
    wait_until(lambda: "/login/" not in browser.current_url)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_poll_from_the_empty_form_to_the_home_page(
    browser: Chrome, live_server: Any, world: World, language: str
) -> None:
    staff("badr", world.licensing, Role.LEAD, *PERMISSIONS, language=language)
    sign_in(browser, live_server.url, "badr")
    browser.get(f"{live_server.url}/admin/surveys/questionnaire/add/")
    assert browser.find_element(By.TAG_NAME, "html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    now = timezone.localtime()
    Select(browser.find_element(By.NAME, "kind")).select_by_value("poll")
    Select(browser.find_element(By.NAME, "unit")).select_by_index(1)
    fill(
        browser, slug="evening-hours", title_ar="ساعات المساء", title_en="Evening hours",
        opens_at_0=(now - timedelta(days=1)).strftime("%Y-%m-%d"), opens_at_1="08:00",
        closes_at_0=(now + timedelta(days=9)).strftime("%Y-%m-%d"), closes_at_1="14:30",
    )  # fmt: skip
    press(browser, "input[name=_save]")
    wait_until(lambda: "/questions/add/" in browser.current_url)
    fill(
        browser, text_ar="أي مساء يناسبكم؟", text_en="Which evening suits you?", options_ar="الأحد\nالاثنين",
        options_en="Sunday\nMonday",
    )  # fmt: skip
    press(browser, SAVE)
    wait_until(lambda: browser.find_elements(By.CSS_SELECTOR, "input[name=do][value=schedule]"))
    press(browser, "form:has(input[value=schedule]) button")
    wait_until(lambda: Questionnaire.objects.filter(slug="evening-hours", state="scheduled").exists())
    browser.get(f"{live_server.url}/{language}/")
    words = {"ar": "أي مساء يناسبكم؟", "en": "Which evening suits you?"}[language]
    assert words in browser.find_element(By.TAG_NAME, "main").text
