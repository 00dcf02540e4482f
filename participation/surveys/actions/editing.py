"""What of a questionnaire may still be changed, and by whom first."""

from __future__ import annotations

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from participation.surveys.kinds import Phase, State
from participation.surveys.models import Questionnaire


class Conflict(Exception):
    """The questionnaire is no longer what the caller saw: somebody else changed it first, or its state forbids this."""

    message = _("Somebody else changed this questionnaire in the meantime. See what is new, then try again.")


class Frozen(Exception):
    """Somebody has answered: what was asked stays as it is."""

    message = _("Somebody has answered already, so the questions stay as they are. Copy the questionnaire instead.")


KEPT = (
    "state", "version", "frozen_at", "counted_at", "respondents", "reminded_at", "findings_published_at",
    "raw_destroyed_at",
)  # fmt: skip
"""Columns that actions write and forms do not."""
ASKED = frozenset({
    "kind", "slug", "title_ar", "title_en", "introduction_ar", "introduction_en", "unit", "on_behalf_of", "consent_ar",
    "consent_en", "access", "opens_at", "asks_gender", "asks_age_group", "asks_governorate", "crossing_first",
    "crossing_second", "threshold", "keep_raw_days",
})  # fmt: skip
"""What people were told or asked when they answered."""


def frozen_fields(questionnaire: Questionnaire) -> frozenset[str]:
    """Columns of the questionnaire that can no longer be changed. Thanks, legal hold and findings always can."""
    looked = questionnaire.is_frozen and questionnaire.early_looks.exists()
    if looked or questionnaire.phase() in (Phase.COUNTING, Phase.PUBLISHED, Phase.WITHDRAWN):
        return ASKED | {"closes_at"}
    return ASKED if questionnaire.is_frozen else frozenset()


def lock_for_edit(questionnaire: Questionnaire, version: int, *, structure: bool = True) -> Questionnaire:
    """Take the questionnaire for changing it until the end of the transaction, and count the change.

    Ballots wait meanwhile and then meet the new version; ballots under way are waited for. Raises Conflict where
    `version` is not the one that is stored, and Frozen where `structure` (what is asked) shall change after somebody
    answered. The given object keeps what was set on it, but for the columns only actions write, which are read
    afresh: saving it afterwards loses nothing.
    """
    fresh = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    if fresh.version != version:
        raise Conflict
    if structure and (fresh.is_frozen or fresh.state == State.WITHDRAWN):
        raise Frozen
    Questionnaire.objects.filter(pk=fresh.pk).update(version=F("version") + 1)
    for name in KEPT:
        setattr(questionnaire, name, getattr(fresh, name))
    questionnaire.version = version + 1
    return questionnaire
