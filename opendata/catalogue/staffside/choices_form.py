"""How the file is to be read: what the portal found out, and what the publisher decides instead."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opendata.catalogue.models import Release
from opendata.catalogue.staffside.verb_forms import VerbForm
from opendata.catalogue.standing import report_of
from opendata.reading.report import Report
from portal.forms import DigitsIntegerField

AUTOMATIC = ("", _("As the portal finds out"))
DELIMITERS = {
    ",": _("Comma"),
    ";": _("Semicolon"),
    "\t": pgettext_lazy("delimiter", "Tab"),
    "|": _("Vertical bar"),
}
MARKS = [AUTOMATIC, (".", _("Point: 1.5")), (",", _("Comma: 1,5"))]
ORDERS = [("day", _("Day first: 31/12/2026")), ("month", _("Month first: 12/31/2026"))]
TAB = "tab"
"""A browser takes white space off the ends of a value, so the tab has a name."""


class ChoicesForm(VerbForm):
    """Only what applies to a file of its kind is asked."""

    encoding = forms.ChoiceField(
        label=_("How letters are written (encoding)"), required=False, widget=forms.RadioSelect
    )
    delimiter = forms.ChoiceField(label=_("What separates the columns"), required=False)
    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    header_rows = DigitsIntegerField(
        label=_("Rows of headers"), required=False, min_value=0, max_value=20,
        help_text=_("After the lines above the table. 0: there are none. Empty: as the portal finds out."),
    )  # fmt: skip
    decimal = forms.ChoiceField(label=_("Decimal mark"), required=False, choices=MARKS)
    date_order = forms.ChoiceField(
        label=_("Dates that could be read either way"), required=False,
        help_text=_("Dates that can only be read one way are read that way."),
    )  # fmt: skip

    def __init__(self, release: Release, *args: Any, **kwargs: Any) -> None:
        chosen = dict(release.choices)
        if chosen.get("delimiter") == "\t":
            chosen["delimiter"] = TAB
        super().__init__(release, *args, initial=chosen, **kwargs)
        report = report_of(release)
        self._offer_encodings(report)
        self._offer("delimiter", [(TAB if mark == "\t" else mark, name) for mark, name in DELIMITERS.items()],
                    bool(report and (report.delimiter or report.kind in ("csv", "tsv"))))  # fmt: skip
        sheets = report.sheets if report else []
        self._offer("sheet", [(sheet.name, f"{sheet.name} ({sheet.rows} × {sheet.columns})") for sheet in sheets],
                    len(sheets) > 1)  # fmt: skip
        unsure = {"date_order_unsure", "month_first"} & set(report.problem_counts if report else ())
        self._offer("date_order", ORDERS, bool(unsure or chosen.get("date_order")))

    def _offer_encodings(self, report: Report | None) -> None:
        found = report.encodings if report else []
        choices = [(one.name, f"{one.name} – {' / '.join(one.sample_lines[:2])[:160]}") for one in found]
        self._offer("encoding", choices, bool(found))

    def _offer(self, name: str, choices: list[tuple[Any, Any]], applies: bool) -> None:
        if not applies:
            del self.fields[name]
            return
        self.fields[name].choices = [AUTOMATIC, *choices]  # type: ignore[attr-defined]
        self.fields[name].hide_optional = True  # type: ignore[attr-defined]

    def choices(self) -> dict[str, Any]:
        """What was decided, as the reader takes it; types chosen in the dictionary stay if they fitted."""
        data = {name: self.cleaned_data[name] for name in self.fields if name != "revision"}
        if data.get("delimiter") == TAB:
            data["delimiter"] = "\t"
        unfit = unfit_types(self.release)
        types = self.release.choices.get("types") or {}
        return {**data, "types": {name: kind for name, kind in types.items() if name not in unfit}}


def unfit_types(release: Release) -> set[str]:
    """Names of the columns whose chosen type did not fit, or that are not there any more."""
    report = report_of(release)
    problems = report.problems if report else []
    gone = {one.value for one in problems if one.code == "type_for_no_column"}
    places = {one.column for one in problems if one.code == "type_does_not_fit"}
    return gone | {column.name for place, column in enumerate(report.columns if report else ()) if place in places}
