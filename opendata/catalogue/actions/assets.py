"""Whether the inventory lets an asset be published at all."""

from __future__ import annotations

from opendata.catalogue.actions.changing import refused
from opendata.inventory.choices import Access, State
from opendata.inventory.models import Asset

READY = (State.ASSESSED, State.SCHEDULED, State.PUBLISHED)


def check_asset(asset: Asset) -> None:
    """Raise Refused unless the asset was assessed and found open: the decision may have changed at any time."""
    if asset.access != Access.OPEN:
        raise refused("asset_not_open")
    if asset.state not in READY:
        raise refused("asset_not_assessed")
