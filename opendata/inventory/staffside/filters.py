"""Filters of the list of assets."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class WaitingFilter(admin.SimpleListFilter):
    """By what has to be done."""

    title, parameter_name = _("to do"), "waiting"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Any]:
        return [("assess", _("To assess")), ("late", _("Release is late")), ("review", _("Decision to look at again"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        questions = {"assess": queryset.to_assess, "late": queryset.late, "review": queryset.to_review}
        asked = questions.get(self.value() or "")
        return asked() if asked else queryset


class BodyFilter(admin.SimpleListFilter):
    """The organisations whose assets the user may see."""

    title, parameter_name = _("organisation"), "body"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Any]:
        rows = model_admin.get_queryset(request).order_by().values_list("organisation", "organisation__name")
        return sorted({(str(pk), name) for pk, name in rows.distinct()}, key=lambda pair: str(pair[1]))

    def has_output(self) -> bool:
        return len(self.lookup_choices) > 1

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        known = {value for value, _label in self.lookup_choices}
        return queryset.filter(organisation=self.value()) if self.value() in known else queryset


FILTERS: list[Any] = [WaitingFilter, "state", "access", "theme", "is_high_value", BodyFilter]
