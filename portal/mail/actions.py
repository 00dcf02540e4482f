"""Writing letters and sending them."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import IntegrityError, models, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from portal.audit.actions import record
from portal.bilingual import in_language
from portal.mail.models import MailState, OutgoingMail

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 10
"""With the waits below a mail server may be away for about two days before a letter is given up."""


def write_mail(
    *,
    to: str,
    language: str,
    template: str,
    context: Mapping[str, Any],
    about: models.Model | None = None,
    dedupe_key: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> OutgoingMail | None:
    """Store a letter in the transaction of whatever it tells about; a sender picks it up after the commit.

    Renders `mail/<template>.subject.txt`, `.txt` and `.html` in `language`. With a `dedupe_key` that was used
    before, writes nothing and returns None. `headers` are stored in clear: nothing personal belongs there.
    """
    mail = compose(
        to=to, language=language, template=template, context=context, about=about, dedupe_key=dedupe_key,
        headers=headers,
    )  # fmt: skip
    try:
        with transaction.atomic():
            mail.save(force_insert=True)
    except IntegrityError:
        if dedupe_key is None:
            raise
        return None
    hurry()
    return mail


def compose(
    *,
    to: str,
    language: str,
    template: str,
    context: Mapping[str, Any],
    about: models.Model | None = None,
    dedupe_key: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> OutgoingMail:
    """The same letter as an unsaved row, for callers that store many at once."""
    with in_language(language):
        values = {**context, "site_url": settings.SITE_URL, "entity_name": settings.ENTITY_NAME[language]}
        values |= {"language": language, "direction": "rtl" if language == "ar" else "ltr"}
        subject = " ".join(render_to_string(f"mail/{template}.subject.txt", values).split())
        values["subject"] = subject
        return OutgoingMail(
            to=to,
            language=language,
            template=template,
            subject=subject[:200],
            text=render_to_string(f"mail/{template}.txt", values).strip() + "\n",
            html=render_to_string(f"mail/{template}.html", values),
            about_kind=about._meta.label_lower if about is not None else "",
            about_id=str(about.pk) if about is not None else "",
            dedupe_key=dedupe_key,
            headers=dict(headers or {}),
        )


def hurry() -> None:
    """After the commit, ask a worker to send at once; the periodic sweep sends anyway."""
    from portal.tasks import nudge

    nudge("mail.send_waiting")


def send_waiting(limit: int = 50) -> int:
    """Send letters whose time has come; returns how many were sent.

    Each is leased in a short transaction and sent outside of it, so that a slow mail server holds no lock.
    A crash between sending and noting it may send one letter twice; it never loses one.
    """
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:  # nothing was tried, so no letter's wait grows
        logger.warning("mail server unavailable: %s", type(error).__name__)
        return 0
    try:
        return sum(_send(mail, connection) for mail in _lease(limit) if _renewed(mail))
    finally:
        connection.close()


def _lease(limit: int) -> list[OutgoingMail]:
    now = timezone.now()
    with transaction.atomic():
        mails = list(
            OutgoingMail.objects.due(now).order_by("next_attempt_at").select_for_update(skip_locked=True)[:limit]
        )
        OutgoingMail.objects.filter(pk__in=[mail.pk for mail in mails]).update(
            next_attempt_at=now + LEASE, attempts=models.F("attempts") + 1
        )
    for mail in mails:
        mail.attempts += 1
    return mails


def _held(mail: OutgoingMail) -> models.QuerySet[OutgoingMail]:
    """The letter while it is still ours: whoever leases it after us counts `attempts` up."""
    return OutgoingMail.objects.filter(pk=mail.pk, state=MailState.WAITING, attempts=mail.attempts)


def _renewed(mail: OutgoingMail) -> int:
    """Lease the letter anew before its turn: behind slow ones its first lease may have run out, and another sent it."""
    return _held(mail).update(next_attempt_at=timezone.now() + LEASE)


def _send(mail: OutgoingMail, connection: Any) -> int:
    message = EmailMultiAlternatives(
        mail.subject,
        mail.text,
        settings.DEFAULT_FROM_EMAIL,
        [mail.to],
        connection=connection,
        headers={
            "Content-Language": mail.language,
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            **mail.headers,
        },
    )
    message.attach_alternative(mail.html, "text/html")
    try:
        message.send()
    except Exception as error:  # every library and server has its own; the letter waits whatever it was
        _postpone(mail, error)
        return 0
    return _held(mail).update(state=MailState.SENT, sent_at=timezone.now(), last_error="")


def _postpone(mail: OutgoingMail, error: Exception) -> None:
    """Wait twice as long each time (1 minute to 12 hours), or give up where trying again cannot help."""
    rows = _held(mail)
    reason = _reason(error)
    if mail.attempts >= MAX_ATTEMPTS or _is_permanent(error):
        with transaction.atomic():
            if rows.update(state=MailState.FAILED, last_error=reason):
                record(
                    verb="mail.failed", subject=mail, data={"template": mail.template, "reason": type(error).__name__}
                )
        return
    wait = min(timedelta(minutes=2 ** (mail.attempts - 1)), timedelta(hours=12))
    rows.update(next_attempt_at=timezone.now() + wait, last_error=reason)


def _is_permanent(error: Exception) -> bool:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _message in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code in (550, 551, 553, 554)


def _reason(error: Exception) -> str:
    """The kind of error and the server's code, without the address the server may have echoed."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = {str(code) for code, _message in error.recipients.values()}
        return f"{type(error).__name__} {' '.join(sorted(codes))}"
    code = getattr(error, "smtp_code", "")
    return f"{type(error).__name__} {code}".strip()


def try_again(*, mails: models.QuerySet[OutgoingMail], by: Any) -> int:
    """Put letters that failed for good back in the queue; returns how many. One that was emptied has no address."""
    with transaction.atomic():
        failed = list(mails.filter(state=MailState.FAILED).exclude(to="").select_for_update())
        for mail in failed:
            record(verb="mail.retried", subject=mail, by=by)
        count = mails.filter(pk__in=[m.pk for m in failed]).update(
            state=MailState.WAITING, attempts=0, next_attempt_at=timezone.now()
        )
    hurry()
    return count
