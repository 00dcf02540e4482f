"""What reading found, in the language of the page: a sentence for each code, with what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from opendata.catalogue.words.sentences import SENTENCES

TYPES = {
    "text": gettext_lazy("text"),
    "integer": gettext_lazy("whole number"),
    "decimal": gettext_lazy("number with decimals"),
    "boolean": gettext_lazy("yes or no"),
    "date": gettext_lazy("date"),
    "datetime": gettext_lazy("date and time"),
}
SEVERITIES = {
    "stops": gettext_lazy("Has to be mended"),
    "asks": gettext_lazy("Has to be decided"),
    "tells": gettext_lazy("Good to know"),
}
PERSONAL = {
    "civil_number": gettext_lazy("Civil numbers of people"),
    "phone": gettext_lazy("Telephone numbers"),
    "iban": gettext_lazy("Bank account numbers"),
    "passport": gettext_lazy("Passport numbers"),
    "email": gettext_lazy("E-mail addresses"),
    "name": gettext_lazy("Names of people"),
    "birth_date": gettext_lazy("Dates of birth"),
    "small_counts": gettext_lazy("Small numbers of people, who could be recognised"),
}


class _Forgiving(dict[str, Any]):
    """Leaves a dash where a figure is missing: a sentence must never fail for one."""

    def __missing__(self, key: str) -> str:
        return "–"


def problem_words(code: str, params: Mapping[str, Any]) -> str:
    """The sentence for a problem; the code itself where there is none."""
    if code not in SENTENCES:
        return _("Something else: %(code)s") % {"code": code}
    return str(SENTENCES[code]) % _Forgiving({name: _shown(name, value) for name, value in params.items()})


def _shown(name: str, value: Any) -> Any:
    if name == "type":
        return TYPES.get(str(value), value)
    return _(", ").join(map(str, value)) if isinstance(value, list | tuple) else value
