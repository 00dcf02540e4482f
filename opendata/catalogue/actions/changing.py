"""The one way a release changes: a conditional UPDATE, counted and audited; and what refuses it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import BigIntegerField, F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opendata.catalogue.models import Dataset, Release
from portal.audit.actions import record

DECISIONS = frozenset({"described", "read_again", "noted", "accepted", "original_decided", "submitted"})
"""What makes a release another than it was, or says that it is right: whoever did any of it does not approve it."""


class Conflict(Exception):
    """The release is no longer what the caller saw: somebody else changed it, or it allows this no more."""

    message = _("Somebody else changed this release in the meantime. See what is new, then try again.")


@dataclass(frozen=True)
class Reason:
    """Why something is refused: a code of words/refusals.py and its figures."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)


class Refused(Exception):
    """It cannot be done now, for these reasons."""

    def __init__(self, *reasons: Reason) -> None:
        super().__init__(", ".join(reason.code for reason in reasons))
        self.reasons = reasons


def refused(code: str, **params: Any) -> Refused:
    """A refusal for one reason."""
    return Refused(Reason(code, params))


def change(
    release: Release,
    verb: str,
    *,
    by: Any,
    only: Q,
    revision: int | None = None,
    data: dict[str, Any] | None = None,
    **changes: Any,
) -> bool:
    """Set `changes` where `only` (and the revision, if given) still holds; False, and nothing done, where not.

    Whoever decides something is added to those who may not approve it. The instance is read afresh afterwards, so that
    it shows what is stored. Call inside a transaction.
    """
    if by is not None and verb in DECISIONS:
        changes["edited_by"] = _with(by.pk)
    rows = Release.objects.filter(only, pk=release.pk)
    if revision is not None:
        rows = rows.filter(revision=revision)
    if not rows.update(revision=F("revision") + 1, updated_at=timezone.now(), **changes):
        return False
    release.refresh_from_db()
    note(release, verb, by=by, data={**(data or {}), "revision": release.revision})
    return True


def _with(pk: int) -> Func:
    """`edited_by` as it is stored at that moment, with this person in it once."""
    who = Value(pk, output_field=BigIntegerField())
    return Func(Func(F("edited_by"), who, function="array_remove"), who, function="array_append")


def note(release: Release, verb: str, *, by: Any = None, data: dict[str, Any] | None = None) -> None:
    """Audit what was done to a release; never values of the data."""
    record(verb=f"release.{verb}", subject=release, by=by, data={"dataset": release.dataset.slug, **(data or {})})


def lock(dataset: Dataset | int) -> Dataset:
    """The dataset, with nobody else beginning a release or publishing or withdrawing a version until the end."""
    pk = dataset.pk if isinstance(dataset, Dataset) else dataset
    rows = Dataset.objects.select_for_update(of=("self",), no_key=True).select_related("asset__unit", "latest")
    return rows.get(pk=pk)
