"""From an agency's file to a signed download, and from a wish to its reference, with everything really running."""

from __future__ import annotations

import csv
import hashlib
import json
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from opendata.catalogue.choices import Stage
from opendata.catalogue.models import Release, Version
from opendata.data_requests.forms import FASTEST
from opendata.data_requests.models import DataRequest
from portal.staff.models import User
from tests.journeys.test_complaint import press, sign_in
from tests.opendata import making
from tests.people import World, build_world
from tests.running import wait_until

pytestmark = [pytest.mark.timeout(300), pytest.mark.parametrize("language", ["ar", "en"])]
ROWS = [("السنة", "المحافظة", "عدد السكان"), ("٢٠٢٤", "مسقط", "١٥١٠٠٠٠"), ("٢٠٢٤", "ظفار", "٥٤١٠٠٠")]
SAVE = "#content form button:not([name=next])"


@pytest.fixture
def world(transactional_db: None) -> World:
    return build_world()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A table as spreadsheets save it as "Unicode text": UTF-16, semicolons, digits as in Arabic."""
    path = tmp_path / "السكان.csv"
    path.write_text("\n".join(";".join(row) for row in ROWS), encoding="utf-16")
    return path


def forget(browser: Chrome, address: str) -> None:
    """Be a stranger again. First leave a page that renews itself: asked for once more, it would set a cookie."""
    browser.get(f"{address}/robots.txt")
    browser.delete_all_cookies()


def as_staff(browser: Chrome, address: str, user: User, language: str) -> None:
    forget(browser, address)
    User.objects.filter(pk=user.pk).update(language=language)
    sign_in(browser, address, user.username, language)


def at_stage(release: Release, stage: Stage) -> None:
    wait_until(lambda: Release.objects.filter(pk=release.pk, stage=stage).exists(), 120)


def act(browser: Chrome, address: str, release: Release, verb: str) -> None:
    """From the page of a release to the page that asks, and yes."""
    browser.get(f"{address}/admin/catalogue/release/{release.pk}/change/")
    press(browser, f"#content a[href*='/do/{verb}/']")
    press(browser, SAVE)


def fetch(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=20) as answer:
        return answer.read()


def test_a_file_is_uploaded_described_approved_and_downloaded(
    browser: Chrome, live_server: Any, background: None, world: World, file: Path, language: str
) -> None:
    address, dataset = live_server.url, making.make_dataset()
    house = making.house_of(dataset)
    as_staff(browser, address, house.publisher, language)
    browser.get(f"{address}/admin/catalogue/dataset/{dataset.pk}/release/")
    browser.find_element(By.NAME, "file").send_keys(str(file))
    press(browser, "#upload-form button[type=submit]")
    wait_until(lambda: "/catalogue/release/" in browser.current_url)
    release = Release.objects.get()
    at_stage(release, Stage.REVIEW)

    browser.get(f"{address}/admin/catalogue/release/{release.pk}/dictionary/")
    for number, title in enumerate(["Year", "Governorate", "Population"]):
        title_en = browser.find_element(By.NAME, f"c{number}-title_en")
        title_en.clear()
        title_en.send_keys(title)
        title_ar = browser.find_element(By.NAME, f"c{number}-title_ar")
        title_ar.clear()
        title_ar.send_keys(ROWS[0][number])
    press(browser, SAVE)
    act(browser, address, release, "submit")
    at_stage(release, Stage.APPROVAL)

    as_staff(browser, address, house.approver, language)
    act(browser, address, release, "approve")
    at_stage(release, Stage.PUBLISHED)

    forget(browser, address)
    browser.get(f"{address}/{language}/data/")
    press(browser, f"main a[href$='/data/{dataset.slug}/']")
    wait_until(lambda: browser.find_element(By.TAG_NAME, "h1").text == getattr(dataset, f"title_{language}"))
    assert "1510000" in browser.find_element(By.TAG_NAME, "main").text.replace(",", "")
    links = [link.get_attribute("href") for link in browser.find_elements(By.CSS_SELECTOR, "main a[href*='/files/']")]
    table = fetch(next(link for link in links if link.endswith("/data.csv")))
    assert [row[1:] for row in csv.reader(table.decode().splitlines())][1:] == [["مسقط", "1510000"], ["ظفار", "541000"]]
    manifest = json.loads(Version.objects.get().manifest)
    assert {"name": "data.csv", "sha256": hashlib.sha256(table).hexdigest()}.items() <= next(
        one for one in manifest["files"] if one["name"] == "data.csv"
    ).items()
    assert not browser.get_cookies()


def test_data_is_asked_for_and_followed_up(
    browser: Chrome, live_server: Any, background: None, postbox: Any, world: World, language: str
) -> None:
    address = live_server.url
    browser.get(f"{address}/{language}/data/requests/new/")
    title = {"ar": "إباحات البناء حسب الولاية", "en": "Building permits by wilayat"}[language]
    browser.find_element(By.NAME, "title").send_keys(title)
    browser.find_element(By.NAME, "text").send_keys(title)
    browser.find_element(By.NAME, "email").send_keys("maryam@citizen.example")
    time.sleep(FASTEST)
    press(browser, "main form button[type=submit]")
    asked = wait_until(lambda: DataRequest.objects.first())
    wait_until(lambda: asked.reference in browser.find_element(By.TAG_NAME, "main").text)
    letter = wait_until(lambda: postbox.to("maryam@citizen.example"), 60)[0]
    assert letter["Content-Language"] == language
    assert asked.reference in letter.get_body(("plain",)).get_content()
    browser.get(f"{address}/{language}/data/requests/{asked.reference}/")
    assert asked.reference in browser.find_element(By.TAG_NAME, "main").text
    assert title not in browser.find_element(By.TAG_NAME, "main").text
