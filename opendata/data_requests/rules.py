"""What the database refuses of requests for data."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.constraints import BaseConstraint

from opendata.data_requests.choices import FINISHED, Format, Ground, Happened, Outcome, Refusal, State
from portal.bilingual import LANGUAGE_CODES, both_languages

NO_CONTACT = {"name": "", "email": "", "phone": "", "email_index": "", "phone_index": ""}
NO_WORDS = {
    **NO_CONTACT, "title": "", "text": "", "why": "", "reconsider_reason": "", "secret_hash": "",
}  # fmt: skip
GONE = Q(disposed_at__isnull=False)


def check(condition: Q, name: str) -> models.CheckConstraint:
    """A CHECK of this name."""
    return models.CheckConstraint(condition=condition, name=name)


def _written(field: str) -> Q:
    """The text stands there in both languages."""
    found = Q()
    for code in LANGUAGE_CODES:
        found &= Q(**{f"{field}_{code}__isnull": False}) & ~Q(**{f"{field}_{code}": ""})
    return found


def _empty(field: str) -> Q:
    found = Q()
    for code in LANGUAGE_CODES:
        found &= Q(**{f"{field}_{code}__isnull": True}) | Q(**{f"{field}_{code}": ""})
    return found


def request_rules() -> list[BaseConstraint]:
    """Constraints of DataRequest."""
    judged = Q(state__in=[State.ANSWERED, State.REVIEWING])
    return [
        check(Q(state__in=State.values), "datarequest_state_known"),
        check(Q(format__in=["", *Format.values]), "datarequest_format_known"),
        check(Q(outcome__in=["", *Outcome.values]), "datarequest_outcome_known"),
        check(Q(ground__in=["", *Ground.values]), "datarequest_ground_known"),
        check(GONE | (~Q(title="") & ~Q(text="")), "datarequest_has_words"),
        check(~GONE | Q(state__in=FINISHED, **NO_WORDS), "datarequest_disposed_is_empty"),
        both_languages("public_title", model="datarequest", when=Q(listed_at__isnull=False)),
        check(_written("public_summary") | _empty("public_summary"), "datarequest_summary_both_or_none"),
        check(Q(listed_at__isnull=False, unit__isnull=False) | ~(judged | Q(state=State.ACCEPTED)),
              "datarequest_accepted_is_public"),
        check((judged & ~Q(outcome="")) | (~judged & Q(outcome="")), "datarequest_outcome_once_answered"),
        check(Q(state=State.REMOVED) & ~Q(ground="") | ~Q(state=State.REMOVED) & Q(ground=""),
              "datarequest_removed_has_ground"),
        check(Q(state=State.MERGED, merged_into__isnull=False) | (~Q(state=State.MERGED) & Q(merged_into__isnull=True)),
              "datarequest_merged_names_other"),
        check(Q(merged_into__isnull=True) | ~Q(merged_into=F("id")), "datarequest_merged_into_another"),
        check(Q(cycle=1, reconsider_at__isnull=True) | Q(cycle=2, reconsider_at__isnull=False),
              "datarequest_reconsidered_once"),
        check(Q(finished_at__isnull=False, state__in=FINISHED)
              | (Q(finished_at__isnull=True) & ~Q(state__in=FINISHED)), "datarequest_finished_has_time"),
        check(Q(assigned_until__isnull=True) | Q(assignee__isnull=False), "datarequest_claim_has_owner"),
    ]  # fmt: skip


def answer_rules() -> list[BaseConstraint]:
    """Constraints of Answer: each kind has what it needs and nothing of the others."""
    release = Q(kind__in=[Outcome.RELEASED, Outcome.PARTLY])
    refusal = Q(kind=Outcome.REFUSED)
    return [
        models.UniqueConstraint(fields=["asked", "sequence"], name="datarequest_answer_sequence_once"),
        both_languages("text", model="datarequest_answer"),
        check(Q(kind__in=Outcome.values), "datarequest_answer_kind_known"),
        check((release & Q(version__isnull=False)) | (~release & Q(version__isnull=True)),
              "datarequest_answer_release_has_version"),
        check(Q(kind=Outcome.PLANNED, planned_on__isnull=False)
              | (~Q(kind=Outcome.PLANNED) & Q(planned_on__isnull=True)), "datarequest_answer_plan_has_day"),
        check((Q(kind=Outcome.NOT_HELD) & _written("holder")) | (~Q(kind=Outcome.NOT_HELD) & _empty("holder")),
              "datarequest_answer_not_held_names_holder"),
        check(Q(reason__in=["", *Refusal.values]), "datarequest_answer_reason_known"),
        check((refusal & ~Q(reason="")) | (~refusal & (Q(reason="") | Q(kind=Outcome.PARTLY))),
              "datarequest_answer_refusal_has_reason"),
        check((~Q(reason="") & _written("legal_basis")) | (Q(reason="") & _empty("legal_basis")),
              "datarequest_answer_reason_has_legal_basis"),
    ]  # fmt: skip


def event_rules() -> list[BaseConstraint]:
    """Constraints of Event."""
    return [
        both_languages("text", model="datarequest_event"),
        check(Q(kind__in=Happened.values), "datarequest_event_kind_known"),
    ]
