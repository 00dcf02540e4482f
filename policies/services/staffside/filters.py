"""Filters of the list of services."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from policies.services.completeness import REQUIRED


class GapFilter(admin.SimpleListFilter):
    """By what an entry does not state yet."""

    title, parameter_name = _("missing"), "missing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Any]:
        facts = [(key, fact.label) for key, fact in REQUIRED.items()]
        return [*facts, ("online", _("Electronic form")), ("review", _("Review within the last year"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        asked = self.value()
        if asked in REQUIRED:
            return queryset.missing(asked)
        return {"online": queryset.filter(url=""), "review": queryset.review_due()}.get(asked or "", queryset)


class BodyFilter(admin.SimpleListFilter):
    """The organisations whose entries the user may see."""

    title, parameter_name = _("organisation"), "body"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Any]:
        rows = model_admin.get_queryset(request).order_by().values_list("organisation", "organisation__name")
        return sorted({(str(pk), name) for pk, name in rows}, key=lambda pair: str(pair[1]))

    def has_output(self) -> bool:
        return len(self.lookup_choices) > 1

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        known = {value for value, _label in self.lookup_choices}
        return queryset.filter(organisation=self.value()) if self.value() in known else queryset


FILTERS: list[Any] = ["state", GapFilter, BodyFilter]
