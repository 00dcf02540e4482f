"""The columns of a version, as its pages show them in the active language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import get_language

from opendata.catalogue.models import Version
from opendata.catalogue.words.problems import TYPES
from portal.bilingual import other_language

NUMERIC = ("integer", "decimal")


@dataclass(frozen=True)
class Shown:
    """One column: machine name and type, and its words in the language of the page and in the other."""

    name: str
    type: str
    title: str
    other_title: str = ""
    other_language: str = ""
    description: str = ""
    unit: str = ""
    formula: str = ""
    is_key: bool = False

    @property
    def type_label(self) -> Any:
        """Its type in words."""
        return capfirst(TYPES.get(self.type, self.type))

    @property
    def is_number(self) -> bool:
        return self.type in NUMERIC


def columns_of(version: Version) -> list[Shown]:
    """The columns of a version in the order of its table."""
    here = get_language() or "ar"
    there = other_language(here)
    return [
        Shown(
            name=one["name"], type=one.get("type", "text"),
            title=one.get(f"title_{here}") or one.get(f"title_{there}") or one["name"],
            other_title=one.get(f"title_{there}", ""), other_language=there,
            description=one.get(f"description_{here}") or one.get(f"description_{there}", ""),
            unit=one.get("unit", ""), formula=one.get("formula", ""), is_key=one["name"] in version.key,
        )
        for one in version.columns
    ]  # fmt: skip
