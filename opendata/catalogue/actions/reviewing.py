"""What the publisher decides about a release that was read, and sending it to a second person."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q

from opendata.catalogue import letters
from opendata.catalogue.actions.assets import check_asset
from opendata.catalogue.actions.changing import Conflict, Refused, change, refused
from opendata.catalogue.choices import Stage
from opendata.catalogue.models import Release
from opendata.catalogue.standing import obstacles
from portal.tasks import nudge

REVIEW = Q(stage=Stage.REVIEW)
MENDABLE = Q(stage__in=[Stage.REVIEW, Stage.UNREADABLE])
RESTART: dict[str, Any] = {"comparison": None, "attempts": 0, "failure": "", "progress": "", "claimed_until": None}
CLEAN: dict[str, Any] = {
    **RESTART, "cleared_by": None, "cleared_because": "", "accepted": [], "report": None, "table_sha256": "",
    "problems_sha256": "",
}  # fmt: skip
"""What was found and decided about a reading goes with it: another reading may show other rows."""


@transaction.atomic
def read_again(*, release: Release, by: Any, revision: int, choices: dict[str, Any]) -> bool:
    """Have the file read anew with these choices. Raises Conflict where the release is not in review any more."""
    wanted = {name: value for name, value in choices.items() if value not in (None, "", {})}
    done = change(
        release, "read_again", by=by, only=MENDABLE, revision=revision, data={"choices": sorted(wanted)},
        **CLEAN, choices=wanted, stage=Stage.UPLOADED,
    )  # fmt: skip
    return _or_conflict(done)


@transaction.atomic
def describe_columns(
    *, release: Release, by: Any, revision: int, columns: dict[str, dict[str, str]] | None = None,
    key: list[str] | None = None,
) -> bool:  # fmt: skip
    """Change the words and types of these columns (by name), and which columns together name a row.

    Another type, and another key, are found out about by reading the file again. False where nothing differs.
    """
    stored = Release.objects.select_for_update(of=("self",)).get(pk=release.pk)
    if stored.revision != revision or stored.stage != Stage.REVIEW:
        raise Conflict
    described = [{**entry, **(columns or {}).get(entry["name"], {})} for entry in stored.dictionary]
    new_key = stored.key if key is None else key
    if unknown := set(new_key) - {entry["name"] for entry in described}:
        raise TypeError(f"not columns: {', '.join(sorted(unknown))}")
    if described == stored.dictionary and new_key == stored.key:
        return False
    types = {new["name"]: new["type"] for new, old in zip(described, stored.dictionary, strict=True)
             if new["type"] != old["type"]}  # fmt: skip
    changes: dict[str, Any] = {"dictionary": described, "key": new_key}
    if types or new_key != stored.key:
        chosen = {**(stored.choices.get("types") or {}), **types}
        choices = {**stored.choices, "types": chosen} if chosen else stored.choices
        changes |= {**(CLEAN if types else RESTART), "stage": Stage.UPLOADED, "choices": choices}
    data = {"columns": sorted(columns or {})[:50], "types": sorted(types), "key": new_key}
    return _or_conflict(change(release, "described", by=by, only=REVIEW, revision=revision, data=data, **changes))


@transaction.atomic
def note_change(*, release: Release, by: Any, revision: int, kind: str, **change_note: str) -> bool:
    """Say anew why there is a new version and what has changed, in both languages."""
    return _or_conflict(
        change(release, "noted", by=by, only=REVIEW, revision=revision, data={"kind": kind}, kind=kind, **change_note)
    )


@transaction.atomic
def accept_problems(*, release: Release, by: Any, revision: int, codes: list[str]) -> bool:
    """Note which of the asking problems the publisher has looked at and leaves as they are."""
    codes = sorted(set(codes))
    return _or_conflict(
        change(release, "accepted", by=by, only=REVIEW, revision=revision, data={"codes": codes}, accepted=codes)
    )


@transaction.atomic
def decide_original(
    *, release: Release, by: Any, revision: int, leave_out: bool, because_ar: str = "", because_en: str = ""
) -> bool:
    """Leave the upload as it came out of the version, for a reason the public reads, or publish it after all.

    Raises Refused for a reason that is not in both languages.
    """
    if leave_out and not (because_ar and because_en):
        raise refused("no_reason_for_original")
    ar, en = (because_ar, because_en) if leave_out else ("", "")
    return _or_conflict(
        change(
            release, "original_decided", by=by, only=REVIEW, revision=revision, data={"left_out": leave_out},
            without_original=leave_out, no_original_because=ar, no_original_because_ar=ar, no_original_because_en=en,
        )
    )  # fmt: skip


@transaction.atomic
def clear_personal(*, release: Release, by: Any, revision: int, because: str) -> bool:
    """Somebody else than the uploader answers for it that what looks like personal data may be published."""
    if by.pk == release.uploaded_by_id:
        raise refused("own_upload")
    kinds = sorted({found["kind"] for found in (release.report or {}).get("personal", [])})
    return _or_conflict(
        change(
            release,
            "cleared",
            by=by,
            only=REVIEW & ~Q(uploaded_by=by),
            revision=revision,
            data={"kinds": kinds},
            cleared_by=by,
            cleared_because=because,
        )
    )


@transaction.atomic
def submit_release(*, release: Release, by: Any, revision: int) -> bool:
    """Send it for approval by a second person; False where it is there. Refused while something is in the way.

    What is said about the dataset, its licence too, goes with it: approved is what was sent.
    """
    release.refresh_from_db()
    if release.stage == Stage.APPROVAL:
        return False
    check_asset(release.dataset.asset)
    if reasons := obstacles(release):
        raise Refused(*reasons)
    _or_conflict(
        change(
            release,
            "submitted",
            by=by,
            only=REVIEW,
            revision=revision,
            stage=Stage.APPROVAL,
            submitted_by=by,
            returned_because="",
            texts_sha256=release.dataset.texts_sha256,
        )
    )
    letters.waiting(release)
    return True


@transaction.atomic
def take_back(*, release: Release, by: Any) -> bool:
    """Back to review before somebody decided about it. False where it does not wait for approval."""
    return change(release, "taken_back", by=by, only=Q(stage=Stage.APPROVAL), stage=Stage.REVIEW, submitted_by=None)


def _or_conflict(done: bool) -> bool:
    if not done:
        raise Conflict
    nudge("catalogue.work")
    return True
