"""What the rest of the portal shows of the register: participation map, policies, search, site map, JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participation.social.models import Account
from participation.social.states import State
from portal import agenda, site_map
from portal.bilingual import LANGUAGE_CODES, bare_path, in_language
from portal.live_facts import Fact
from portal.richtext import escape
from portal.search.registry import Document, Source

_PLAIN_IN_ADDRESSES = "/:?#&=%@+,;~!$'*"
"""What stays as it is in a link of Markdown; a bracket would end it, a backslash would hide what follows."""


def path_of(account: Account) -> str:
    """Where an account stands on the public page, without language prefix."""
    return f"{bare_path(reverse('social:list'))}#account-{account.pk}"


def accounts_for_the_map() -> Iterator[agenda.Account]:
    """The accounts that are official and in use."""
    for account in Account.objects.active().in_order():
        yield agenda.Account(str(account.get_platform_display()), account.shown_handle, account.address)


def accounts_in_markdown() -> str:
    """The official accounts as a list with their organisations, for a policy."""
    rows = list(Account.objects.active().in_order())
    if not rows:
        return _("No account is on the register at the moment.")
    return "\n".join(
        f"- {escape(row.organisation)}: [{escape(row.get_platform_display())} {escape(row.shown_handle)}]"
        f"({quote(row.address, safe=_PLAIN_IN_ADDRESSES)})"
        for row in rows
    )


def documents(keys: Iterable[int | str] | None) -> Iterator[Document]:
    """Every official account as it is found, in both languages."""
    rows = Account.objects.official().in_order()
    rows = rows if keys is None else rows.filter(pk__in=[int(key) for key in keys])
    for account in rows:
        for code in LANGUAGE_CODES:
            with in_language(code):
                yield _document(account, code)


def _document(account: Account, code: str) -> Document:
    assert account.listed_at is not None
    return Document(
        pk=account.pk,
        language=code,
        title=f"{account} – {account.organisation.name}",
        text=f"{account.text('purpose', code)} {account.text('audience', code)}",
        path=path_of(account),
        published_at=account.listed_at,
        organisation=str(account.organisation.name),
    )


def pages() -> Iterator[site_map.Page]:
    """The register and the check."""
    newest = Account.objects.exclude(state=State.PROPOSED).aggregate(at=Max("listed_at"))["at"]
    check = site_map.Page(_("Is this account official?"), bare_path(reverse("social:check")))
    title = _("Official social-media accounts")
    yield site_map.Page(title, bare_path(reverse("social:list")), newest, (check,))


def for_machines() -> dict[str, Any]:
    """The register for programs: what is official, and what was. Texts in both languages, dates as ISO 8601."""
    return {
        "as_of": timezone.now().isoformat(timespec="seconds"),
        "accounts": [_row(row) for row in Account.objects.official().in_order()],
        "no_longer_official": [_gone(row) for row in Account.objects.no_longer_official().in_order()],
    }


def _both(account: Any, field: str) -> dict[str, str]:
    return {code: getattr(account, f"{field}_{code}") for code in LANGUAGE_CODES}


def _row(account: Account) -> dict[str, Any]:
    return {
        "platform": account.platform,
        "handle": account.handle,
        "address": account.address,
        "organisation": {"code": account.organisation.code, **_both(account.organisation, "name")},
        "holder_job": _both(account, "holder_job"),
        "resolution": {"number": account.resolution_number, "date": account.resolution_date.isoformat()},
        "authorised_until": account.authorised_until.isoformat(),
        "purpose": _both(account, "purpose"),
        "audience": _both(account, "audience"),
        "languages": account.languages,
        "last_post_on": account.last_post_on.isoformat() if account.last_post_on else None,
        "is_active": account.public_standing == account.public_standing.OFFICIAL,
    }


def _gone(account: Account) -> dict[str, Any]:
    until = account.official_until
    return {
        "platform": account.platform,
        "handle": account.handle,
        "address": account.address,
        "organisation": {"code": account.organisation.code, **_both(account.organisation, "name")},
        "official_until": until.isoformat() if until else None,
        "ground": account.ground or "expired",
    }


ACCOUNTS = Fact(
    name="social_accounts",
    description=gettext_lazy("The official social-media accounts that are in use, with their organisations"),
    value=accounts_in_markdown,
    is_block=True,
)
SOURCE = Source(
    kind="social",
    label=gettext_lazy("Official accounts"),
    documents=documents,
    model="social.account",
    position=80,
)
SECTION = site_map.Section(
    key="social", title=gettext_lazy("Official social-media accounts"), pages=pages, position=60
)  # fmt: skip
