"""Who of the staff may do what with which account. Editors propose; what everybody reads is for those who may list."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from participation.social.actions import has_written
from participation.social.models import Account
from participation.social.states import State


def visible_account(user: Any, pk: int | str) -> Account:
    """The account, if the user may see it; else the same 404 as for one that does not exist."""
    rows = Account.objects.visible_to(user).select_related(
        "unit__organisation", "proposed_by", "listed_by", "delisted_by"
    )
    try:
        return rows.get(pk=pk)
    except (Account.DoesNotExist, ValueError):
        raise Http404 from None


def may_edit(user: Any, account: Account) -> bool:
    """May the user change it? A proposal: every editor of the unit. What everybody reads: who may list."""
    if account.state == State.PROPOSED:
        return user.has_perm("social.change_account")
    return account.state == State.LISTED and user.has_perm("social.list_account")


def waits_for_another(user: Any, account: Account) -> bool:
    """Whether the user could list it, had they not written the proposal themselves."""
    may_list = account.state == State.PROPOSED and user.has_perm("social.list_account")
    return may_list and has_written(user, account)


def possible(user: Any, account: Account) -> set[str]:
    """The verbs that the user's permissions and the account's state allow; the account is one the user may see."""
    verbs: set[str] = set()
    if account.state == State.PROPOSED and user.has_perm("social.list_account") and not has_written(user, account):
        verbs.add("list")
    if account.state == State.LISTED:
        if user.has_perm("social.change_account"):
            verbs.add("posted")
        if user.has_perm("social.list_account"):
            verbs |= {"renew", "delist"}
    return verbs
