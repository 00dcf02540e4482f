"""Whether the two languages of a version say the same, as far as that can be counted."""

from __future__ import annotations

from django.utils.translation import gettext as _

from policies.pages.inserts import names_in
from policies.pages.models import PolicyVersion
from portal.richtext import headings


def mismatches(version: PolicyVersion) -> list[str]:
    """Live facts of one language only, and headings that do not pair; in the active language, for its reviewer."""
    arabic, english = version.text_in("ar"), version.text_in("en")
    if not arabic or not english:
        return []
    found = [
        _("Only one language uses the live fact “%(name)s”.") % {"name": name}
        for name in sorted(set(names_in(arabic)) ^ set(names_in(english)))
    ]
    if outline(arabic) != outline(english):
        counts = {"arabic": len(outline(arabic)), "english": len(outline(english))}
        found.append(
            _("The headings do not pair: %(arabic)d in Arabic, %(english)d in English, or of other levels.") % counts
        )
    return found


def outline(text: str) -> list[int]:
    """The levels of its headings in order."""
    return [heading.level for heading in headings(text)]
