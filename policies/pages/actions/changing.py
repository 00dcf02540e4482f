"""The one way an unfinished or scheduled version changes: a conditional UPDATE, counted and audited."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from policies.pages.models import Policy, PolicyVersion
from portal.audit.actions import record


class Conflict(Exception):
    """The version is no longer what the caller saw: somebody else changed it, or it allows this no more."""

    message = _("Somebody else changed this version in the meantime. See what is new, then try again.")


def change(
    version: PolicyVersion,
    verb: str,
    *,
    by: Any,
    only: Q,
    revision: int | None = None,
    data: dict[str, Any] | None = None,
    **changes: Any,
) -> bool:
    """Set `changes` where `only` (and the revision, if given) still holds; False, and nothing done, where not.

    The instance is read afresh afterwards, so that it shows what is stored. Call inside a transaction.
    """
    rows = PolicyVersion.objects.filter(only, pk=version.pk)
    if revision is not None:
        rows = rows.filter(revision=revision)
    if not rows.update(revision=F("revision") + 1, **changes):
        return False
    version.refresh_from_db()
    version.__dict__.pop("successor", None)
    note(version, verb, by=by, data={**(data or {}), "revision": version.revision})
    return True


def note(version: PolicyVersion, verb: str, *, by: Any = None, data: dict[str, Any] | None = None) -> None:
    """Audit what was done to a version."""
    details = {"policy": version.policy.slug, "number": version.number, **(data or {})}
    record(verb=f"policyversion.{verb}", subject=version, by=by, data=details)


def lock(policy: Policy | int) -> Policy:
    """The policy, with nobody else starting or approving a version of it until this transaction ends."""
    return Policy.objects.select_for_update().get(pk=policy.pk if isinstance(policy, Policy) else policy)
