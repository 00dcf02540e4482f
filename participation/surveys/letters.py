"""What people are told by e-mail: invitations, links for one vote, and what staff have still to do."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone

from participation.surveys.models import HandOver, Invitation, Questionnaire
from participation.surveys.voters import address_identity, invitation_grant, mail_grant
from portal.mail.actions import write_mail
from portal.mail.models import OutgoingMail
from portal.organisations.models import Membership, Role, Unit


def vote_url(questionnaire: Questionnaire, language: str, grant: str) -> str:
    """The absolute address that opens a questionnaire with a grant."""
    return f"{settings.SITE_URL}/{language}{questionnaire.path}?grant={grant}"


def invitation(invited: Invitation) -> OutgoingMail | None:
    """The link of somebody invited, once."""
    questionnaire = invited.questionnaire
    return write_mail(
        to=invited.email,
        language=invited.language,
        template="surveys/invitation",
        about=questionnaire,
        context={
            "questionnaire": questionnaire,
            "organisation": questionnaire.on_behalf_of or questionnaire.unit.organisation,
            "url": vote_url(questionnaire, invited.language, invitation_grant(invited)),
        },
        dedupe_key=f"survey-invitation:{invited.pk}",
    )


def mail_link(*, questionnaire: Questionnaire, email: str, language: str) -> OutgoingMail | None:
    """A link with one vote for whoever reads the mail of an address; at most one letter an hour and address.

    None where one was written this hour. The letter is the same whether or not that address has voted.
    """
    return write_mail(
        to=email, language=language, template="surveys/link", about=questionnaire,
        context={
            "questionnaire": questionnaire, "url": vote_url(questionnaire, language, mail_grant(questionnaire, email))
        },
        dedupe_key=f"survey-link:{questionnaire.pk}:{address_identity(email)[:32]}:{timezone.now():%Y%m%d%H}",
    )  # fmt: skip


def to_owner(questionnaire: Questionnaire, template: str, key: str, **context: Any) -> int:
    """Write once to who leads the owning unit, or to its members, or to its address; returns how many letters."""
    count = 0
    for number, (email, language) in enumerate(_owners(questionnaire.unit)):
        count += write_mail(
            to=email, language=language, template=f"surveys/{template}", about=questionnaire,
            context={"questionnaire": questionnaire, "page_url": _page_url(questionnaire, language), **context},
            dedupe_key=f"survey:{questionnaire.pk}:{key}:{number}",
        ) is not None  # fmt: skip
    return count


def _page_url(questionnaire: Questionnaire, language: str) -> str:
    return f"{settings.SITE_URL}/{language}{questionnaire.results_path}"


def _owners(unit: Unit) -> list[tuple[str, str]]:
    members = Membership.objects.filter(unit=unit, user__is_active=True).exclude(user__email="").order_by("pk")
    people = list(members.values_list("role", "user__email", "user__language"))
    leading = [(email, language) for role, email, language in people if role in (Role.LEAD, Role.HEAD)]
    everybody = [(email, language) for _role, email, language in people]
    return leading or everybody or ([(unit.email, "ar")] if unit.email else [])


def handed_over(given: HandOver) -> OutgoingMail | None:
    """Tell the organisation that its answers wait for it, and by which checksum to know the file."""
    if not given.organisation.email:
        return None
    return write_mail(
        to=given.organisation.email, language="ar", template="surveys/handed_over", about=given.questionnaire,
        context={"questionnaire": given.questionnaire, "given": given},
        dedupe_key=f"survey-hand-over:{given.pk}",
    )  # fmt: skip
