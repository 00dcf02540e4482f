"""What came of it, and the participation map."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils import timezone

from participation.outcomes.actions import change_status, link, publish_commitment
from participation.outcomes.models import Commitment
from participation.outcomes.reminding import remind
from tests.accessibility.scenes import Scene, page, press, sign_in_as, then, write
from tests.office_hours import at
from tests.people import World


def commitment(world: World, slug: str, **fields: Any) -> Commitment:
    """A draft of the licensing unit."""
    values = {
        "title_ar": f"المكاتب مفتوحة مساءً ({slug})", "title_en": f"Offices open in the evening ({slug})",
        "asked_ar": "طلبتم أن تبقى المكاتب مفتوحة مساءً.", "asked_en": "You asked for evening hours.",
        "decided_ar": "تفتح المكاتب مساء **الثلاثاء**.", "decided_en": "Offices open on **Tuesday** evening.",
        "evidence_ar": "[القرار](/ar/performance/)", "evidence_en": "[The order](/en/performance/)",
        "decision": "accepted", "status": "promised", "due_on": timezone.localdate() + timedelta(days=5),
        "unit": world.licensing, "topic": world.topic, "based_on": 12,
    }  # fmt: skip
    return Commitment.objects.create(slug=slug, **{**values, **fields})


def commitments(world: World) -> dict[str, Commitment]:
    """One for each way to stand, the late one with a history."""
    past = timezone.localdate() - timedelta(days=40)
    fields: dict[str, dict[str, Any]] = {
        "due-soon": {}, "late": {"status": "under_way", "due_on": past}, "kept": {"status": "kept", "due_on": None},
        "kept-in-part": {"status": "partly_kept", "decision": "partly"}, "not-kept": {"status": "not_kept"},
        "declined": {"status": "", "decision": "declined", "due_on": None}, "in-study": {"decision": "in_study"},
    }  # fmt: skip
    found = {slug: commitment(world, slug, **values) for slug, values in fields.items()}
    for each in found.values():
        link(commitment=each, path="/polls/opening-hours/", by=world.lead)
        publish_commitment(commitment=each, by=world.lead, at=timezone.now() - timedelta(days=90))
    change_status(
        commitment=found["late"], by=world.lead, status="under_way", due_on=past + timedelta(days=9),
        note_ar="تأخر التوظيف.", note_en="Hiring took longer.", evidence_ar="محضر.", evidence_en="Minutes.",
    )  # fmt: skip
    return found


def outcome_scenes(world: World) -> Iterator[Scene]:
    yield Scene("outcomes empty", page("outcomes/"))
    yield Scene("outcomes", then(lambda *_: commitments(world), page("outcomes/")))
    yield Scene("outcomes overdue", page("outcomes/?status=overdue"))
    for slug in ("due-soon", "late", "kept", "not-kept", "declined", "in-study"):
        yield Scene(f"outcome {slug}", page(f"outcomes/{slug}/"))


def remind_of_outcomes(world: World) -> None:
    """Makes the letter outcomes/due."""
    soon = commitment(world, "letter", due_on=at("tue 12:00").date())
    publish_commitment(commitment=soon, by=world.lead)
    remind(at("mon 10:00"))


def commitment_scenes(world: World) -> Iterator[Scene]:
    """The desk panel, the draft, the preview before publishing, the status form and its preview."""
    found = commitments(world)
    draft = commitment(world, "draft")
    status = f"outcomes/commitment/{found['late'].pk}/status/"
    composer = "form.composer button"
    notes = (write("note_ar", "بدأ العمل."), write("note_en", "Work has begun."))
    notify = {"note_ar": "اكتمل.", "note_en": "Complete."}
    overtake = lambda *_: change_status(commitment=found["late"], by=world.head, status="kept", **notify)  # noqa: E731
    yield Scene("desk with commitments", then(sign_in_as(world.administrator), page("")))
    yield Scene("commitment draft", page(f"outcomes/commitment/{draft.pk}/change/"))
    yield Scene("commitment draft with errors", then(page("outcomes/commitment/add/"), press("input[name=_save]")))
    yield Scene("commitment before publishing", page(f"outcomes/commitment/{draft.pk}/publish/"))
    yield Scene("commitment published", page(f"outcomes/commitment/{found['late'].pk}/change/"))
    yield Scene("status form", page(status))
    yield Scene("status form with errors", then(page(status), press(composer)))
    yield Scene("status preview", then(page(status), *notes, press(composer)))
    # a member of the licensing unit sees the panel of promises due: give `world.lead` outcomes.view_commitment
    yield Scene("status conflict", then(page(status), *notes, overtake, press(composer)))
