"""What requesters are told by e-mail, in the language of their request. Without an address nothing is written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from opendata.data_requests.choices import Outcome
from opendata.data_requests.links import letter_url
from opendata.data_requests.models import RECONSIDER_TIME, Answer, DataRequest
from portal.bilingual import in_language
from portal.digits import isolate
from portal.mail.actions import write_mail


def _write(asked: DataRequest, key: str, subject: str, lines: list[str], **more: Any) -> None:
    """One letter: `lines` are its paragraphs, in the language of the request."""
    write_mail(
        to=asked.email,
        language=asked.language,
        template="data_requests/letter",
        context={"headline": subject, "lines": lines, "asked_url": letter_url(asked), **more},
        about=asked,
        dedupe_key=f"datarequest:{asked.pk}:{key}" if key else None,
    )


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")


def received(asked: DataRequest) -> None:
    """It has arrived, and by what it is followed."""
    if not asked.email:
        return
    with in_language(asked.language):
        words = {"reference": isolate(asked.reference)}
        lines = [
            _("Your request for data %(reference)s has arrived.") % words,
            _("We write to you when an agency has accepted it, with the time by which it will be answered."),
        ]
        _write(asked, "received", _("We have received your request for data %(reference)s") % words, lines)


def accepted(asked: DataRequest, due: datetime | None) -> None:
    """Somebody works on it: by when it is answered."""
    if not asked.email:
        return
    with in_language(asked.language):
        words = {"reference": isolate(asked.reference), "organisation": asked.organisation}
        lines = [_("%(organisation)s has accepted your request for data %(reference)s.") % words]
        if due:
            lines.append(_("You will have an answer by %(due)s, counted in working hours.") % {"due": _moment(due)})
        _write(asked, "accepted", _("Your request for data %(reference)s was accepted") % words, lines)


def answered(asked: DataRequest, answer: Answer) -> None:
    """The answer, and how to have it reconsidered."""
    if not asked.email:
        return
    with in_language(asked.language):
        words = {"reference": isolate(asked.reference), "organisation": asked.organisation}
        lines = [_("%(organisation)s has answered your request for data %(reference)s.") % words, *facts(answer)]
        more = {"quote": getattr(answer, f"text_{asked.language}"), "after": _after(asked)}
        if answer.version is not None:
            more["dataset_url"] = settings.SITE_URL + answer.version.get_absolute_url()
        subject = _("The answer to your request for data %(reference)s") % words
        _write(asked, f"answer:{answer.sequence}", subject, lines, **more)


def _after(asked: DataRequest) -> str:
    if asked.reconsider_at is not None or asked.answered_at is None:
        return ""
    day = date_format(timezone.localtime(asked.answered_at + RECONSIDER_TIME), "DATE_FORMAT")
    words = _("If you think the answer is wrong, you can have it reconsidered once, by somebody else, until %(day)s.")
    return words % {"day": day}


def facts(answer: Answer) -> list[str]:
    """What an answer says besides its text, in sentences of the active language."""
    found = [_("Answer: %(kind)s.") % {"kind": Outcome(answer.kind).label}]
    if answer.planned_on:
        found.append(_("Planned release: %(day)s.") % {"day": date_format(answer.planned_on, "DATE_FORMAT")})
    if answer.holder:
        found.append(_("Who holds it: %(holder)s") % {"holder": answer.holder})
    if answer.reason:
        words = {"reason": answer.get_reason_display(), "basis": answer.legal_basis}
        found.append(_("Reason: %(reason)s. Legal basis: %(basis)s") % words)
    return found


def reconsidering(asked: DataRequest, due: datetime | None) -> None:
    """The wish to have the answer reconsidered arrived."""
    if not asked.email:
        return
    with in_language(asked.language):
        words = {"reference": isolate(asked.reference)}
        lines = [_("Somebody who did not answer your request %(reference)s before looks at it again.") % words]
        if due:
            lines.append(_("You will have an answer by %(due)s, counted in working hours.") % {"due": _moment(due)})
        _write(asked, "reconsidering", _("Your request for data %(reference)s is reconsidered") % words, lines)


def merged(asked: DataRequest, other: DataRequest) -> None:
    """It goes on under another reference."""
    if not asked.email:
        return
    with in_language(asked.language):
        words = {"reference": isolate(asked.reference), "other": isolate(other.reference)}
        lines = [_("Request %(other)s asks for the same data, so yours was merged into it. Follow it there:") % words,
                 settings.SITE_URL + other.get_absolute_url()]  # fmt: skip
        _write(asked, "merged", _("Your request for data %(reference)s was merged into another") % words, lines)


def removed(asked: DataRequest) -> None:
    """Taken out of view, on which ground."""
    if not asked.email:
        return
    with in_language(asked.language):
        words = {"reference": isolate(asked.reference), "ground": asked.get_ground_display()}
        lines = [_("Your request for data %(reference)s is not dealt with. The ground: %(ground)s.") % words]
        _write(asked, "removed", _("Your request for data %(reference)s was taken out of view") % words, lines)


def due_moved(asked: DataRequest, old: datetime | None, new: datetime) -> None:
    """Another time than promised, because the calendar changed."""
    if not asked.email:
        return
    with in_language(asked.language):
        words = {"reference": isolate(asked.reference), "due": _moment(new)}
        line = _("The working days changed, so the answer to your request %(reference)s is now due by %(due)s.")
        _write(asked, "", _("Another time for your request for data %(reference)s") % words, [line % words])
