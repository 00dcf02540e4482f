"""Who of the staff may do what with which account. Editors propose; listing is for those who may list."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from participation.social.models import Account
from participation.social.states import State


def visible_account(user: Any, pk: int | str) -> Account:
    """The account, if the user may see it; else the same 404 as for one that does not exist."""
    rows = Account.objects.visible_to(user).select_related(
        "unit__organisation", "proposed_by", "listed_by", "delisted_by"
    )
    account = rows.filter(pk=pk).first()
    if account is None:
        raise Http404
    return account


def possible(user: Any, account: Account) -> set[str]:
    """The verbs that the user's permissions and the account's state allow; the account is one the user may see."""
    verbs: set[str] = set()
    if account.state == State.PROPOSED and user.has_perm("social.list_account"):
        verbs.add("list")
    if account.state == State.LISTED:
        if user.has_perm("social.change_account"):
            verbs.add("posted")
        if user.has_perm("social.list_account"):
            verbs |= {"renew", "delist"}
    return verbs
