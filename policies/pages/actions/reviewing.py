"""The way of a version from a draft to what is in force: a second person reads it, approves it, says from when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from policies.pages.actions.changing import Conflict, change, lock
from policies.pages.actions.in_force import tell_or_leave
from policies.pages.actions.writing import DRAFT
from policies.pages.inserts import problems
from policies.pages.models import PolicyVersion
from policies.pages.states import Stage
from portal.audit.actions import record
from portal.audit.models import AuditEvent
from portal.bilingual import LANGUAGE_CODES

IN_REVIEW = Q(stage=Stage.IN_REVIEW)


class NotReady(Exception):
    """Texts are missing (`fields`, pairs of field and language) or name live facts wrongly (`problems`, in words)."""

    def __init__(self, fields: list[tuple[str, str]], problems: list[str]) -> None:
        super().__init__("not ready")
        self.fields, self.problems = fields, problems


class OwnWork(Exception):
    """Whoever wrote on a version does not review it."""


@transaction.atomic
def submit_version(*, version: PolicyVersion, by: Any, revision: int | None = None) -> bool:
    """Give a draft to review; False where it is there or further. NotReady where something is missing."""
    version.refresh_from_db()
    if not version.is_draft:
        return False
    _check_ready(version)
    return change(version, "submitted", by=by, only=DRAFT, revision=revision or version.revision,
                  stage=Stage.IN_REVIEW, remark="")  # fmt: skip


def _check_ready(version: PolicyVersion) -> None:
    wrong = [problem for code in LANGUAGE_CODES for problem in problems(version.text_in(code))]
    if (missing := version.missing()) or wrong:
        raise NotReady(missing, list(dict.fromkeys(wrong)))


@transaction.atomic
def take_back_version(*, version: PolicyVersion, by: Any) -> bool:
    """Make it a draft again before it was reviewed. False where it is none in review."""
    return change(version, "taken_back", by=by, only=IN_REVIEW, stage=Stage.DRAFT)


@transaction.atomic
def return_version(*, version: PolicyVersion, by: Any, remark: str) -> bool:
    """Send it back to its author with a remark. False where it is none in review."""
    return change(version, "returned", by=by, only=IN_REVIEW, stage=Stage.DRAFT, remark=remark)


@transaction.atomic
def approve_version(*, version: PolicyVersion, by: Any, revision: int, at: datetime | None = None) -> bool:
    """Put it in force now, or from `at` on, as `by` read it. False where it is approved already.

    Raises OwnWork for whoever wrote on it, Conflict where it is no longer the `revision` that was read.
    """
    lock(version.policy_id)
    version.refresh_from_db()
    if version.stage == Stage.APPROVED:
        return False
    if has_written(by, version):
        raise OwnWork
    _check_ready(version)
    now = timezone.now()
    when = at if at and at > now else now
    verb = "scheduled" if when > now else "approved"
    another = IN_REVIEW & ~Q(author=by) & ~Q(editor=by)
    if not change(version, verb, by=by, only=another, revision=revision, data={"at": when}, stage=Stage.APPROVED,
                  reviewer=by, reviewed_at=now, publish_at=when):  # fmt: skip
        raise Conflict
    if when == now:
        tell_or_leave(version, by=by)
    return True


@transaction.atomic
def unschedule_version(*, version: PolicyVersion, by: Any) -> bool:
    """Make what the public has not seen a draft again; False where the public has it already, or it is no such."""
    scheduled = Q(stage=Stage.APPROVED, publish_at__gt=timezone.now())
    return change(version, "unscheduled", by=by, only=scheduled, stage=Stage.DRAFT, publish_at=None, reviewer=None,
                  reviewed_at=None)  # fmt: skip


def has_written(user: Any, version: PolicyVersion) -> bool:
    """Whether the user started the version or ever changed it; the history knows all who did."""
    if user.pk in (version.author_id, version.editor_id):
        return True
    writing = AuditEvent.objects.about(version).filter(verb__in=["policyversion.started", "policyversion.edited"])
    return writing.filter(actor=user).exists()


@transaction.atomic
def confirm_policy(*, version: PolicyVersion, by: Any, seen: datetime | None) -> bool:
    """Note that the version in force was reviewed and is still right, which sets the date of its last review.

    False where another did so since `seen`, the last review its reader saw.
    """
    policy = lock(version.policy_id)
    current = PolicyVersion.objects.filter(policy=policy).current().select_related("policy").first()
    if current is None or current.pk != version.pk or current.last_reviewed != seen:
        return False
    policy.confirmed_at, policy.confirmed_by = timezone.now(), by
    policy.save(update_fields=["confirmed_at", "confirmed_by"])
    version.refresh_from_db()
    record(verb="policy.confirmed", subject=policy, by=by, data={"number": version.number})
    return True
