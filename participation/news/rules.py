"""What the database refuses of an announcement."""

from __future__ import annotations

from django.db.models import CheckConstraint, F, Q
from django.db.models.constraints import BaseConstraint

from participation.news.states import Ground, Outcome
from portal.bilingual import both_languages

CONTENT = ("title", "summary", "body")
"""What has to be there in both languages before an announcement is published."""


def _check(name: str, condition: Q) -> CheckConstraint:
    return CheckConstraint(condition=condition, name=f"announcement_{name}")


def _written(column: str) -> Q:
    """Neither NULL, which would pass a bare comparison, nor empty."""
    return Q(**{f"{column}__isnull": False}) & ~Q(**{column: ""})


def _together(*columns: str) -> tuple[Q, Q]:
    """All of the columns are NULL; none of them is."""
    return Q(**{f"{name}__isnull": True for name in columns}), Q(**{f"{name}__isnull": False for name in columns})


def publishing_rules() -> list[BaseConstraint]:
    """A draft may be incomplete; what is published has everything in both languages and somebody who published it."""
    unpublished, published = _together("publish_at", "published_by")
    no_image, an_image = _together("image", "image_width", "image_height")
    return [
        both_languages(*CONTENT, model="announcement", when=Q(publish_at__isnull=False)),
        both_languages("image_alt", model="announcement_image", when=Q(image__isnull=False)),
        _check("address_plain", Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$")),
        _check("has_a_title", _written("title_ar") | _written("title_en")),
        _check("image_measured", no_image | (an_image & Q(image_width__gt=0, image_height__gt=0))),
        _check("publisher_named", unpublished | published),
        _check(
            "expires_after",
            Q(expires_at__isnull=True) | Q(publish_at__isnull=True) | Q(expires_at__gt=F("publish_at")),
        ),
        _check("draft_is_plain", Q(publish_at__isnull=False) | Q(is_pinned=False, is_locked=False, revised_at=None)),
    ]


def hiding_rules() -> list[BaseConstraint]:
    """It is taken down once it was there, by somebody, on a known ground; an appeal goes to somebody else."""
    hidden = Q(publish_at__isnull=False, hidden_at__gte=F("publish_at"), hidden_by__isnull=False)
    no_appeal, an_appeal = _together("appealed_at", "appealed_by")
    undecided, decided = _together("appeal_decided_at", "appeal_decided_by")
    return [
        _check("hidden_on_a_ground", Q(hidden_at__isnull=True) | (hidden & Q(hidden_ground__in=Ground.values))),
        _check("ground_known", Q(hidden_ground__in=["", *Ground.values])),
        _check(
            "appeal_has_text",
            (no_appeal & Q(appeal_text="")) | (an_appeal & ~Q(appeal_text="") & Q(hidden_by__isnull=False)),
        ),
        _check(
            "decision_is_whole",
            (undecided & Q(appeal_outcome="", appeal_answer=""))
            | (decided & Q(appealed_at__isnull=False, appeal_outcome__in=Outcome.values) & ~Q(appeal_answer="")),
        ),
        _check(
            "decided_by_another",
            Q(appeal_decided_by__isnull=True)
            | (~Q(appeal_decided_by=F("hidden_by")) & ~Q(appeal_decided_by=F("appealed_by"))),
        ),
        _check("restored_is_shown", ~Q(appeal_outcome=Outcome.RESTORED) | Q(hidden_at__isnull=True)),
    ]
