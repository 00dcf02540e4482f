"""Licences in plain words, for people who have never read one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from opendata.catalogue.choices import LICENCE_URLS, Licence


@dataclass(frozen=True)
class Plainly:
    """A licence: its name, where its whole text is, and what it asks of whoever uses the data."""

    label: Any
    url: str
    words: Any


_BY = _("Use it for any purpose, also to earn money, and pass it on. Name the publisher as the source.")
_WORDS = {
    Licence.CC_BY: _BY,
    Licence.ODC_BY: _BY,
    Licence.CC0: _("Use it for any purpose and pass it on, without asking and without naming anybody."),
    Licence.PDDL: _("Use it for any purpose and pass it on, without asking and without naming anybody."),
    Licence.ODBL: _(
        "Use it for any purpose and pass it on. Name the publisher as the source, and offer what you derive from the "
        "database itself under the same licence."
    ),
}


def plainly(code: str) -> Plainly:
    """The licence of this code."""
    licence = Licence(code)
    return Plainly(licence.label, LICENCE_URLS[licence], _WORDS[licence])
