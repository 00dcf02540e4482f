"""A message comes in: stored before anything else happens, once however often it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from participation.feedback.actions.moving import move
from participation.feedback.models import Case, CaseAttachment
from participation.feedback.states import BEGINS_WITH, Channel, Kind, Priority, State
from portal.attachments.models import Attachment
from portal.audit.actions import record
from portal.clocks.actions import planned_clocks, start_planned, suspend_if_incident
from portal.clocks.models import Metric
from portal.encryption import blind_index, normalise_email, normalise_phone
from portal.organisations.models import Topic
from portal.references import hash_secret, new_reference, secret_from
from portal.search.folding import fold, to_index_text
from portal.tasks import nudge

SAME_TEXT_WINDOW = timedelta(days=1)


@dataclass(frozen=True)
class Entry:
    """What somebody wrote, already validated."""

    kind: str
    topic: Topic
    text: str
    language: str
    governorate: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    safety_requested: bool = False
    safety_reason: str = ""
    page: str = ""
    """Path of the page it is about, without the language prefix."""


@dataclass(frozen=True)
class Submitted:
    """A stored case and the secret that opens it; `is_new` is False for a repeated sending of one form."""

    case: Case
    secret: str
    is_new: bool


class AlreadySent(Exception):
    """The same sender sent the same text a short while ago, as the case given."""

    def __init__(self, case: Case) -> None:
        super().__init__(case.reference)
        self.case = case


def submit_case(
    *,
    entry: Entry,
    form_token: str,
    channel: str = Channel.WEB,
    by: Any = None,
    suspicion: str = "",
    uploads: Sequence[Attachment] = (),
) -> Submitted:
    """Store a case, start its first clock, and tell the router after the commit.

    `form_token` makes sending idempotent: the same token always gives the same case and secret. A `suspicion`
    holds the case for a person to look at; nothing is refused for it. Raises AlreadySent.
    """
    secret = secret_from(form_token)
    try:
        with transaction.atomic():
            fingerprint = _fingerprint(entry)
            if earlier := _same_text(fingerprint):
                if earlier.form_token != form_token:
                    raise AlreadySent(earlier)
                return Submitted(earlier, secret, False)
            case = _case(entry, form_token, fingerprint, secret, channel, by, suspicion)
            _store(case)
            CaseAttachment.objects.bulk_create(CaseAttachment(case=case, attachment=upload) for upload in uploads)
            record(verb="case.submitted", subject=case, by=by, data={"channel": channel, "kind": entry.kind})
            if case.kind == Kind.DATA_CORRECTION:
                suspend_if_incident(subject=case)
            if case.state == State.RECEIVED:
                nudge("feedback.route_case", case.pk)
    except IntegrityError:  # the form came before, with another text or without a sender
        earlier = Case.objects.filter(form_token=form_token).first()
        if earlier is None:
            raise
        return Submitted(earlier, secret, False)
    return Submitted(case, secret, True)


def _fingerprint(entry: Entry) -> str:
    """A keyed hash of sender and text as a reader would see it; empty where the sender is unknown."""
    sender = normalise_email(entry.email) if entry.email else normalise_phone(entry.phone) if entry.phone else ""
    return blind_index(f"{sender}|{entry.kind}|{fold(entry.text)}") if sender else ""


def _same_text(fingerprint: str) -> Case | None:
    """What the same sender wrote in the same words a short while ago.

    Two sendings at once are looked at one after the other: a lock in a statement of its own, because a statement does
    not see what was committed while it waited.
    """
    if not fingerprint:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [fingerprint])
        cursor.execute(_SAME_TEXT, [fingerprint, timezone.now() - SAME_TEXT_WINDOW])
        found = cursor.fetchone()
    return Case.objects.get(pk=found[0]) if found else None


_SAME_TEXT = """
    SELECT id FROM feedback_case WHERE fingerprint = %s AND received_at >= %s ORDER BY received_at LIMIT 1
"""


def _case(entry: Entry, form_token: str, fingerprint: str, secret: str, channel: str, by: Any, suspicion: str) -> Case:
    case = Case(
        reference=new_reference(),
        secret_hash=hash_secret(secret),
        form_token=form_token,
        fingerprint=fingerprint,
        email_index=blind_index(normalise_email(entry.email)) if entry.email else "",
        phone_index=blind_index(normalise_phone(entry.phone)) if entry.phone else "",
        channel=channel,
        registered_by=by,
        suspicion=suspicion,
        state=State.SUSPECTED if suspicion else State.RECEIVED,
        priority=BEGINS_WITH.get(Kind(entry.kind), Priority.NORMAL),
        **{name: getattr(entry, name) for name in entry.__dataclass_fields__},
    )
    case.queue_rank = case.rank()
    return case


def _store(case: Case) -> None:
    """Write the case once, as its first clock and the search want it, instead of updating what was just inserted."""
    clocks = planned_clocks(Case._meta.label_lower, case.kind, case.priority, [Metric.ACKNOWLEDGE], case.received_at)
    case.due_at = min((clock.due_at for clock in clocks if clock.due_at), default=None)
    case.search = _search_vector(case)
    case.save(force_insert=True)
    del case.search  # an expression until now; from here on the stored value, read when asked for
    start_planned(subject=case, clocks=clocks)


def index_case(case: Case) -> None:
    """Make the case findable by its reference and by every word of its thread."""
    thread = case.messages.values_list("text", flat=True)
    Case.objects.filter(pk=case.pk).update(search=_search_vector(case, *thread))


def _search_vector(case: Case, *thread: str) -> SearchVector:
    """Reference and words, folded as portal.search folds."""
    texts = [case.reference, case.reference.replace("-", ""), case.text, *thread]
    forms = models.Value(to_index_text(" ".join(texts)), output_field=models.TextField())
    return SearchVector(forms, config="simple")


@transaction.atomic
def release_case(*, case: Case, by: Any, version: int | None = None) -> Case:
    """A person looked at a held message: it is genuine, and goes the usual way."""
    move(case, "release", by=by, version=version)
    if case.kind == Kind.DATA_CORRECTION:
        suspend_if_incident(subject=case)
    nudge("feedback.route_case", case.pk)
    return case
