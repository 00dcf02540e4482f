"""Every write of the inventory, as a verb."""

from opendata.inventory.actions.changing import Conflict, NotPossible
from opendata.inventory.actions.publishing import mark_published, mark_unpublished

__all__ = ["Conflict", "NotPossible", "mark_published", "mark_unpublished"]
