"""Official social-media accounts: listed, silent, about to end, ended, taken off, and one only proposed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from participation.social.actions import delist_account, list_account, propose_account
from participation.social.models import Account
from participation.social.platforms import name_in_address
from portal.home.demo.content import load
from portal.organisations.models import Membership, Role, Unit
from portal.staff.models import User

TEXTS = [f"{stem}_{code}" for stem in ("holder_job", "purpose", "audience") for code in ("ar", "en")]
PLAIN = ["platform", "handle", "address", "holder_name", "resolution_number", "languages", *TEXTS]


def tell_social() -> int:
    """Register the demonstration's accounts that are not there yet; returns how many."""
    known = set(Account.objects.values_list("platform", "handle_key"))
    rows = [row for row in load("social") if (row["platform"], _key(row)) not in known]
    units = {unit.code: unit for unit in Unit.objects.all()}
    for row in rows:
        _tell(row, units[row["unit"]])
    return len(rows)


def _key(row: dict[str, Any]) -> str:
    return name_in_address(row["platform"], row["address"])


def _tell(row: dict[str, Any], unit: Unit) -> None:
    by = _member(unit, Role.HEAD, Role.LEAD)
    until = _day(-row["authorised_days"])
    account = propose_account(
        by=_member(unit, Role.OFFICER), unit=unit, resolution_date=_day(row["resolved_days_ago"]),
        authorised_until=max(until, timezone.localdate()),
        last_post_on=None if row["post_days_ago"] is None else _day(row["post_days_ago"]),
        **{name: row[name] for name in PLAIN},
    )  # fmt: skip
    if row["state"] == "proposed":
        return
    list_account(account=account, by=by)
    listed_at = timezone.now() - timedelta(days=row["resolved_days_ago"] - 2)
    Account.objects.filter(pk=account.pk).update(listed_at=listed_at, authorised_until=until)
    if row["state"] == "delisted":
        reasons = {name: row[name] for name in ("ground", "reason_ar", "reason_en")}
        delist_account(account=account, by=by, **reasons)
        gone_at = timezone.now() - timedelta(days=row["delisted_days_ago"])
        Account.objects.filter(pk=account.pk).update(delisted_at=gone_at)


def _member(unit: Unit, *roles: str) -> User | None:
    member = Membership.objects.filter(unit=unit, role__in=roles).select_related("user").first()
    return member.user if member else None


def _day(days_ago: int) -> date:
    """So many days before today; after it where negative."""
    return timezone.localdate() - timedelta(days=days_ago)
