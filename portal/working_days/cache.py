"""Working hours this process has already built, by calendar and version."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from portal.working_days.hours import WorkingHours

_known: dict[int, tuple[int, WorkingHours]] = {}


@dataclass(frozen=True)
class _Touched:
    """Left among the transaction's commit hooks, which a rollback (also to a savepoint) throws away with the change."""

    calendar_id: int

    def __call__(self) -> None:
        _known.pop(self.calendar_id, None)


def get(calendar_id: int, version: int) -> WorkingHours | None:
    """The hours of exactly this version, if this process has them."""
    kept = _known.get(calendar_id)
    return kept[1] if kept and kept[0] == version and not _touched(calendar_id) else None


def keep(calendar_id: int, version: int, hours: WorkingHours) -> None:
    """Remember the hours, unless they may hold changes that are not committed.

    A version that is rolled back is given out again to the next change: hours kept under it would be wrong for ever.
    """
    if not _touched(calendar_id):
        _known[calendar_id] = (version, hours)


def touched(calendar_id: int) -> None:
    """Tell that this transaction changes the calendar."""
    transaction.on_commit(_Touched(calendar_id))


def _touched(calendar_id: int) -> bool:
    hooks = transaction.get_connection().run_on_commit
    return any(hook == _Touched(calendar_id) for _, hook, *_rest in hooks)
