"""What citizens are told by e-mail, in the language of their message. Without an address nothing is written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from participation.feedback.links import letter_url
from participation.feedback.models import Case, Message, Referral
from portal.mail.actions import write_mail


def _write(case: Case, template: str, key: str, **context: Any) -> None:
    if not case.email:
        return
    write_mail(
        to=case.email,
        language=case.language,
        template=f"feedback/{template}",
        context={"case": case, "case_url": letter_url(case), **context},
        about=case,
        dedupe_key=f"case:{case.pk}:{key}" if key else None,
    )


def acknowledge(case: Case) -> None:
    """The case is in a unit's queue: by when it will be answered."""
    _write(case, "acknowledgement", "acknowledgement")


def reply(case: Case, message: Message, *, is_final: bool) -> None:
    """An answer, or news on the way to one."""
    _write(case, "reply", f"reply:{message.pk}", message=message, is_final=is_final)


def question(case: Case, message: Message) -> None:
    """The unit needs something from the citizen before it can go on."""
    _write(case, "question", f"question:{message.pk}", message=message)


def referred(case: Case, referral: Referral, message: Message) -> None:
    """The case went to another authority, with what was written to it."""
    _write(case, "referred", f"referred:{referral.pk}", referral=referral, message=message)


def finished(case: Case, message: Message) -> None:
    """Closed, ruled out or taken out of view, with the reason."""
    _write(case, "finished", f"finished:{message.pk}", message=message)


def due_moved(case: Case, old: datetime | None, new: datetime) -> None:
    """The promised time moved, because a closure was announced, moved or withdrawn."""
    """Another date than promised. One that comes back (a closure withdrawn and announced again) is told again."""
    _write(case, "due_moved", "", old_due=old, new_due=new)
