"""What the database refuses of policies and their versions; a trigger in the migration keeps what was approved."""

from __future__ import annotations

from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.db.models.constraints import BaseConstraint

from policies.pages.states import Group, Stage
from portal.bilingual import LANGUAGE_CODES, both_languages

CONTENT = ("title", "summary", "body")
"""What has to be there in both languages before a version goes to review."""
LONGEST_INTERVAL = 60
"""Months; a policy nobody looks at for five years is nobody's."""


def _check(name: str, condition: Q) -> CheckConstraint:
    return CheckConstraint(condition=condition, name=name)


def _null(*columns: str, is_null: bool = True) -> Q:
    return Q(**{f"{name}__isnull": is_null for name in columns})


def policy_rules() -> list[BaseConstraint]:
    """An address that can stand in a link, a known group, a sensible interval of reviews."""
    return [
        _check("policy_page_address_plain", Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$")),
        _check("policy_page_group_known", Q(group__in=Group.values)),
        _check("policy_page_reviewed_at_times", Q(review_months__gte=1, review_months__lte=LONGEST_INTERVAL)),
        _check(
            "policy_page_confirmed_by_somebody",
            _null("confirmed_at", "confirmed_by") | _null("confirmed_at", "confirmed_by", is_null=False),
        ),
    ]


def version_rules() -> list[BaseConstraint]:
    """Numbered from one, one unfinished at a time, complete before review, approved by a second person."""
    approved, first = Q(stage=Stage.APPROVED), Q(number=1)
    by_the_system = first & _null("author", "editor", "reviewer")
    return [
        UniqueConstraint(fields=["policy", "number"], name="policy_version_numbered_once"),
        UniqueConstraint(fields=["policy"], condition=~approved, name="policy_version_one_unfinished"),
        _check("policy_version_counted_from_one", Q(number__gte=1)),
        _check("policy_version_stage_known", Q(stage__in=Stage.values)),
        both_languages(*CONTENT, model="policy_version", when=~Q(stage=Stage.DRAFT)),
        both_languages("changes", model="policy_version_changes", when=~Q(stage=Stage.DRAFT) & ~first),
        _check(
            "policy_version_reviewed_by_another",
            _null("reviewer") | (_differ("reviewer", "author") & _differ("reviewer", "editor")),
        ),
        _check("policy_version_has_an_author", by_the_system | _null("author", "editor", is_null=False)),
        _check(
            "policy_version_approved_is_whole",
            (~approved & _null("publish_at", "reviewed_at", "reviewer"))
            | (approved & _null("publish_at", is_null=False) & (by_the_system | _reviewed())),
        ),
        _check(
            "policy_version_told_once_in_force",
            _null("announced_at") | (approved & Q(announced_at__gte=F("publish_at"))),
        ),
        _check("policy_version_frozen_is_whole", _frozen()),
    ]


def _differ(one: str, other: str) -> Q:
    return _null(other) | ~Q(**{one: F(other)})


def _reviewed() -> Q:
    return _null("reviewer", "reviewed_at", is_null=False)


def _frozen() -> Q:
    empty = Q(**{f"frozen_{code}": "" for code in LANGUAGE_CODES})
    written = Q()
    for code in LANGUAGE_CODES:
        written &= ~Q(**{f"frozen_{code}": ""})
    return (_null("frozen_at") & empty) | (_null("frozen_at", is_null=False) & written & Q(stage=Stage.APPROVED))
