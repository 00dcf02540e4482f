"""The list of cases: search, filters, and how its rows are fetched."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.postgres.search import SearchQuery
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from participation.feedback.models import Case
from participation.feedback.staffside.rows import with_time_left
from participation.feedback.states import Channel, Kind, Priority, State
from portal.audit.actions import record
from portal.encryption import blind_index, normalise_email, normalise_phone
from portal.organisations.models import Topic, Unit
from portal.references import read_reference
from portal.search.folding import to_tsquery_string


class CaseChangeList(ChangeList):
    """Adds the working time left to the rows of the page, all at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        ids = list(self.result_list.values_list("pk", flat=True))  # from an index alone; then whole rows, but few
        rows = self.root_queryset.filter(pk__in=ids).select_related(*self.list_select_related).in_bulk()
        self.result_list = with_time_left([rows[pk] for pk in ids if pk in rows])


def search(cases: models.QuerySet[Case], term: str, by: Any) -> models.QuerySet[Case]:
    """Cases with this reference, these words (in either language, however spelt), or this e-mail or telephone.

    Asking by contact is noted, without the contact.
    """
    term = term.strip()
    if not term:
        return cases
    found = models.Q()
    if reference := read_reference(term):
        found |= models.Q(reference=reference)
    contact = _by_contact(term)
    if contact:
        found |= contact
        record(verb="case.contact_search", subject=by, by=by)
    if "@" not in term and (query := to_tsquery_string(term)):
        found |= models.Q(search=SearchQuery(query, search_type="raw", config="simple"))
    return cases.filter(found) if found else cases.none()


def _by_contact(term: str) -> models.Q | None:
    if "@" in term:
        return models.Q(email_index=blind_index(normalise_email(term)))
    if phone := normalise_phone(term):
        return models.Q(phone_index=blind_index(phone))
    return None


class Choice(admin.SimpleListFilter):
    """A filter over one column with fixed choices: no query, and nothing of other units in it."""

    column = ""
    choices_of: Any = None

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(self.choices_of.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        values = {str(value) for value, _label in self.lookup_choices}
        return (
            queryset.filter(**{str(self.column or self.parameter_name): self.value()})
            if self.value() in values
            else queryset
        )


class StateFilter(Choice):
    title, parameter_name, choices_of = _("state"), "state", State

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("unfinished", _("Not finished")), *State.choices]  # type: ignore[list-item]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.unfinished() if self.value() == "unfinished" else super().queryset(request, queryset)


class KindFilter(Choice):
    title, parameter_name, choices_of = _("kind"), "kind", Kind


class PriorityFilter(Choice):
    title, parameter_name, choices_of = _("priority"), "priority", Priority


class ChannelFilter(Choice):
    title, parameter_name, choices_of = _("channel"), "channel", Channel


class TopicFilter(Choice):
    title, parameter_name, column = _("topic"), "topic", "topic_id"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(topic.pk), str(topic)) for topic in Topic.objects.all()]


class UnitFilter(Choice):
    """The user's own units only."""

    title, parameter_name, column = _("unit"), "unit", "unit_id"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(unit.pk), str(unit)) for unit in Unit.objects.of(request.user)]

    def has_output(self) -> bool:
        return len(self.lookup_choices) > 1


class YesFilter(admin.SimpleListFilter):
    """A question that is asked or not."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", _("Yes"))]  # type: ignore[list-item]


class EscalatedFilter(YesFilter):
    title, parameter_name = _("escalated"), "escalated"

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.escalated() if self.value() == "yes" else queryset


class MineFilter(YesFilter):
    title, parameter_name = _("with me"), "mine"

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.assigned_to(request.user).unfinished() if self.value() == "yes" else queryset


FILTERS: list[Any] = [
    StateFilter, MineFilter, EscalatedFilter, KindFilter, TopicFilter, UnitFilter, PriorityFilter, ChannelFilter,
]  # fmt: skip
