"""What a legal hold keeps. A hold that is being placed and a batch that is being disposed of never overlap.

Whoever disposes takes a lock that others who dispose share; placing a hold takes it alone. So a hold waits for the
batch under way, every later batch sees it, and once it is placed nothing of its subject goes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models import Q, QuerySet
from django.db.models.functions import Cast

from portal.retention import registry
from portal.retention.models import LegalHold

UNIT, ORGANISATION = "organisations.unit", "organisations.organisation"
Held = Mapping[str, list[str]]
"""Keys by label; "" stands for everything."""


def lock_alone() -> None:
    """Wait until nothing is being disposed of, and keep it so until this transaction ends."""
    _lock("pg_advisory_xact_lock")


def lock_shared() -> None:
    """Wait until no hold is being placed, and keep it so until this transaction ends."""
    _lock("pg_advisory_xact_lock_shared")


def _lock(function: str) -> None:
    # Read in a statement of its own: a statement does not see what was committed while it waited.
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtextextended('retention.holds', 0))")


def active_holds() -> Held:
    """What is held now."""
    held: dict[str, list[str]] = defaultdict(list)
    for kind, key in LegalHold.objects.active().order_by().values_list("subject_kind", "subject_id"):
        held[kind].append(key)
    return held


def unheld(rows: QuerySet[Any]) -> QuerySet[Any]:
    """These rows without those under a hold; until the transaction ends no hold is placed on them."""
    if not connection.in_atomic_block:
        raise RuntimeError("Holds are asked in the transaction that disposes.")
    lock_shared()
    return without(rows, active_holds())


def without(rows: QuerySet[Any], held: Held) -> QuerySet[Any]:
    """These rows without the held ones."""
    if not held:
        return rows
    kept = held_rows(rows.model._meta.label_lower, held)
    return rows.none() if "" in held else rows.exclude(kept) if kept else rows


def only(rows: QuerySet[Any], held: Held) -> QuerySet[Any]:
    """The held ones of these rows."""
    if "" in held:
        return rows
    kept = held_rows(rows.model._meta.label_lower, held) if held else Q()
    return rows.filter(kept).distinct() if kept else rows.none()


def held_rows(label: str, held: Held) -> Q:
    """The condition on rows of a model that says they are held; an empty one where none can be."""
    found = Q(pk__in=held[label]) if held.get(label) else Q()
    for kind, path in _owners(apps.get_model(label)):
        if held.get(kind):
            found |= Q(**{f"{path}__in": held[kind]})
    for rule in registry.rules():
        if rule.model != label:
            continue
        for kind in rule.within:
            for path in rule.paths(kind) if held.get(kind) else ():
                found |= Q(**{f"{path}__in": held[kind]})
        if rule.about:
            found |= _about(rule.about, held)
    return found


def _owners(model: type[models.Model]) -> Iterator[tuple[str, str]]:
    """The units and organisations a row points at itself: no rule need say so."""
    for field in model._meta.fields:
        label = field.related_model._meta.label_lower if isinstance(field, models.ForeignKey) else ""
        if label in (UNIT, ORGANISATION):
            yield label, field.name
        if label == UNIT:
            yield ORGANISATION, f"{field.name}__organisation"


def _about(columns: tuple[str, str], held: Held) -> Q:
    """Rows about something held, or about something that belongs to something held."""
    kind_column, key_column = columns
    found = Q()
    for label in {rule.model for rule in registry.rules() if not rule.about} | set(held):
        if label and (condition := held_rows(label, held)):
            keys = apps.get_model(label)._base_manager.filter(condition).annotate(_key=Cast("pk", models.TextField()))
            found |= Q(**{kind_column: label, f"{key_column}__in": keys.order_by().values("_key")})
    return found


def belonging(rule: registry.Rule, rows: QuerySet[Any], kind: str, key: str) -> QuerySet[Any]:
    """Those rows of a rule that are, belong to, or are about one subject."""
    found = Q(pk=key) if rule.model == kind else Q()
    for path in rule.paths(kind) if rule.goes_with_subject else ():
        found |= Q(**{path: key})
    if rule.goes_with_subject and rule.about:
        found |= Q(**{rule.about[0]: kind, rule.about[1]: key})
    return rows.filter(found) if found else rows.none()
