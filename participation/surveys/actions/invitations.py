"""Who is invited, and the letters that tell them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from participation.surveys import letters
from participation.surveys.models import Invitation, Questionnaire
from participation.surveys.voters import address_identity
from portal.audit.actions import record
from portal.encryption import normalise_email
from portal.tasks import nudge

AT_ONCE = 100
"""Letters written in one transaction."""


class BadAddresses(Exception):
    """Some of the addresses are none; nobody was invited. `addresses` are those."""

    def __init__(self, addresses: list[str]) -> None:
        super().__init__(f"{len(addresses)} addresses")
        self.addresses = addresses


@transaction.atomic
def invite(*, questionnaire: Questionnaire, addresses: Iterable[str], by: Any, language: str = "ar") -> int:
    """Invite each address once, however often and however spelt it is given; returns how many are new.

    Raises BadAddresses. The letters are written when the questionnaire opens, or now if it is open.
    """
    wanted = {normalise_email(address) for address in addresses if address.strip()}
    if bad := sorted(address for address in wanted if not _is_address(address)):
        raise BadAddresses(bad)
    before = Invitation.objects.filter(questionnaire=questionnaire).count()
    Invitation.objects.bulk_create(
        (
            Invitation(questionnaire=questionnaire, email=email, email_index=address_identity(email), language=language)
            for email in sorted(wanted)
        ),
        ignore_conflicts=True,
        batch_size=500,
    )
    new = Invitation.objects.filter(questionnaire=questionnaire).count() - before
    record(verb="questionnaire.invited", subject=questionnaire, by=by, data={"count": new})
    nudge("surveys.send_invitations")
    return new


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def send_invitations() -> int:
    """Write the letters to the invited of questionnaires that are open; returns how many."""
    count = 0
    while written := _write_some():
        count += written
    return count


@transaction.atomic
def _write_some() -> int:
    """Some letters; those another worker is writing are left to it."""
    waiting = Invitation.objects.filter(sent_at=None, questionnaire__in=Questionnaire.objects.open())
    rows = list(
        waiting.select_related("questionnaire__unit__organisation", "questionnaire__on_behalf_of").select_for_update(
            of=("self",), skip_locked=True
        )[:AT_ONCE]
    )
    for row in rows:
        letters.invitation(row)
    Invitation.objects.filter(pk__in=[row.pk for row in rows]).update(sent_at=timezone.now())
    return len(rows)
