"""Writing a version: starting from the one in force, changing the draft, discarding it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from policies.pages.actions.changing import Conflict, change, lock, note
from policies.pages.models import Policy, PolicyVersion
from policies.pages.states import Stage
from portal.bilingual import LANGUAGE_CODES

DRAFT = Q(stage=Stage.DRAFT)
TEXTS = tuple(f"{name}_{code}" for name in ("title", "summary", "body", "changes") for code in LANGUAGE_CODES)
COPIED = tuple(name for name in TEXTS if not name.startswith("changes"))


@transaction.atomic
def start_version(*, policy: Policy, by: Any) -> tuple[PolicyVersion, bool]:
    """A draft that begins as a copy of the version in force; the unfinished or scheduled one where there is one.

    The second value says whether it is new.
    """
    lock(policy)
    versions = PolicyVersion.objects.filter(policy=policy)
    waiting = (versions.unfinished() | versions.scheduled()).order_by("-number").first()
    if waiting is not None:
        return waiting, False
    current = versions.current().first()
    texts = {name: getattr(current, name) for name in COPIED} if current else {}
    number = (versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version = PolicyVersion.objects.create(policy=policy, number=number, author=by, editor=by, **texts)
    note(version, "started", by=by)
    return version, True


@transaction.atomic
def edit_version(*, version: PolicyVersion, by: Any, revision: int, **texts: str) -> bool:
    """Change the texts given, if the draft is still the one of `revision`; False where nothing differs.

    Raises Conflict where somebody else changed it first, or where it is no draft any more.
    """
    if unknown := texts.keys() - set(TEXTS):
        raise TypeError(f"not a text of a version: {', '.join(sorted(unknown))}")
    stored = PolicyVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    different = {name: text for name, text in texts.items() if (getattr(stored, name) or "") != text}
    if stored.revision == revision and stored.is_draft and not different:
        return False
    data = {"fields": sorted(different)}
    if not change(version, "edited", by=by, only=DRAFT, revision=revision, data=data, editor=by,
                  updated_at=timezone.now(), **different):  # fmt: skip
        raise Conflict
    return True


@transaction.atomic
def discard_version(*, version: PolicyVersion, by: Any) -> bool:
    """Delete a draft for good; what was ever approved stays. False where it is no draft any more."""
    rows = PolicyVersion.objects.filter(DRAFT, pk=version.pk).select_for_update(of=("self",))
    if not rows.exists():
        return False
    note(version, "discarded", by=by)
    return bool(rows.delete()[0])
