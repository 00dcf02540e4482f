"""The cells of a row as values, or what is wrong with them in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import EmailField, Field
from django.utils.translation import gettext as _

from opendata.inventory.importing.columns import BY_NAME, CHOICE, DAY, EMAIL, NO, PHONE, YES, YES_NO, Column
from portal.digits import fold_digits
from portal.figures.export import safe_cell
from portal.forms import DigitsDateField, PhoneField
from portal.search.folding import fold

PAIRS = ("description", "owner_role", "contact_role")


@dataclass(frozen=True)
class Problem:
    """What is wrong with a cell, or (without a column) with the row."""

    message: str
    column: Column | None = None

    def __str__(self) -> str:
        return f"{self.column.title}: {self.message}" if self.column else self.message


def checked(cells: dict[str, str]) -> tuple[dict[str, Any], list[Problem]]:
    """Values of the cells that say something, by name of the column, and every problem, in the active language."""
    values: dict[str, Any] = {}
    problems = []
    for name, text in cells.items():
        column = BY_NAME[name]
        try:
            if text:
                values[name] = _value(column, text)
            elif column.is_required:
                problems.append(Problem(_("Fill this in."), column))
        except ValueError as error:
            problems.append(Problem(str(error), column))
    return values, problems + _one_sided(values)


def _one_sided(values: dict[str, Any]) -> list[Problem]:
    """Texts that may be left out are written in both languages or in neither."""
    found = []
    for name in PAIRS:
        missing = [code for code in ("ar", "en") if f"{name}_{code}" not in values]
        if len(missing) == 1:
            found.append(Problem(_("Write it in both languages, or in neither."), BY_NAME[f"{name}_{missing[0]}"]))
    return found


def _value(column: Column, text: str) -> Any:
    """Raises ValueError with words for the reader."""
    if column.kind == CHOICE:
        return _choice(column, text)
    if column.kind in _FIELDS:
        return _as_typed(_FIELDS[column.kind], text)
    if column.kind == YES_NO:
        return _yes_or_no(text)
    return _words(column, text)


def _words(column: Column, text: str) -> str:
    if safe_cell(text) != text:
        raise ValueError(_("It begins like a formula. Write plain text."))
    if column.longest < 1000:
        text = " ".join(text.split())
    if len(text) > column.longest:
        told = _("It has %(length)d letters; %(longest)d are allowed.")
        raise ValueError(told % {"length": len(text), "longest": column.longest})
    return fold_digits(text) if column.name == "code" else text


def _choice(column: Column, text: str) -> str:
    code = _codes(column.name).get(fold(text))
    if code is None:
        told = _("“%(text)s” is none of the codes: %(codes)s.")
        raise ValueError(told % {"text": text[:60], "codes": ", ".join(column.choices.values)})
    return code


@cache
def _codes(name: str) -> dict[str, str]:
    return BY_NAME[name].codes()


_FIELDS: dict[str, Callable[[], Field]] = {
    DAY: DigitsDateField,
    EMAIL: lambda: EmailField(max_length=254),
    PHONE: PhoneField,
}


def _as_typed(field: Callable[[], Field], text: str) -> Any:
    """As the form of an asset reads it."""
    try:
        return field().clean(text)
    except ValidationError as error:
        raise ValueError(" ".join(error.messages)) from None


def _yes_or_no(text: str) -> bool:
    word = fold(text)
    if word not in YES | NO:
        raise ValueError(_("Write “yes” or “no”."))
    return word in YES
