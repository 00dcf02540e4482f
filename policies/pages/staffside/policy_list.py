"""Columns and filters of the lists of policies and versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import admin
from django.db.models import Prefetch
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from policies.pages.models import Policy, PolicyQuerySet, PolicyVersion
from policies.pages.reminding import due_for_review
from policies.pages.states import Stage, State


@dataclass(frozen=True)
class Versions:
    """The versions of a policy: all of them newest first, the one in force, the one that is to follow."""

    policy: Policy
    listed: list[PolicyVersion]
    current: PolicyVersion | None
    coming: PolicyVersion | None


def with_versions(rows: PolicyQuerySet) -> PolicyQuerySet:
    """The policies with what `of_policy` needs, in one further query for all."""
    versions = PolicyVersion.objects.knowing_successors().without_texts().order_by("-number")
    return rows.prefetch_related(Prefetch("versions", versions, to_attr="listed_versions"))


def of_policy(policy: Policy) -> Versions:
    """The versions of a policy that came from `with_versions`."""
    listed: list[PolicyVersion] = policy.listed_versions  # type: ignore[attr-defined]
    current = next((row for row in listed if row.state == State.PUBLISHED), None)
    coming = next((row for row in listed if row.stage != Stage.APPROVED or row.state == State.SCHEDULED), None)
    return Versions(policy, listed, current, coming)


def chip(found: Versions | PolicyVersion) -> str:
    """The state of a version, or those of the versions of a policy that matter now."""
    versions = [found] if isinstance(found, PolicyVersion) else [each for each in (found.current, found.coming) if each]
    if not versions:
        return "–"
    if isinstance(found, PolicyVersion):
        return format_html('<span class="chip {}">{}</span>', found.chip, found.state.label)
    rows = ((row.chip, row.state.label, row.number) for row in versions)
    return format_html_join(" ", '<span class="chip {}">{} ({})</span>', rows)


def day(moment: datetime | date | None) -> str:
    """A date as the lists show it."""
    if moment is None:
        return "–"
    return date_format(timezone.localtime(moment).date() if isinstance(moment, datetime) else moment)


class DueFilter(admin.SimpleListFilter):
    """Those whose review is due."""

    title, parameter_name = _("review"), "review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Any]:
        return [("due", _("Review due"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() != "due":
            return queryset
        return queryset.filter(pk__in=[version.policy_id for version in due_for_review()])


class StateFilter(admin.SimpleListFilter):
    """By state, which is worked out from stage and dates."""

    title, parameter_name = _("state"), "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Any]:
        return list(State.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        questions = {
            State.DRAFT: lambda: queryset.filter(stage=Stage.DRAFT),
            State.IN_REVIEW: lambda: queryset.filter(stage=Stage.IN_REVIEW),
            State.SCHEDULED: queryset.scheduled,
            State.PUBLISHED: queryset.current,
            State.SUPERSEDED: queryset.superseded,
        }
        return questions[self.value()]() if self.value() in questions else queryset  # type: ignore[index]
