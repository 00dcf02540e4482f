"""What the public may read of an asset. Every page, export, index and list takes it from here, so that a title that is
not shown, and what goes with it, is left out everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from opendata.inventory.choices import Access, State
from opendata.inventory.models import Asset, AssetQuerySet

ACCESS_CHIPS: dict[str, str] = {Access.OPEN: "success", Access.RESTRICTED: "warning", Access.CLOSED: "danger"}
NAMING = ("title", "description", "code", "source_system", "owner_role")
"""What would give away an asset whose title is not shown."""


@dataclass(frozen=True)
class Contact:
    """Whom to ask about data. What is not named is empty."""

    role: str = ""
    email: str = ""
    phone: str = ""

    @property
    def is_named(self) -> bool:
        return bool(self.role or self.email or self.phone)


@dataclass(frozen=True)
class Shown:
    """An asset as the public sees it, worded in the active language. What is not shown or not given is empty."""

    pk: int
    url: str
    title: str
    description: str
    code: str
    source_system: str
    owner_role: str
    contact: Contact
    ground: str
    organisation: str
    agency_url: str
    theme: str
    frequency: str
    is_high_value: bool
    access: str
    access_chip: str
    is_open: bool
    classification: str
    reason: str
    legal_basis: str
    decided_by_role: str
    decided_on: date | None
    review_on: date | None
    state: str
    chip: str
    release_on: date | None
    is_late: bool
    published_at: datetime | None
    dataset_url: str
    ask_url: str

    @property
    def heading(self) -> str:
        """Its title, or why that is not shown."""
        return self.title or _("Title not shown: %(ground)s") % {"ground": self.ground}


def shown(asset: Asset) -> Shown:
    """The asset for the public; it comes from `for_public`."""
    return Shown(
        pk=asset.pk,
        url=asset.get_absolute_url(),
        **{name: public_text(asset, name) for name in NAMING},
        contact=contact_of(asset),
        ground=asset.get_hidden_ground_display() if asset.hidden_ground else "",
        organisation=str(asset.organisation),
        agency_url=agency_url(asset),
        theme=asset.get_theme_display(),
        frequency=asset.get_frequency_display(),
        is_high_value=asset.is_high_value,
        access=asset.get_access_display(),
        access_chip=ACCESS_CHIPS[asset.access],
        is_open=asset.access == Access.OPEN,
        classification=asset.get_classification_display(),
        reason=asset.get_reason_display() if asset.reason else "",
        legal_basis=asset.legal_basis or "",
        decided_by_role=asset.decided_by_role or "",
        decided_on=asset.decided_on,
        review_on=asset.review_on,
        state=asset.get_state_display(),
        chip=asset.chip,
        release_on=asset.release_on if asset.state == State.SCHEDULED else None,
        is_late=asset.is_late,
        published_at=asset.published_at,
        dataset_url=dataset_url(asset),
        ask_url=ask_url(asset),
    )


def for_public(rows: AssetQuerySet) -> AssetQuerySet:
    """Those of the rows the public may know of, with all that `shown` reads, in one query."""
    return rows.public().select_related("organisation__open_data", "dataset")


def public_text(asset: Asset, name: str) -> str:
    """A text of the asset, such as "title_ar"; empty where it would name what is not to be named."""
    return "" if asset.hidden_ground else getattr(asset, name) or ""


def contact_of(asset: Asset, role_column: str = "contact_role") -> Contact:
    """Whom to ask about the asset: its own point of contact, and for what it does not name, its agency's.

    E-mail and telephone go together, so that nobody is given the address of one office and the number of another. Of
    an asset whose title is not shown it is the agency's alone.
    """
    names = (role_column, "contact_email", "contact_phone")
    role, email, phone = (public_text(asset, name) for name in names)
    agency = getattr(asset.organisation, "open_data", None)
    its_role, its_email, its_phone = (getattr(agency, name, "") or "" for name in names)
    if email or phone:
        return Contact(role, email, phone)
    return Contact(role or its_role, its_email, its_phone)


def agency_url(asset: Asset) -> str:
    """The page of its agency; empty where the organisation owes no inventory."""
    agency = getattr(asset.organisation, "open_data", None)
    return agency.get_absolute_url() if agency else ""


def dataset_url(asset: Asset) -> str:
    """The page of its dataset, once published."""
    dataset = getattr(asset, "dataset", None) if asset.state == State.PUBLISHED else None
    return _url("catalogue:dataset", dataset.slug) if dataset else ""


def ask_url(asset: Asset) -> str:
    """Where its data is asked for, while it is not published."""
    url = "" if asset.state == State.PUBLISHED else _url("data_requests:new")
    return f"{url}?{urlencode({'asset': asset.pk})}" if url else ""


def _url(name: str, *args: Any) -> str:
    """The address of a page of a capability that stands above this one; empty where that is not installed."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
