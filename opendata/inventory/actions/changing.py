"""The one way a stored asset changes: a conditional UPDATE, counted and audited."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opendata.inventory.choices import State
from opendata.inventory.models import Asset
from portal.audit.actions import record
from portal.organisations.models import Unit


class Conflict(Exception):
    """The asset is no longer what the caller saw: somebody else changed it."""

    message = _("Somebody else changed this in the meantime. See what is new, then try again.")

    def __str__(self) -> str:
        return str(self.message)


class NotPossible(Exception):
    """The step does not fit the asset. `message` (lazy) says why and what to do, in the language of the page.

    `field` names the answer that is missing or wrong, where there is one.
    """

    def __init__(self, message: Any, field: str | None = None) -> None:
        super().__init__(message)
        self.message, self.field = message, field

    def __str__(self) -> str:
        return str(self.message)


def lock_numbers(organisation: int) -> None:
    """Let one at a time write numbers of this organisation's inventory, until the end of the transaction.

    Come here before any asset is locked: whoever comes the other way round waits for ever. Rows that point at the
    unit are still stored meanwhile.
    """
    Unit.objects.select_for_update(no_key=True).filter(organisation=organisation).order_by("pk").first()


def change(
    asset: Asset,
    verb: str,
    *,
    by: Any,
    states: Iterable[str] = State.values,
    only: Q | None = None,
    revision: int | None = None,
    data: dict[str, Any] | None = None,
    **changes: Any,
) -> bool:
    """Set `changes` where the asset is still in one of `states`, fits `only` and, if given, has this `revision`.

    False, and nothing done, where not. The instance is read afresh afterwards. Call inside a transaction.
    """
    rows = Asset.objects.filter(only or Q(), pk=asset.pk, state__in=list(states))
    if revision is not None:
        rows = rows.filter(revision=revision)
    before = asset.state
    if not rows.update(revision=F("revision") + 1, updated_at=timezone.now(), **changes):
        return False
    asset.refresh_from_db()
    moved = {} if asset.state == before else {"from": before, "to": asset.state}
    record(verb=f"asset.{verb}", subject=asset, by=by, data={**(data or {}), **moved, "revision": asset.revision})
    return True
