"""Writing down which words find each other."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from portal.audit.actions import record
from portal.search.models import Synonym


@transaction.atomic
def save_synonym(*, synonym: Synonym, by: Any) -> Synonym:
    """Store a new or changed group; searches heed it from now on."""
    verb = "search.synonym_written" if synonym.pk is None else "search.synonym_changed"
    synonym.save()
    record(verb=verb, subject=synonym, by=by, data={"terms": len(synonym.terms)})
    return synonym


@transaction.atomic
def delete_synonym(*, synonym: Synonym, by: Any) -> None:
    """Let its words find only themselves again."""
    record(verb="search.synonym_deleted", subject=synonym, by=by)
    synonym.delete()
