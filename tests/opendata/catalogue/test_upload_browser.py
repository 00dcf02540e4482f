"""Uploading in Chromium: the bar, cancelling, mistakes; and the same without JavaScript."""

from __future__ import annotations

import pytest
from django.conf import settings as portal_settings
from django.test import Client
from django.urls import reverse
from selenium.webdriver.common.by import By

from opendata.catalogue.models import Release
from opendata.catalogue.storage import store
from tests.opendata import making
from tests.running import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "population.csv"
    path.write_text(making.CSV)
    return path


@pytest.fixture
def opened(browser, live_server):
    """The page to upload for a dataset, signed in as its publisher."""
    dataset = making.make_dataset()
    house = making.house_of(dataset)

    def open_page():
        client = Client()
        client.force_login(house.publisher)
        browser.get(f"{live_server.url}/robots.txt")
        name = portal_settings.SESSION_COOKIE_NAME
        browser.add_cookie({"name": name, "value": client.cookies[name].value})
        browser.get(live_server.url + reverse("admin:catalogue_dataset_upload", args=[dataset.pk]))

    open_page()
    browser.dataset, browser.reopen = dataset, open_page
    yield browser
    browser.execute_cdp_cmd("Network.disable", {})


def text(browser):
    return browser.find_element(By.ID, "content").text


def slowly(browser, bytes_per_second):
    browser.execute_cdp_cmd("Network.enable", {})
    limits = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_per_second}
    browser.execute_cdp_cmd("Network.emulateNetworkConditions", limits)


def press(browser, css="#upload-form button[type=submit]"):
    browser.find_element(By.CSS_SELECTOR, css).click()


def test_the_script_sends_the_file_and_goes_on(opened, file):
    opened.find_element(By.NAME, "file").send_keys(str(file))
    press(opened)
    wait_until(lambda: "/release/" in opened.current_url and "/change/" in opened.current_url)
    assert "arrived whole" in opened.find_element(By.TAG_NAME, "body").text
    assert Release.objects.get().file_size == len(making.CSV)


def test_sending_can_be_cancelled_and_leaves_nothing(opened, tmp_path):
    path = tmp_path / "long.csv"
    path.write_bytes(b"a,b\n" * 1_000_000)
    slowly(opened, 300_000)
    opened.find_element(By.NAME, "file").send_keys(str(path))
    press(opened)
    bar = wait_until(lambda: opened.find_element(By.TAG_NAME, "progress"))
    assert bar.accessible_name == "Sending the file"
    wait_until(lambda: opened.find_element(By.CSS_SELECTOR, ".upload-words[role=status]").text)
    press(opened, ".uploading button")
    assert "cancelled" in wait_until(lambda: opened.find_element(By.CLASS_NAME, "upload-words")).text
    assert not opened.find_elements(By.TAG_NAME, "progress")
    assert not Release.objects.exists()
    wait_until(lambda: not list(store().work.glob("upload-*")))


def test_too_big_a_file_is_refused_before_it_is_sent(opened, file, settings):
    settings.DATASET_MAX_BYTES = 20
    opened.reopen()
    opened.find_element(By.NAME, "file").send_keys(str(file))
    press(opened)
    assert "larger than allowed" in text(opened)
    assert opened.find_element(By.CSS_SELECTOR, ".upload-words[role=alert]")


def test_what_is_wrong_is_shown_and_the_file_is_kept(opened, file):
    making.published(opened.dataset)
    opened.reopen()
    opened.find_element(By.NAME, "file").send_keys(str(file))
    press(opened)
    wait_until(lambda: "There is a problem" in text(opened))
    assert opened.switch_to.active_element.get_attribute("role") == "alert"
    assert opened.title.startswith("Error:")
    assert "has arrived and is kept" in text(opened)
    opened.find_element(By.NAME, "change_note_ar").send_keys("جديد")
    opened.find_element(By.NAME, "change_note_en").send_keys("New")
    press(opened)
    wait_until(lambda: "/change/" in opened.current_url)
    assert Release.objects.open().get().file_name == "population.csv"


def test_without_javascript_an_ordinary_form_does(opened, file):
    opened.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        opened.reopen()
        opened.find_element(By.NAME, "file").send_keys(str(file))
        press(opened)
        wait_until(lambda: "/change/" in opened.current_url)
    finally:
        opened.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert Release.objects.get().file_name == "population.csv"
