"""The desk counts everything that waits, however little of it the panel lists."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from opendata.catalogue import desk
from opendata.catalogue.choices import Stage
from opendata.catalogue.models import Release
from tests.opendata import making

pytestmark = pytest.mark.django_db


def test_the_number_is_that_of_all(monkeypatch, client):
    monkeypatch.setattr(desk, "MOST", 2)
    house = making.make_house()
    for stage in (*[Stage.UNREADABLE] * 3, *[Stage.REVIEW] * 5):
        Release.objects.create(
            dataset=making.make_dataset(house), stage=stage, file_name="a.csv", file_size=1, file_sha256="0" * 64
        )
    request = RequestFactory().get("/")
    request.user = house.publisher
    [panel] = desk.panels(request)
    assert panel.count == "8"
    client.force_login(house.publisher)
    page = client.get("/admin/").content.decode()
    assert "and 1 more" in page
    assert "and 3 more" in page
