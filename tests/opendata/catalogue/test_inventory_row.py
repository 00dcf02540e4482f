"""A dataset follows what its row in the inventory says, and its address opens."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from opendata.catalogue import figures
from opendata.catalogue.addresses import RESERVED, SLUG
from opendata.catalogue.models import Dataset
from opendata.inventory.actions.writing import edit_asset
from tests.opendata import making
from tests.opendata.catalogue.test_open_figures import offered, table
from tests.people import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({"frequency": "daily"}, True),
        ({"is_high_value": True}, True),
        ({"contact_email": "figures@body.example"}, True),
        ({"source_system": "Another register"}, False),
    ],
)
def test_harvesters_learn_of_what_its_page_says_otherwise_now(changes: dict[str, Any], counts: bool) -> None:
    dataset = making.make_dataset()
    before = timezone.now() - timedelta(days=1)
    Dataset.objects.update(modified_at=before)
    edit_asset(asset=dataset.asset, by=None, revision=dataset.asset.revision, **changes)
    dataset.refresh_from_db()
    assert (dataset.modified_at > before) is counts


def test_its_page_names_the_point_of_contact_of_the_asset(client: Client) -> None:
    house = making.make_house(contact_email="open@body.example")
    asset = making.make_asset(house, contact_email="figures@body.example")
    dataset = making.published(dataset=making.make_dataset(house, asset)).dataset
    page = client.get(f"/en{dataset.path}").content.decode()
    assert "mailto:figures@body.example" in page
    assert "mailto:open@body.example" not in page


def test_figures_get_addresses_that_open(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    slugs = ["requests", "x", "--", "A_B", "y" * 100, "y" * 101, "y" * 102]
    offered(monkeypatch, *(table(slug=slug) for slug in slugs))
    assert figures.publish_figures() == {"begun": sorted(slugs), "failed": []}
    addresses = [Dataset.objects.get(figures_slug=slug).slug for slug in slugs]
    assert len(set(addresses)) == len(slugs)
    assert all(re.match(SLUG, address) and address not in RESERVED for address in addresses)
    assert (addresses[0], addresses[1], addresses[3]) == ("portal-requests", "portal-x", "a-b")
