"""Text that exists in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import models
from django.utils import translation

LANGUAGE_CODES = ("ar", "en")


def both_languages(*fields: str, model: str, when: models.Q | None = None) -> models.CheckConstraint:
    """A CHECK that the fields are written in both languages (always, or only for rows where `when` holds).

    Empty and NULL are both refused: a NULL would pass a bare comparison.
    """
    complete = models.Q()
    for field in fields:
        for code in LANGUAGE_CODES:
            column = f"{field}_{code}"
            complete &= models.Q(**{f"{column}__isnull": False}) & ~models.Q(**{column: ""})
    condition = complete if when is None else (~when | complete)
    return models.CheckConstraint(condition=condition, name=f"{model}_in_both_languages")


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """Write what follows in `code`, or in the default language where it is not one of ours."""
    with translation.override(code if code in LANGUAGE_CODES else settings.LANGUAGE_CODE):
        yield


def other_language(code: str) -> str:
    """The other of the two languages."""
    return "en" if code == "ar" else "ar"


def bare_path(path: str) -> str:
    """An address without its language prefix: "/ar/polls/x/" and "/polls/x/" are both "/polls/x/"."""
    first, _slash, rest = path.lstrip("/").partition("/")
    return f"/{rest}" if first in LANGUAGE_CODES else f"/{path.lstrip('/')}"
