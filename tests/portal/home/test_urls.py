"""Every address says who may enter, and does what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

AUDIENCES = {"public"}


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, path)
        else:
            yield path, entry


ALL = list(patterns(get_resolver()))
STAFF = [(path, entry) for path, entry in ALL if path.startswith("admin/")]
PUBLIC = [(path, entry) for path, entry in ALL if not path.startswith("admin/")]


@pytest.mark.parametrize(("path", "entry"), PUBLIC, ids=[path for path, _entry in PUBLIC])
def test_each_address_declares_who_may_enter(path, entry):
    assert getattr(entry.callback, "audience", None) in AUDIENCES, f"{path} declares no audience"


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "entry"), STAFF, ids=[path for path, _entry in STAFF])
def test_the_staff_site_lets_no_stranger_in(client, path, entry):

    address = "/" + re.sub(
        r"<[^>]+>|\(\?P<[^>]+>[^)]*\)", "1", path.replace("^", "").replace("$", "").replace("\\", "")
    )
    if path.startswith(("admin/login", "admin/logout", "admin/jsi18n")):
        return
    for method in (client.get, client.post):
        response = method(address)
        assert response.status_code in (302, 403, 404, 405), address
        if response.status_code == 302:
            assert "/admin/login/" in response.url


def test_the_root_leads_to_arabic(client):
    assert client.get("/").url == "/ar/"
