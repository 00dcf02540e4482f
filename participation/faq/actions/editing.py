"""Every change of an entry: written, revised, published, hidden, confirmed, reviewed, discarded."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.search import CombinedSearchVector, SearchVector
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from participation.faq.models import Entry
from participation.faq.states import State
from portal.audit.actions import record
from portal.bilingual import LANGUAGE_CODES, other_language
from portal.richtext import to_plain
from portal.search.folding import to_index_text

WRITTEN = (
    "slug", "topic", "unit", "position", "question_ar", "question_en", "answer_ar", "answer_en",
    "also_asked",
)  # fmt: skip
LONGEST_SLUG = 80


class Conflict(Exception):
    """Somebody else changed the entry in the meantime."""

    message = _("Somebody else changed this question in the meantime.")


class Incomplete(Exception):
    """The entry cannot be published yet."""

    message = _("A question is published in both languages: write question and answer in Arabic and in English first.")


@transaction.atomic
def write_entry(*, entry: Entry, by: Any) -> Entry:
    """Store a new draft; an empty `slug` is made from the English question. Both languages count as current."""
    now = timezone.now()
    entry.slug = entry.slug or _free_slug(entry)
    entry.state, entry.version, entry.outdated, entry.reviewed_at = State.DRAFT, 1, "", now
    for code in LANGUAGE_CODES:
        setattr(entry, f"revised_at_{code}", now if any(entry.text_in(code)) else None)
    entry.search = _search_vector(entry)
    entry.save(force_insert=True)
    del entry.search  # an expression until now; from here on the stored value, read when asked for
    record(verb="faq.written", subject=entry, by=by)
    return entry


@transaction.atomic
def revise_entry(*, entry: Entry, by: Any, version: int, other_is_right: bool = False) -> Entry:
    """Store the fields of `entry` over the row the caller saw as `version`; raises Conflict if it moved on.

    A text changed in one language only makes the other out of date, until somebody changes or confirms it;
    `other_is_right` says at once that it still says the same.
    """
    before = Entry.objects.select_for_update().get(pk=entry.pk)
    changed = [code for code in LANGUAGE_CODES if before.text_in(code) != entry.text_in(code)]
    values: dict[str, Any] = {name: getattr(entry, name) for name in WRITTEN}
    if before.state != State.DRAFT:
        values["slug"] = before.slug
    values |= {f"revised_at_{code}": timezone.now() for code in changed}
    values["outdated"] = "" if other_is_right else _outdated(before, entry, changed)
    values |= {"reviewed_at": timezone.now(), "search": _search_vector(entry), "version": F("version") + 1}
    if not Entry.objects.filter(pk=entry.pk, version=version).update(**values):
        raise Conflict
    record(verb="faq.revised", subject=entry, by=by, data={"languages": changed, "outdated": values["outdated"]})
    entry.refresh_from_db()
    return entry


def _outdated(before: Entry, after: Entry, changed: list[str]) -> str:
    """The language left behind by a change, or empty."""
    if not changed:
        return before.outdated
    if len(changed) == len(LANGUAGE_CODES) or before.outdated == changed[0]:
        return ""
    other = other_language(changed[0])
    return other if after.is_written_in(other) else ""


def _free_slug(entry: Entry) -> str:
    """An address nobody has, from the English question; "question" and a number where there is none."""
    stem = slugify(entry.question_en or "")[:LONGEST_SLUG].rstrip("-") or "question"  # type: ignore[attr-defined]
    taken = set(Entry.objects.filter(slug__startswith=stem[: LONGEST_SLUG - 5]).values_list("slug", flat=True))
    slug, number = stem, 2
    while slug in taken:
        slug, number = f"{stem[: LONGEST_SLUG - 5]}-{number}", number + 1
    return slug


def _search_vector(entry: Entry) -> CombinedSearchVector:
    """The words of both languages, folded as portal.search folds; those of the question weigh more."""
    answers = [to_plain(entry.text_in(code)[1]) for code in LANGUAGE_CODES]
    return _vector(" ".join(entry.phrasings), "A") + _vector(" ".join(answers), "C")  # type: ignore[return-value]


def _vector(text: str, weight: str) -> SearchVector:
    forms = models.Value(to_index_text(text), output_field=models.TextField())
    return SearchVector(forms, config="simple", weight=weight)


@transaction.atomic
def publish_entry(*, entry: Entry, by: Any) -> bool:
    """Show it to everybody; False where it is already shown. Raises Incomplete where a language is missing."""
    row = Entry.objects.select_for_update().get(pk=entry.pk)
    if row.state == State.PUBLISHED:
        return False
    if not all(row.is_written_in(code) for code in LANGUAGE_CODES):
        raise Incomplete
    now = timezone.now()
    return _set(row, "published", by, state=State.PUBLISHED, published_at=row.published_at or now, reviewed_at=now)


@transaction.atomic
def hide_entry(*, entry: Entry, by: Any) -> bool:
    """Take it off every page, search and feed; False where it is not shown."""
    return _set(entry, "hidden", by, where=models.Q(state=State.PUBLISHED), state=State.HIDDEN)


@transaction.atomic
def confirm_language(*, entry: Entry, language: str, by: Any) -> bool:
    """Somebody looked: in this language it still says the same. False where it was not out of date."""
    return _set(
        entry, "confirmed", by, where=models.Q(outdated=language), data={"language": language}, outdated="",
        reviewed_at=timezone.now(),
    )  # fmt: skip


@transaction.atomic
def review_entry(*, entry: Entry, by: Any) -> bool:
    """Somebody looked: the answer is still right."""
    return _set(entry, "reviewed", by, reviewed_at=timezone.now())


@transaction.atomic
def discard_draft(*, entry: Entry, by: Any) -> bool:
    """Remove a draft, with whatever of a message was left in it; False for what was ever published."""
    count, _rows = Entry.objects.filter(pk=entry.pk, state=State.DRAFT).delete()
    if count:
        record(verb="faq.discarded", subject=entry, by=by)
    return bool(count)


def _set(
    entry: Entry, verb: str, by: Any, where: models.Q | None = None, data: dict[str, Any] | None = None, **values: Any
) -> bool:
    """A conditional UPDATE, recorded where it found its row."""
    rows = Entry.objects.filter(where or models.Q(), pk=entry.pk)
    if not rows.update(version=F("version") + 1, **values):
        return False
    record(verb=f"faq.{verb}", subject=entry, by=by, data=data)
    entry.refresh_from_db()
    return True
