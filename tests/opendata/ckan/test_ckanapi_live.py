"""`ckanapi`, the client of CKAN's own people, run as a process against the portal answering on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from pytest_django.live_server_helper import LiveServer

from tests.opendata import making
from tests.opendata.ckan.asking_ckan import listed
from tests.opendata.ckan.test_ckan_catalogue import check_package

SCRIPTS = Path(sys.executable).parent
Run = Callable[..., Any]


@pytest.fixture
def ckanapi(live_server: LiveServer, tmp_path: Path) -> Iterator[Run]:
    """Runs the command; says what it printed, line by line."""
    listed("roads", title_ar="الطرق", title_en="Roads", keywords_ar="محمّد، نقل/مواصلات")
    making.published(making.make_dataset(slug="people", title_ar="السكان", title_en="People"))

    def run(*arguments: str, code: int = 0) -> Any:
        path = f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"  # it starts workers of itself
        done = subprocess.run(
            [SCRIPTS / "ckanapi", *arguments, "-r", live_server.url], cwd=tmp_path, capture_output=True, timeout=90,
            env={**os.environ, "PATH": path, "PYTHONWARNINGS": "ignore"}, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stderr.decode()
        return done.stdout.decode() if code == 0 else done.stderr.decode()

    with override_settings(SITE_URL=live_server.url):
        yield run


def lines(text: str) -> list[Any]:
    return [json.loads(line) for line in text.splitlines()]


def test_ckanapi_lists_searches_shows_and_dumps(ckanapi: Run, tmp_path: Path, live_server: LiveServer):
    found = lines(ckanapi("search", "datasets"))
    assert sorted(one["name"] for one in found) == ["people", "roads"]
    assert lines(ckanapi("search", "datasets", "-g", "fq=tags:محمد"))[0]["title_translated"]["ar"] == "الطرق"
    assert lines(ckanapi("search", "datasets", "q=الطُرق")) == [one for one in found if one["name"] == "roads"]

    every = lines(ckanapi("dump", "datasets", "--all", "-q"))
    assert sorted(every, key=lambda one: one["name"]) == sorted(found, key=lambda one: one["name"])
    [with_fields] = [one for one in lines(ckanapi("dump", "datasets", "--all", "-d", "-R", "-q", "-p", "2"))
                     if one["name"] == "people"]  # fmt: skip
    [rows] = [one for one in with_fields["resources"] if "datastore_fields" in one]
    assert [one["id"] for one in rows["datastore_fields"]] == ["_id", "year", "governorate", "population"]

    bodies = lines(ckanapi("dump", "organizations", "--all", "-q"))
    assert [one["name"] for one in bodies] == json.loads(ckanapi("action", "organization_list"))
    assert all(one["package_count"] == 1 for one in bodies)
    assert ckanapi("dump", "groups", "--all", "-q") == ""

    package = json.loads(ckanapi("action", "package_show", "id=people"))
    assert package in every
    assert json.loads(ckanapi("action", "package_show", "id=people", "-g")) == package
    answer = json.loads(ckanapi("action", "datastore_search", f"resource_id={rows['id']}", 'filters:{"year":[2024]}',
                                "limit:1", "sort=population desc"))  # fmt: skip
    assert (answer["total"], answer["records"]) == (
        2, [{"_id": 3, "year": 2024, "governorate": "Muscat", "population": 1510000}],
    )  # fmt: skip
    for refused in (("package_show", "id=nothing"), ("package_search", "fq=colour:red"), ("package_create", "name=x")):
        assert "Error" in ckanapi("action", *refused, code=1) or "NotFound" in ckanapi("action", *refused, code=1)


def test_the_library_meets_the_exceptions_it_knows(ckanapi: Run, live_server: LiveServer):
    script = """
import ckanapi, sys
site = ckanapi.RemoteCKAN(sys.argv[1])
for name, params, kind in [
    ("package_show", {"id": "x"}, ckanapi.NotFound), ("package_show", {}, ckanapi.ValidationError),
    ("datastore_search", {"x": 1}, ckanapi.ValidationError), ("package_create", {}, ckanapi.CKANAPIError),
    ("package_search", {"fq": "colour:red"}, ckanapi.SearchQueryError),
]:
    try:
        site.call_action(name, params)
    except kind as error:
        assert not isinstance(error, ckanapi.ServerIncompatibleError)
        print(name)
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, live_server.url], capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert len(done.stdout.splitlines()) == 5


def test_what_comes_over_the_wire_is_what_importers_take(ckanapi: Run, live_server: LiveServer):
    for package in lines(ckanapi("search", "datasets")):
        for resource in package["resources"]:
            assert resource["url"].startswith(live_server.url)
            resource["url"] = resource["url"].replace(live_server.url, "http://testserver")
        check_package(package)
