"""What each licence allows and asks, and how the source is named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from opendata.catalogue.addresses import absolute
from opendata.catalogue.choices import Licence
from opendata.catalogue.licences import plainly
from opendata.catalogue.models import Version
from portal.bilingual import LANGUAGE_CODES, in_language

_WITHOUT_NAMING = (Licence.CC0, Licence.PDDL)
_ALIKE = (Licence.ODBL,)


@dataclass(frozen=True)
class Row:
    """A licence as the guide explains it."""

    code: str
    label: Any
    url: str
    words: Any
    names_source: bool
    is_shared_alike: bool


@dataclass(frozen=True)
class Sentence:
    """How a source is named, in one language, with the addresses of the version and of its licence."""

    language: str
    text: str
    page: str
    licence_url: str


def licences() -> list[Row]:
    """All that datasets may carry."""
    found = []
    for code in Licence:
        plain = plainly(code)
        found.append(Row(code, plain.label, plain.url, plain.words, code not in _WITHOUT_NAMING, code in _ALIKE))
    return found


def sentences(version: Version) -> list[Sentence]:
    """A line to copy that names the version as a source, in Arabic and in English."""
    found, licence = [], plainly(version.licence)
    for language in LANGUAGE_CODES:
        with in_language(language):
            page = absolute(version.get_absolute_url())
            found.append(Sentence(language, _sentence(version, language), page, licence.url))
    return found


def _sentence(version: Version, language: str) -> str:
    dataset, organisation = version.dataset, version.dataset.asset.organisation
    return _(
        "Source: %(publisher)s, “%(title)s”, version %(number)s, %(day)s, portal Musharaka. Licence: %(licence)s."
    ) % {
        "publisher": getattr(organisation, f"name_{language}") or organisation,
        "title": getattr(dataset, f"title_{language}") or dataset,
        "number": version.number,
        "day": date_format(version.published_at, "DATE_FORMAT"),
        "licence": plainly(version.licence).label,
    }
