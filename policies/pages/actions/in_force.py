"""What happens when a version comes into force: the page shows it by itself; here the others are told."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from policies.pages.actions.changing import lock
from policies.pages.inserts import fill
from policies.pages.models import PolicyVersion
from portal.audit.actions import record
from portal.bilingual import LANGUAGE_CODES, in_language

logger = logging.getLogger(__name__)


def tell_due(now: datetime | None = None) -> int:
    """Tell of every version whose time has come and that nobody told of yet; how many. One that fails waits alone."""
    untold = PolicyVersion.objects.untold(now or timezone.now()).order_by("publish_at")
    return sum(tell_or_leave(version) for version in untold)


def tell_or_leave(version: PolicyVersion, *, by: Any = None) -> bool:
    """Tell of it; where that fails, it is left as it was, for the task that tries again each minute."""
    try:
        return tell(version, by=by)
    except Exception:
        logger.exception("version %s of a policy could not be told of", version.pk)
        return False


@transaction.atomic
def tell(version: PolicyVersion, *, by: Any = None) -> bool:
    """Keep the text of its predecessor as it reads today, and note in the history what the search listens to.

    Once for each version: False where another worker did it. A live fact that fails raises its own error: what is
    kept is kept for good.
    """
    policy = lock(version.policy_id)
    now = timezone.now()
    if not PolicyVersion.objects.untold(now).filter(pk=version.pk).update(announced_at=now):
        return False
    before = PolicyVersion.objects.published(now).filter(policy=policy, number__lt=version.number)
    for old in before.filter(frozen_at__isnull=True):
        _freeze(old, now)
    record(verb="policy.in_force", subject=policy, by=by, data={"number": version.number})
    version.announced_at = now
    return True


def _freeze(version: PolicyVersion, now: datetime) -> None:
    texts = {}
    for code in LANGUAGE_CODES:
        with in_language(code):
            texts[f"frozen_{code}"] = fill(version.text_in(code), must_know=True)
    PolicyVersion.objects.filter(pk=version.pk, frozen_at__isnull=True).update(frozen_at=now, **texts)
