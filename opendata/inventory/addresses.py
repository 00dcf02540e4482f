"""What an address may look like that stays for ever: one that opens here, and that other catalogues take as a name."""

from __future__ import annotations

import re
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

SLUG = r"^[a-z0-9][a-z0-9-]{1,79}$"
"""Also what other catalogues (CKAN) take as a name."""
RESERVED = ("edit", "new", "search")
"""Words such catalogues use for something else, of datasets and of organisations."""


def validate(slug: str, reserved: Collection[str]) -> None:
    """Raise ValidationError for an address nobody could open, here or in a catalogue that harvests this one."""
    if not re.match(SLUG, slug):
        raise ValidationError(
            _("Write 2 to 80 small Latin letters (a-z), digits and hyphens; the first is a letter or a digit.")
        )
    if slug in reserved:
        raise ValidationError(_("“%(slug)s” is an address of the portal itself. Choose another one.") % {"slug": slug})


def validate_agency(slug: str) -> None:
    """The same for the address of an agency."""
    validate(slug, RESERVED)
