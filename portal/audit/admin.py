from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from portal.audit.labels import verb_label
from portal.audit.models import AuditEvent
from portal.staff.admin_base import ReadOnlyAdmin


def kind_label(kind: str) -> str:
    """What the subjects of a kind are called; the kind itself where no such model exists (any more)."""
    try:
        return str(capfirst(apps.get_model(kind)._meta.verbose_name))
    except (LookupError, ValueError):
        return kind


class KindFilter(admin.AllValuesFieldListFilter):
    """The kinds that occur, in words."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": kind_label(str(choice["display"]))}


class VerbFilter(admin.AllValuesFieldListFilter):
    """The acts that occur, in words."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": verb_label(str(choice["display"]))}


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    """The trail, to be read only. It names subjects by number and holds nothing personal."""

    list_display = ["at", "what", "actor", "kind", "subject_id"]
    list_select_related = ["actor"]
    list_filter = [("subject_kind", KindFilter), ("verb", VerbFilter)]
    search_fields = ["=subject_id", "=verb"]
    fields = ["at", "what", "actor", "kind", "subject_id", "data"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    @admin.display(description=_("what was done"))
    def what(self, event: AuditEvent) -> str:
        return event.verb_label

    @admin.display(description=_("kind of subject"), ordering="subject_kind")
    def kind(self, event: AuditEvent) -> str:
        return kind_label(event.subject_kind)
