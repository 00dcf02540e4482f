"""What the catalogue tells the inventory, inside its own transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from opendata.inventory.actions.changing import NotPossible, change
from opendata.inventory.choices import Access, State
from opendata.inventory.models import Asset


@transaction.atomic
def mark_published(*, asset: Asset, by: Any, at: datetime) -> bool:
    """Data of this asset is out, for the first time or again after it was taken back, since `at`.

    False where it is marked so already. Raises NotPossible for what was not assessed, or assessed as not open.
    """
    done = change(asset, "published", by=by, states=[State.ASSESSED, State.SCHEDULED], only=Q(access=Access.OPEN),
                  state=State.PUBLISHED, published_at=at)  # fmt: skip
    if done:
        return True
    asset.refresh_from_db()
    if asset.state == State.PUBLISHED:
        return False
    if asset.state == State.INVENTORIED:
        raise NotPossible(_("This data asset was not assessed yet. Assess it in the inventory before publishing it."))
    raise NotPossible(_("This data asset is not open. Assess it again in the inventory before publishing it."))


@transaction.atomic
def mark_unpublished(*, asset: Asset, by: Any) -> bool:
    """Nothing of this asset is out any more: it is open and without a day again. False where it was not out."""
    return change(asset, "unpublished", by=by, states=[State.PUBLISHED], state=State.ASSESSED, published_at=None,
                  release_on=None)  # fmt: skip
