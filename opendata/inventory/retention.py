"""How long what the inventory keeps of people is kept."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from opendata.inventory.models import Upload
from portal.retention.registry import Rule, before, days, register

FILE_DAYS = days("inventory.file", 7)


def files_due(at: datetime) -> QuerySet[Upload]:
    """Files that nobody took over, and that still have their content."""
    return Upload.objects.filter(content__isnull=False, uploaded_at__lt=before(at, FILE_DAYS))


def empty(files: QuerySet[Upload]) -> int:
    """Keep the row with its counts, without the content."""
    return files.update(content=None)


CONTACT = Rule(
    "inventory.contact", "inventory.agency", ("contact_email", "contact_phone"),
    title=_("Official e-mail and telephone of an agency's point of contact for open data"),
    purpose=_("So that everybody can ask the agency about its data."),
    basis=_("The open data policy: each agency names a point of contact by job. It is public and of the office."),
    days=None, counted_from="",
)  # fmt: skip
ASSET_CONTACT = Rule(
    "inventory.asset_contact", "inventory.asset", ("contact_email", "contact_phone"),
    title=_("Official e-mail and telephone of the point of contact of a data asset"),
    purpose=_("So that everybody can ask about this data."), basis=CONTACT.basis, days=None, counted_from="",
)  # fmt: skip
FILE = Rule(
    "inventory.file", "inventory.upload", ("name", "content"),
    title=_("Files with the inventory of an agency"),
    purpose=_("To show what would become of each row before anything is stored."),
    basis=_("The open data policy: each agency keeps a data inventory. What is taken over is emptied at once."),
    days=FILE_DAYS, counted_from=_("the day it was uploaded"), due=files_due, dispose=empty,
)  # fmt: skip


def register_all() -> None:
    """Tell the registry."""
    register(CONTACT, ASSET_CONTACT, FILE)
