"""Filters of the list of announcements."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from participation.news.states import State
from portal.organisations.models import Unit


class StateFilter(admin.SimpleListFilter):
    """By state, which is worked out from dates and marks."""

    title, parameter_name = _("state"), "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Any]:
        return [*State.choices, ("appealed", _("Appeal to decide"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        questions = {
            State.DRAFT: queryset.drafts,
            State.SCHEDULED: queryset.scheduled,
            State.VISIBLE: queryset.visible,
            State.EXPIRED: queryset.expired,
            State.HIDDEN: queryset.hidden,
            "appealed": queryset.appealed,
        }
        return questions[self.value()]() if self.value() in questions else queryset  # type: ignore[index]


class UnitFilter(admin.SimpleListFilter):
    """The user's own units; all of them for an administrator."""

    title, parameter_name = _("unit"), "unit"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Any]:
        units = Unit.objects.all() if request.user.is_superuser else Unit.objects.of(request.user)
        return [(str(unit.pk), str(unit)) for unit in units]

    def has_output(self) -> bool:
        return len(self.lookup_choices) > 1

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        known = {value for value, _label in self.lookup_choices}
        return queryset.filter(unit=self.value()) if self.value() in known else queryset


FILTERS: list[Any] = [StateFilter, UnitFilter]
