"""What the database refuses of a service."""

from __future__ import annotations

from django.db.models import CheckConstraint, F, Q, Value
from django.db.models.constraints import BaseConstraint
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce, Length, Replace
from django.db.models.lookups import Exact

from policies.services.choices import ONLINE, Channel, Fee, LifeEvent, Persona, State, TimeUnit
from portal.bilingual import LANGUAGE_CODES, both_languages

CONTENT = ("name", "purpose")
"""What has to be there in both languages before a service is published."""
LISTS = ("prerequisites", "documents", "held_documents", "steps")
"""Texts of one item a line; the same items in both languages."""
OPTIONAL = (*LISTS, "fee_note", "legal_basis", "contact")
"""Texts that may be missing, but then in both languages."""
PUBLISHED = Q(state=State.PUBLISHED)


def _check(name: str, condition: Q) -> CheckConstraint:
    return CheckConstraint(condition=condition, name=f"service_{name}")


def written(column: str) -> Q:
    """Neither NULL, which would pass a bare comparison, nor empty."""
    return Q(**{f"{column}__isnull": False}) & ~Q(**{column: ""})


def stated(field: str) -> Q:
    """The text is there in both languages."""
    return written(f"{field}_ar") & written(f"{field}_en")


def _line_ends(column: str) -> CombinedExpression:
    text = Coalesce(F(column), Value(""))
    return Length(text) - Length(Replace(text, Value("\n"), Value("")))


def _both_or_neither(field: str) -> Q:
    blank = [Q(**{f"{field}_{code}__isnull": True}) | Q(**{f"{field}_{code}": ""}) for code in LANGUAGE_CODES]
    return (blank[0] & blank[1]) | stated(field)


def _texts() -> list[BaseConstraint]:
    same = [_both_or_neither(field) for field in OPTIONAL]
    lines = [Q(Exact(_line_ends(f"{field}_ar"), _line_ends(f"{field}_en"))) for field in LISTS]
    both = Q()
    for condition in (*same, *lines):
        both &= condition
    return [
        both_languages(*CONTENT, model="service", when=PUBLISHED),
        _check("same_in_both_languages", ~PUBLISHED | both),
        _check("has_a_name", written("name_ar") | written("name_en")),
        _check("address_plain", Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$") & ~Q(slug="organisations")),
        _check("needs_no_documents", Q(no_documents=False) | (~written("documents_ar") & ~written("documents_en"))),
        _check(
            "has_no_prerequisites",
            Q(no_prerequisites=False) | (~written("prerequisites_ar") & ~written("prerequisites_en")),
        ),
    ]


def _choices() -> list[BaseConstraint]:
    online = Q(channels__overlap=list(ONLINE))
    return [
        _check("state_known", Q(state__in=State.values)),
        _check("personas_known", Q(personas__contained_by=Persona.values)),
        _check("life_events_known", Q(life_events__contained_by=LifeEvent.values)),
        _check("channels_known", Q(channels__contained_by=Channel.values)),
        _check("published_is_for_somebody", ~PUBLISHED | (~Q(personas=[]) & ~Q(channels=[]))),
        _check("link_is_safe", Q(url="") | Q(url__startswith="https://")),
        _check("online_has_a_link", ~PUBLISHED | (Q(url="") & ~online) | (~Q(url="") & online)),
    ]


def _amounts() -> list[BaseConstraint]:
    no_fee, a_fee = Q(fee__isnull=True), Q(fee__isnull=False, fee__gt=0)
    return [
        _check(
            "time_is_whole",
            Q(time_amount__isnull=True, time_unit="")
            | Q(time_amount__isnull=False, time_amount__gt=0, time_unit__in=TimeUnit.values),
        ),
        _check(
            "fee_fits",
            (Q(fee_kind__in=["", Fee.FREE]) & no_fee)
            | (Q(fee_kind=Fee.FIXED) & a_fee)
            | (Q(fee_kind=Fee.VARIES) & no_fee),
        ),
        _check("fee_that_varies_is_told", ~PUBLISHED | ~Q(fee_kind=Fee.VARIES) | stated("fee_note")),
    ]


def _life() -> list[BaseConstraint]:
    never = Q(published_at__isnull=True, published_by__isnull=True, reviewed_on__isnull=True)
    once = Q(published_at__isnull=False, published_by__isnull=False, reviewed_on__isnull=False)
    return [
        _check("published_by_somebody", (Q(state=State.DRAFT) & never) | (~Q(state=State.DRAFT) & once)),
        _check(
            "withdrawn_has_a_day",
            Q(state=State.WITHDRAWN, withdrawn_at__isnull=False) | (~Q(state=State.WITHDRAWN) & Q(withdrawn_at=None)),
        ),
    ]


def service_rules() -> list[BaseConstraint]:
    """Every rule of a service."""
    return [*_texts(), *_choices(), *_amounts(), *_life()]
