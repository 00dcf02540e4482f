"""The production shape: settings that refuse to start half-configured, and the files that put the portal online."""

from __future__ import annotations

import ast
import http.client
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import html5lib
import pytest
from django.apps import apps
from django.conf import settings
from django.test import RequestFactory
from django.urls import resolve

from portal.http import client_ip
from tests import running

ROOT = Path(__file__).resolve().parent.parent.parent
SECRETS = {
    "SECRET_KEY": "k" * 30 + "0123456789abcdefghijklmnopqrst",
    "FIELD_KEYS": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    "BLIND_INDEX_KEY": "b" * 40,
}
SITE = "musharaka.example"
REQUIRED = {*SECRETS, "SITE_URL", "EMAIL_URL", "POSTGRES_PASSWORD"}
PROXY, VISITOR = "10.0.0.2", "203.0.113.7"


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def manage(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A management command with nothing but these settings, as in a fresh container."""
    plain = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder), "DATABASE_URL": os.environ["DATABASE_URL"]}
    return subprocess.run(
        [sys.executable, "-m", "portal.cli", *arguments],
        cwd=ROOT, env=plain | environment, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize("missing", SECRETS)
def test_with_a_database_of_its_own_it_refuses_to_start_without_a_secret(missing: str, tmp_path: Path) -> None:
    answer = manage(tmp_path, "check", **SECRETS | {missing: ""})
    assert answer.returncode != 0
    assert re.search(rf"{missing} is not set\. Set it to .{{20,}}", answer.stderr)
    assert list(tmp_path.iterdir()) == []  # no secret was made up instead


def test_the_deployment_check_has_nothing_to_say(tmp_path: Path) -> None:
    answer = manage(
        tmp_path, "check", "--deploy", "--fail-level", "WARNING", **SECRETS, SITE_URL=f"https://{SITE}",
        EMAIL_URL="smtp+tls://user:p%40ss@mail.example:587", TRUSTED_PROXIES="172.28.90.0/24",
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    assert "no issues" in answer.stdout


def settings_read() -> set[str]:
    """Names of every variable that portal/settings.py and the modules it starts from take from the environment."""
    found = set(re.findall(r"environ(?:\.get\(|\[)\"([A-Z_]+)\"", text_of("portal/embedded.py")))
    for node in ast.walk(ast.parse(text_of("portal/settings.py"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        function = node.func.value if isinstance(node.func, ast.Attribute) else node.func
        if not isinstance(function, ast.Name) or function.id not in ("env", "_secret"):
            continue
        name = node.args[0]
        if isinstance(name, ast.Constant):
            found.add(name.value)
        elif isinstance(name, ast.JoinedStr) and "THROTTLE_" in ast.unparse(name):
            found |= {f"THROTTLE_{throttle.upper()}" for throttle in settings.THROTTLES}
        elif function.id == "env":
            assert ast.unparse(name) == "name", f"a setting this test cannot name: {ast.unparse(node)}"
    return found


def documented() -> list[str]:
    return re.findall(r"^#?([A-Z][A-Z0-9_]+)=", text_of(".env.example"), flags=re.MULTILINE)


def test_every_setting_is_explained_once_in_the_example() -> None:
    assert len(documented()) == len(set(documented()))
    assert settings_read() - set(documented()) == set()


def test_the_example_explains_nothing_that_does_not_exist() -> None:
    compose = text_of("docker-compose.yml") + text_of("deploy/tls.yml") + text_of("Dockerfile")
    known = settings_read() | set(re.findall(r"\$\{(\w+)", compose)) | set(re.findall(r"(GRANIAN_\w+)=", compose))
    assert set(documented()) - known == set()


def test_a_copied_example_changes_nothing() -> None:
    set_lines = [line for line in text_of(".env.example").splitlines() if line and not line.startswith("#")]
    assert set_lines == []


def test_compose_names_what_it_cannot_do_without() -> None:
    compose = text_of("docker-compose.yml")
    required = dict(re.findall(r"\$\{(\w+):\?([^}]+)\}", compose))
    assert set(required) == REQUIRED
    assert all("see .env.example" in hint for hint in required.values())
    first_part = text_of(".env.example").split("\n# The operator")[0]
    assert set(re.findall(r"^#(\w+)=$", first_part, flags=re.MULTILINE)) == REQUIRED
    used = set(re.findall(r"\$\{(\w+)", compose + text_of("deploy/tls.yml")))
    assert used - set(documented()) == set()


def test_compose_has_every_part_and_every_file_it_mounts() -> None:
    compose = text_of("docker-compose.yml")
    services = set(re.findall(r"^  ([\w-]+):$", compose.split("\nservices:")[1].split("\nnetworks:")[0], re.MULTILINE))
    assert services == {"migrate", "web", "worker", "data-worker", "scheduler", "proxy", "postgres", "redis"}
    mounted = re.findall(r"- \./([^:\s]+):", compose + text_of("deploy/tls.yml"))
    assert len(mounted) >= 4
    assert [name for name in mounted if not (ROOT / name).exists()] == []


def test_images_are_named_without_a_registry() -> None:
    images = re.findall(r"^FROM (\S+)", text_of("Dockerfile"), flags=re.MULTILINE)
    images += re.findall(r"^ +image: (\S+)", text_of("docker-compose.yml"), flags=re.MULTILINE)
    assert len(images) >= 5
    assert [image for image in images if "." in image.split("/")[0] and "/" in image] == []


def test_the_image_holds_every_installed_app_and_no_secret() -> None:
    first, *allowed = [line for line in text_of(".dockerignore").splitlines() if not line.startswith("#")]
    assert first == "*"
    ours = {
        Path(app.path).relative_to(ROOT).parts[0]
        for app in apps.get_app_configs()
        if Path(app.path).is_relative_to(ROOT) and ".venv" not in Path(app.path).parts
    }
    assert ours >= {"portal", "participation"}
    assert {f"!{folder}" for folder in ours} - set(allowed) == set()
    assert [name for name in (*SECRETS, "POSTGRES_PASSWORD") if name in text_of("Dockerfile")] == []


def test_the_health_pages_that_containers_ask_for_exist() -> None:
    asked = re.findall(r"http://[\w.]+:8000(/health/\w+)", text_of("Dockerfile") + text_of("docker-compose.yml"))
    assert set(asked) == {"/health/live", "/health/ready"}
    assert {resolve(path).url_name for path in asked} == {"live", "ready"}


def test_the_proxy_takes_whatever_the_portal_takes() -> None:
    found = re.search(r"client_max_body_size (\d+)m;", text_of("deploy/nginx.conf"))
    assert found
    files = settings.ATTACHMENT_MAX_BYTES * settings.ATTACHMENT_MAX_COUNT
    assert int(found[1]) * 1024 * 1024 > files + settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert f"{found[1]} megabytes" in text_of("deploy/pages/413.html")


@pytest.mark.parametrize("name", ["413.html", "unavailable.html"])
def test_the_proxys_own_pages_are_valid_bilingual_and_need_no_inline_style(name: str) -> None:
    page = text_of(f"deploy/pages/{name}")
    html5lib.HTMLParser(strict=True).parse(page)
    assert page.count("<h1>") == 1
    assert 'lang="ar" dir="rtl"' in page
    assert '<div lang="en" dir="ltr">' in page
    assert not re.search(r"<style|<script|style=", page)
    for asset in re.findall(r"/_proxy/(static/[\w./-]+)", page):
        assert (ROOT / asset).exists()


@pytest.mark.parametrize(
    ("connection", "forwarded", "expected"),
    [
        (PROXY, VISITOR, VISITOR),
        (PROXY, f"9.9.9.9, {VISITOR}", VISITOR),
        (PROXY, f"{VISITOR}, 10.0.0.9", VISITOR),
        (PROXY, f"{VISITOR}:50123", VISITOR),
        (PROXY, "[2001:db8::5]:50123", "2001:db8::5"),
        (PROXY, "2001:db8::5", "2001:db8::5"),
        (PROXY, "unknown", PROXY),
        (PROXY, f"{VISITOR}, unknown", PROXY),
        (PROXY, "", PROXY),
        (f"::ffff:{PROXY}", VISITOR, VISITOR),
        (VISITOR, "9.9.9.9", VISITOR),
        (f"::ffff:{VISITOR}", "9.9.9.9", VISITOR),
        ("", "9.9.9.9", ""),
    ],
)
def test_it_finds_the_visitor_behind_trusted_proxies_only(
    connection: str, forwarded: str, expected: str, rf: RequestFactory, settings: Any
) -> None:
    settings.TRUSTED_PROXIES = ["192.168.0.0/16", " 10.0.0.0/8"]
    request = rf.get("/", REMOTE_ADDR=connection, HTTP_X_FORWARDED_FOR=forwarded)
    assert client_ip(request) == expected


@pytest.fixture
def web(transactional_db: None) -> Iterator[int]:
    """The web server as the image starts it, behind a proxy on this machine; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = running.start(
        "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "portal.wsgi:application",
        SITE_URL=f"https://{SITE}", ALLOWED_HOSTS=SITE, TRUSTED_PROXIES="127.0.0.1/32",
    )  # fmt: skip
    running.wait_until(lambda: healthcheck(port, "live") == 0)
    yield port
    running.end(process)


def healthcheck(port: int, page: str, *wanted: str) -> int:
    address = f"http://127.0.0.1:{port}/health/{page}"
    environment = {"SITE_URL": f"https://{SITE}", "PATH": os.environ["PATH"]}
    command = [sys.executable, "deploy/healthcheck.py", address, *wanted]
    return subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, timeout=20).returncode


def get(port: int, path: str, **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers={"Host": SITE} | {k.replace("_", "-"): v for k, v in headers.items()})
    return connection.getresponse()


def test_the_web_server_wants_tls_and_containers_can_still_ask_for_its_health(web: int) -> None:
    plain = get(web, "/ar/?q=1", X_Forwarded_Proto="http")
    assert (plain.status, plain.headers["Location"]) == (301, f"https://{SITE}/ar/?q=1")
    secure = get(web, "/ar/", X_Forwarded_Proto="https")
    assert secure.status == 200
    assert "max-age=63072000" in secure.headers["Strict-Transport-Security"]
    assert get(web, "/ar/", X_Forwarded_Proto="https", Host="elsewhere.example").status == 400
    assert healthcheck(web, "ready", "database=ok") == 0
    assert healthcheck(web, "ready", "sweep=ok") == 1  # nobody sweeps here
