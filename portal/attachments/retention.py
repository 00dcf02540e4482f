"""How long uploads are kept. Those of a message go with it; nobody's go after some days."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from portal.attachments.actions import UNCLAIMED_AFTER
from portal.attachments.models import Attachment
from portal.retention.registry import Rule, register


def destroy(attachments: Iterable[Attachment]) -> None:
    """Delete files and their rows, inside a transaction.

    The contents go first: killed in between, the row is still there for the next run to find, whereas a file without a
    row would stay for ever.
    """
    keys = []
    for attachment in attachments:
        if name := attachment.stored.name:
            attachment.stored.storage.delete(name)
        keys.append(attachment.pk)
    Attachment.objects.filter(pk__in=keys).delete()


UNCLAIMED = Rule(
    "attachments.unclaimed", "attachments.attachment", ("original_name", "stored", "sha256", "verdict"),
    title=_("Files chosen for a form that was never sent"),
    purpose=_("So that you need not choose them again when a form comes back with an error."),
    basis=_("You chose them yourself; nobody opens them before the form is sent."),
    days=UNCLAIMED_AFTER.days, counted_from=_("the day they were chosen"),
)  # fmt: skip


def register_all() -> None:
    """Tell the registry."""
    register(UNCLAIMED)
