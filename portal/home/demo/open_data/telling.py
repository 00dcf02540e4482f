"""Everything of the open data demonstration, in the order in which one needs the other."""

from __future__ import annotations

from portal.home.demo.open_data.datasets import tell_datasets
from portal.home.demo.open_data.inventories import tell_inventories
from portal.home.demo.open_data.requests import tell_requests, tell_reuses


def tell_open_data(*, large: bool = False) -> dict[str, int]:
    """Add what is not there yet, `large` with the register of a million rows; returns how many of what."""
    agencies, assets = tell_inventories()
    return {
        "agencies": agencies,
        "data assets": assets,
        "datasets": tell_datasets(large=large),
        "reuses": tell_reuses(),
        "requests for data": tell_requests(),
    }
