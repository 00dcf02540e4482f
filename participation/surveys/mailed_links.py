"""Letters that lead back to saved answers: to go on with them, or to send them without a cookie.

A letter says nothing of what was answered. An address gets one of a kind an hour, so that nobody can be flooded in
our name; whether one went out before is told to nobody.
"""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from participation.surveys.actions.drafts import IDLE, draft_token
from participation.surveys.models import Draft
from participation.surveys.voters import address_identity, mail_grant
from portal.bilingual import in_language
from portal.mail.actions import write_mail


def send_voting_link(*, draft: Draft, email: str, language: str) -> None:
    """A link with one vote for this address, that leads to the saved answers, ready to be sent."""
    query = urlencode({"grant": mail_grant(draft.questionnaire, email)})
    _write("link", draft, email, language, url=f"{_url(draft, 'review', language)}?{query}")


def send_resume_link(*, draft: Draft, email: str, language: str) -> None:
    """A link to go on with saved answers."""
    _write("resume", draft, email, language, url=_url(draft, "resume", language), days=IDLE.days)


def _write(template: str, draft: Draft, email: str, language: str, **context: object) -> None:
    write_mail(
        to=email,
        language=language,
        template=f"surveys/{template}",
        context={"questionnaire": draft.questionnaire, **context},
        about=draft.questionnaire,
        dedupe_key=f"survey-draft-{template}:{draft.pk}:{address_identity(email)[:32]}:{timezone.now():%Y%m%d%H}",
    )


def _url(draft: Draft, name: str, language: str) -> str:
    with in_language(language):
        return settings.SITE_URL + reverse(f"surveys:{name}", args=[draft.questionnaire.slug, draft_token(draft)])
