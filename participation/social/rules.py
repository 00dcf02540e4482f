"""What the database refuses of an account."""

from __future__ import annotations

from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.db.models.constraints import BaseConstraint

from participation.social.platforms import HOSTS, Platform, host_rules
from participation.social.states import Ground, Language, State
from portal.bilingual import both_languages

TEXTS = ("holder_job", "purpose", "audience")


def _check(name: str, condition: Q) -> CheckConstraint:
    return CheckConstraint(condition=condition, name=f"account_{name}")


def _address_fits() -> Q:
    """An address at a host of its platform; at any host for another platform. Always https."""
    fits = Q(address__regex=r"^https://[^\s/]+\.[^\s/]+(/|$)") & ~Q(platform__in=list(HOSTS))
    for rule in host_rules():
        fits |= Q(platform=rule.platform, address__regex=rule.pattern)
    return fits


def _state_rules() -> list[BaseConstraint]:
    """What is listed has somebody who listed it and somebody who runs it; what was delisted says why."""
    not_listed = Q(listed_at__isnull=True, listed_by__isnull=True)
    was_listed = Q(listed_at__isnull=False)
    stands = Q(delisted_at__isnull=True, ground="")
    gone = was_listed & Q(delisted_at__isnull=False, ground__in=Ground.values)
    return [
        _check("state_known", Q(state__in=State.values)),
        _check("proposed_is_new", ~Q(state=State.PROPOSED) | (not_listed & stands)),
        _check("listed_by_somebody", ~Q(state=State.LISTED) | (was_listed & stands)),
        _check(
            "listed_by_another",
            Q(listed_by__isnull=True) | Q(proposed_by__isnull=True) | ~Q(listed_by=F("proposed_by")),
        ),
        _check("listed_has_holder", ~Q(state=State.LISTED) | ~Q(holder_name="")),
        _check("delisted_on_a_ground", ~Q(state=State.DELISTED) | gone),
        _check(
            "delisted_after_listed",
            Q(listed_at__isnull=True) | Q(delisted_at__isnull=True) | Q(delisted_at__gte=F("listed_at")),
        ),
        both_languages("reason", model="account_reason", when=Q(state=State.DELISTED)),
    ]


def account_rules() -> list[BaseConstraint]:
    """Every rule of the table."""
    return [
        both_languages(*TEXTS, model="account"),
        UniqueConstraint(
            fields=["platform", "handle_key"], condition=~Q(state=State.DELISTED), name="account_once_on_a_platform"
        ),
        _check("platform_known", Q(platform__in=Platform.values)),
        _check("named", ~Q(handle="") & ~Q(handle_key="")),
        _check("address_of_its_platform", _address_fits()),
        _check("resolution_named", ~Q(resolution_number="")),
        _check("authorised_after_resolution", Q(authorised_until__gte=F("resolution_date"))),
        _check(
            "languages_known",
            Q(languages__contained_by=[*Language.values]) & Q(languages__len__gte=1),
        ),
        *_state_rules(),
    ]
