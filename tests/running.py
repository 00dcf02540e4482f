"""The portal really running: Celery worker and beat as processes, Chromium as a visitor."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from celery.beat import PersistentScheduler
from django.db import connection
from pytest_django.live_server_helper import LiveServer
from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException, WebDriverException
from selenium.webdriver.chrome.service import Service

from portal.celery import app

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM_FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run", "--lang=ar", "--force-device-scale-factor=1",
]  # fmt: skip

BETWEEN_PAGES = ("inspector error", "aborted by navigation", "does not belong to the document")
"""How chromedriver calls what it asked of a page that went away in that moment."""


def environment() -> dict[str, str]:
    """The environment of a process that joins this test's database."""
    params = connection.settings_dict
    host = params["OPTIONS"].get("host") or params["HOST"]
    url = f"postgresql://{quote(params['USER'] or 'postgres')}:{quote(params['PASSWORD'] or '')}@"
    if host.startswith("/"):
        url += f"/{params['NAME']}?host={quote(host)}"
    else:
        url += f"{host}:{params['PORT'] or 5432}/{params['NAME']}"
    return {**os.environ, "DATABASE_URL": url, "EMBEDDED": "1"}


def wait_until(condition: Callable[[], Any], seconds: float = 20) -> Any:
    """Ask until the answer is true; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (answer := _now(condition)):
        if time.monotonic() > deadline:
            raise AssertionError(f"not true after {seconds} s")
        time.sleep(0.1)
    return answer


def _now(condition: Callable[[], Any]) -> Any:
    """The answer at this moment; none while a page is being replaced by the next."""
    try:
        return condition()
    except (NoSuchElementException, StaleElementReferenceException):
        return None
    except WebDriverException as problem:
        if any(sign in str(problem.msg) for sign in BETWEEN_PAGES):
            return None
        raise


def start(*arguments: str, **extra: str) -> subprocess.Popen[bytes]:
    """Start a Python module of the portal as a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", *arguments], cwd=ROOT, env=environment() | extra, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and its children, politely at first."""
    for wanted in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, wanted)
        except ProcessLookupError:
            break
        try:
            process.wait(10)
            break
        except subprocess.TimeoutExpired:
            continue


WORKER = [
    "celery",
    "-A",
    "portal",
    "worker",
    "--queues=celery,data",
    "--pool=solo",
    "--without-gossip",
    "--without-mingle",
    "--loglevel=WARNING",
]


@pytest.fixture
def worker(transactional_db: None) -> Iterator[subprocess.Popen[bytes]]:
    """A real Celery worker on this test's database and broker."""
    process = start(*WORKER)
    yield process
    end(process)


@pytest.fixture
def beat(worker: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A real scheduler beside the worker."""
    folder = tempfile.mkdtemp()
    process = start("celery", "-A", "portal", "beat", "--schedule", f"{folder}/schedule")
    yield process
    end(process)
    shutil.rmtree(folder)


def schedule_of_a_minute_ago(file: Path) -> str:
    """What a scheduler that stopped a minute ago left: the next one finds what runs more often to be due at once."""
    scheduler = PersistentScheduler(app=app, schedule_filename=str(file))
    for entry in scheduler.schedule.values():
        entry.last_run_at -= timedelta(minutes=1)
    scheduler.close()
    return str(file)


def make_browser(*flags: str) -> webdriver.Chrome:
    """A Chromium of its own; the caller quits it."""
    options = webdriver.ChromeOptions()
    for flag in [*CHROMIUM_FLAGS, *flags]:
        options.add_argument(flag)
    binary = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert binary, "Chromium is needed: run `make test`, which installs it, or `make browser`"
    options.binary_location = binary
    driver = shutil.which("chromedriver")
    return webdriver.Chrome(options=options, service=Service(driver) if driver else Service())


@pytest.fixture(scope="session")
def live_server() -> Iterator[LiveServer]:
    """The portal answering on loopback, with static files as in production: collected, hashed, by WhiteNoise."""
    server = LiveServer("localhost", start=False)
    server.thread.static_handler = lambda application: application
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def session_browser() -> Iterator[webdriver.Chrome]:
    driver = make_browser("--window-size=1280,1000")
    yield driver
    driver.quit()


@pytest.fixture
def browser(session_browser: webdriver.Chrome) -> Iterator[webdriver.Chrome]:
    """Chromium without cookies, at desktop width."""
    session_browser.delete_all_cookies()
    session_browser.set_window_size(1280, 1000)
    yield session_browser
    session_browser.get("about:blank")
