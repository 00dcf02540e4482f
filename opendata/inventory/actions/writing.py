"""Entering data assets and changing what they say."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from opendata.inventory.actions.changing import Conflict, NotPossible, change
from opendata.inventory.models import Asset
from portal.audit.actions import record
from portal.bilingual import LANGUAGE_CODES
from portal.search.folding import to_index_text

TEXTS = ("title", "description", "owner_role", "contact_role")
TEXT_COLUMNS = [f"{name}_{code}" for name in TEXTS for code in LANGUAGE_CODES]
CONTACT = ["contact_email", "contact_phone"]
EDITABLE = ["unit", "code", "theme", "frequency", "source_system", "is_high_value", *CONTACT, *TEXT_COLUMNS]
SEARCHED = [f"{name}_{code}" for name in ("title", "description") for code in LANGUAGE_CODES]
_TAKEN = _("Another data asset of this organisation has this number. Choose another.")
_ELSEWHERE = _("This unit belongs to another organisation.")

Listener = Callable[[Asset, Collection[str]], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Have `listener` told which fields of an asset were edited, inside the transaction of the edit."""
    _listeners.append(listener)


@transaction.atomic
def enter_asset(*, by: Any, unit: Any, code: str, **content: Any) -> Asset:
    """Put a data asset into the inventory of the unit's organisation: nothing is decided about it yet.

    Raises NotPossible where the organisation has an asset of this number.
    """
    known = _known(content)
    search = search_vector({name: known.get(name, "") for name in SEARCHED})
    try:
        with transaction.atomic():
            asset = Asset.objects.create(
                unit=unit, organisation_id=unit.organisation_id, code=code, created_by=by, search=search, **known
            )
    except IntegrityError as error:
        raise _taken_or(error) from None
    asset.search = None  # the expression, which is of no use to anybody
    record(verb="asset.entered", subject=asset, by=by, data={"unit": unit.code, "revision": asset.revision})
    return asset


@transaction.atomic
def edit_asset(*, asset: Asset, by: Any, revision: int, **content: Any) -> bool:
    """Change what is given, if the asset is still the one of `revision`; False where nothing differs.

    Decisions about it have steps of their own. Raises Conflict where somebody else changed it first, NotPossible where
    its number is taken or the unit is another organisation's.
    """
    stored = Asset.objects.select_for_update(of=("self",), no_key=True).get(pk=asset.pk)
    different = differences(stored, content)
    if stored.revision == revision and not different:
        return False
    if "unit" in different and different["unit"].organisation_id != stored.organisation_id:
        raise NotPossible(_ELSEWHERE, "unit")
    changes = dict(different)
    if set(different) & set(SEARCHED):
        texts = {name: different.get(name, getattr(stored, name)) for name in SEARCHED}
        changes["search"] = search_vector(texts)
    try:
        with transaction.atomic():
            done = change(asset, "edited", by=by, revision=revision, data={"fields": sorted(different)}, **changes)
    except IntegrityError as error:
        raise _taken_or(error) from None
    if not done:
        raise Conflict
    for listener in _listeners:
        listener(asset, different)
    return True


def differences(stored: Asset, content: dict[str, Any]) -> dict[str, Any]:
    """What of the content is not stored so already."""
    return {name: value for name, value in _known(content).items() if _plain(getattr(stored, name)) != value}


def search_vector(texts: dict[str, Any]) -> SearchVector:
    """What an asset with these texts is found by."""
    forms = to_index_text(" ".join(text for text in texts.values() if text))
    return SearchVector(models.Value(forms, output_field=models.TextField()), config="simple")


def _known(content: dict[str, Any]) -> dict[str, Any]:
    if unknown := content.keys() - set(EDITABLE):
        raise TypeError(f"not part of a data asset: {', '.join(sorted(unknown))}")
    return {name: _plain(value) for name, value in content.items()}


def _plain(value: Any) -> Any:
    return "" if value is None else value


def _taken_or(error: IntegrityError) -> Exception:
    """The refusal of a number that is taken; anything else goes on as it is."""
    return NotPossible(_TAKEN, "code") if "asset_code_once" in str(error) else error
