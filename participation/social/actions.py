"""Every write of the register. An account goes one way: proposed, listed, taken off."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participation.social.models import Account
from participation.social.platforms import name_in_address
from participation.social.states import State
from portal.audit.actions import record
from portal.audit.models import AuditEvent

TEXTS = ("holder_job", "purpose", "audience")
DETAILS = {
    "unit", "holder_name", "languages", "last_post_on", *(f"{name}_{code}" for name in TEXTS for code in ("ar", "en"))
}  # fmt: skip
"""What changes while an account is listed."""
IDENTITY = {"platform", "handle", "address", "resolution_number", "resolution_date", "authorised_until"}
"""What it was authorised as; once listed only a new resolution changes it, and never the account itself."""


class Conflict(Exception):
    """The account is no longer what its reader saw, or does not allow this any more."""

    message = _("Somebody else changed this account meanwhile. Look at it again and decide anew.")


class NotReady(Exception):
    """It cannot be listed; `problem` says why: "expired", "holder", or "own" for whoever wrote the proposal."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@transaction.atomic
def propose_account(*, by: Any, **content: Any) -> Account:
    """Store a proposal; nobody but staff sees it."""
    content = _known(content, DETAILS | IDENTITY)
    account = Account.objects.create(proposed_by=_person(by), handle_key=_key(content), **content)
    record(verb="account.proposed", subject=account, by=by, data={"platform": account.platform})
    return account


@transaction.atomic
def edit_account(*, account: Account, by: Any, version: int | None = None, **content: Any) -> Account:
    """Change a proposal, or the details of what is listed; Conflict where it is neither, or no longer as it was.

    Where nothing differs from what is stored, nothing is noted.
    """
    content = _known(content, DETAILS | (IDENTITY if account.state == State.PROPOSED else set()))
    stored = Account.objects.select_for_update(of=("self",)).filter(pk=account.pk).first()
    if stored is None:
        raise Conflict
    different = {name: value for name, value in content.items() if getattr(stored, name) != value}
    if not different and version in (None, stored.version):
        return account
    fields = sorted(different)
    if different.keys() & {"platform", "address"}:
        different["handle_key"] = _key({name: different.get(name, getattr(stored, name)) for name in IDENTITY})
    still = Q(state=account.state) & ~Q(state=State.DELISTED)
    return _change(account, "edited", by=by, only=still, version=version, data={"fields": fields}, **different)


@transaction.atomic
def discard_proposal(*, account: Account, by: Any) -> bool:
    """Delete a proposal; what was ever listed stays. False where it is no proposal any more."""
    rows = Account.objects.filter(pk=account.pk, state=State.PROPOSED).select_for_update()
    if not rows.exists():
        return False
    record(verb="account.discarded", subject=account, by=by, data={"platform": account.platform})
    return bool(rows.delete()[0])


@transaction.atomic
def list_account(*, account: Account, by: Any, version: int | None = None) -> Account:
    """Show it to everybody as official.

    Raises NotReady while it is not authorised or nobody is named for it, and for whoever wrote the proposal.
    """
    account.refresh_from_db()
    if has_written(by, account):
        raise NotReady("own")
    if account.authorised_until < timezone.localdate():
        raise NotReady("expired")
    if not account.holder_name:
        raise NotReady("holder")
    proposed = Q(state=State.PROPOSED)
    now = {"listed_at": timezone.now(), "listed_by": _person(by)}
    seen = account.version if version is None else version
    return _change(account, "listed", by=by, only=proposed, version=seen, state=State.LISTED, **now)


def has_written(user: Any, account: Account) -> bool:
    """Whether the user proposed it or changed the proposal; the history knows all who did."""
    if user is None or user.pk is None:
        return False
    writing = AuditEvent.objects.about(account).filter(verb__in=["account.proposed", "account.edited"])
    return user.pk == account.proposed_by_id or writing.filter(actor=user).exists()


@transaction.atomic
def renew_authorisation(
    *, account: Account, by: Any, resolution_number: str, resolution_date: date, authorised_until: date,
    version: int | None = None,
) -> Account:  # fmt: skip
    """Note the resolution by which it goes on being official."""
    content = {
        "resolution_number": resolution_number,
        "resolution_date": resolution_date,
        "authorised_until": authorised_until,
    }
    data = {"until": authorised_until}
    return _change(account, "renewed", by=by, only=Q(state=State.LISTED), version=version, data=data, **content)


@transaction.atomic
def note_post(*, account: Account, by: Any, on: date, version: int | None = None) -> Account:
    """Note the day of its last post."""
    data = {"on": on, "fields": ["last_post_on"]}
    return _change(account, "posted", by=by, only=Q(state=State.LISTED), version=version, data=data, last_post_on=on)


@transaction.atomic
def delist_account(
    *, account: Account, by: Any, ground: str, reason_ar: str, reason_en: str, version: int | None = None
) -> Account:
    """Take it off the register. Everybody reads that it is official no more, since when, and on which ground."""
    changes = {
        "state": State.DELISTED, "delisted_at": timezone.now(), "delisted_by": _person(by), "ground": ground,
        "reason_ar": reason_ar, "reason_en": reason_en,
    }  # fmt: skip
    listed = Q(state=State.LISTED)
    return _change(account, "delisted", by=by, only=listed, version=version, data={"ground": ground}, **changes)


def _change(
    account: Account, verb: str, *, by: Any, only: Q, version: int | None, data: Any = None, **changes: Any
) -> Account:
    """Set `changes` where `only` (and the version, if given) still holds, else Conflict."""
    rows = Account.objects.filter(only, pk=account.pk)
    if version is not None:
        rows = rows.filter(version=version)
    if not rows.update(version=F("version") + 1, **changes):
        raise Conflict
    account.refresh_from_db()
    record(verb=f"account.{verb}", subject=account, by=by, data={**(data or {}), "version": account.version})
    return account


def _key(content: dict[str, Any]) -> str:
    return name_in_address(content["platform"], content["address"])


def _known(content: dict[str, Any], allowed: set[str]) -> dict[str, Any]:
    if unknown := content.keys() - allowed:
        raise TypeError(f"cannot be changed here: {', '.join(sorted(unknown))}")
    return content


def _person(by: Any) -> Any:
    return by if getattr(by, "pk", None) else None
