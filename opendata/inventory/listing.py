"""The public inventory and its schedule, narrowed by what the address says."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Case, F, When
from django.db.models.expressions import OrderBy
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from opendata.inventory.choices import Access, State, Theme
from opendata.inventory.models import Agency, Asset, AssetQuerySet
from opendata.inventory.showing import for_public, shown
from portal.search.asking import LONGEST_QUESTION

PAGE_SIZE = 25
SCHEDULE_SIZE = 100
YES = "1"
PUBLIC_STATES = [(value, label) for value, label in State.choices if value != State.INVENTORIED]
WAYS: dict[str, tuple[str, list[tuple[str, Any]] | None, Any, Any]] = {
    "agency": ("organisation__open_data__slug", None, gettext_lazy("Agency"), gettext_lazy("Any agency")),
    "access": ("access", Access.choices, pgettext_lazy("data asset", "Access"), gettext_lazy("Any access")),
    "state": ("state", PUBLIC_STATES, gettext_lazy("State"), gettext_lazy("Any state")),
    "theme": ("theme", Theme.choices, gettext_lazy("Theme"), gettext_lazy("Any theme")),
    "high": ("is_high_value", [(YES, gettext_lazy("High value only"))], gettext_lazy("Value"),
             gettext_lazy("Any value")),
}  # fmt: skip
"""How the list is narrowed: the parameter of the address, the column, its choices where they are fixed, words."""


@dataclass(frozen=True)
class Narrowing:
    """What the reader asked for."""

    words: str
    wanted: dict[str, str]
    agencies: list[tuple[str, str]]
    """Those to choose from: slug and name."""

    @classmethod
    def read(cls, query: QueryDict) -> Narrowing:
        """Raises Http404 for a value nobody could have chosen."""
        rows = Agency.objects.select_related("organisation").order_by("organisation__name")
        agencies = [(agency.slug, str(agency)) for agency in rows]
        wanted = {name: str(query[name]) for name in WAYS if query.get(name)}
        for name, value in wanted.items():
            if value not in dict(WAYS[name][1] or agencies):
                raise Http404
        return cls(" ".join(query.get("q", "").split())[:LONGEST_QUESTION], wanted, agencies)

    @property
    def is_narrow(self) -> bool:
        return bool(self.words or self.wanted)

    def apply(self, rows: AssetQuerySet) -> AssetQuerySet:
        """The rows that fit everything asked for. Nobody finds a title by words of it that are not shown."""
        for name, value in self.wanted.items():
            rows = rows.filter(**{WAYS[name][0]: value if name != "high" else True})
        return rows.shown_by_name().matching(self.words) if self.words else rows

    def choices(self, name: str) -> list[tuple[str, Any]]:
        """What can be chosen of one kind."""
        return WAYS[name][1] or self.agencies

    def chips(self, address: str) -> list[dict[str, Any]]:
        """What was chosen, in words, each with the address of the list without it."""
        chosen = {"q": f"“{self.words}”"} if self.words else {}
        chosen |= {name: str(dict(self.choices(name))[value]) for name, value in self.wanted.items()}
        return [{"label": label, "url": self._url(address, without=name)} for name, label in chosen.items()]

    def query(self) -> str:
        """The part of an address that says the same, with its question mark; empty where nothing was asked."""
        return self._url("")

    def _url(self, address: str, without: str = "") -> str:
        asked = {"q": self.words, **self.wanted}
        query = urlencode({name: value for name, value in asked.items() if value and name != without})
        return address + (f"?{query}" if query else "")


class FilterForm(forms.Form):
    """Sent by GET; nothing in it can be wrong that the address did not make so."""

    use_required_attribute = False

    def __init__(self, asked: Narrowing, names: list[str], *, has_words: bool = True) -> None:
        super().__init__(initial={"q": asked.words, **asked.wanted})
        if has_words:
            box = forms.TextInput(attrs={"type": "search", "dir": "auto", "autocomplete": "off"})
            self.fields["q"] = forms.CharField(label=_("Words"), max_length=LONGEST_QUESTION, widget=box)
        for name in names:
            _column, _choices, label, anything = WAYS[name]
            self.fields[name] = forms.ChoiceField(label=label, choices=[("", anything), *asked.choices(name)])


def inventory(query: QueryDict) -> dict[str, Any]:
    """The context of the list, in a fixed number of queries."""
    asked = Narrowing.read(query)
    rows = for_public(asked.apply(Asset.objects.all())).order_by("organisation__code", _shown_code(), "pk")
    page = Paginator(rows, PAGE_SIZE).get_page(query.get("page"))
    return {
        "page": page,
        "assets": [shown(asset) for asset in page],
        "filter": FilterForm(asked, list(WAYS)),
        "asked": asked,
        "chips": asked.chips(reverse("inventory:list")),
        "query": asked.query(),
    }


def _shown_code() -> OrderBy:
    """By number; what hides its number comes last, as its place among the others would tell it."""
    return Case(When(hidden_ground="", then=F("code"))).asc(nulls_last=True)


def schedule(query: QueryDict) -> dict[str, Any]:
    """The context of the schedule: planned releases of a page, by quarter, the earliest first."""
    asked = Narrowing.read(query)
    rows = for_public(asked.apply(Asset.objects.scheduled())).order_by("release_on", "organisation__code", "pk")
    page: Page[Asset] = Paginator(rows, SCHEDULE_SIZE).get_page(query.get("page"))
    return {
        "page": page,
        "quarters": _by_quarter(page),
        "late": asked.apply(Asset.objects.late()).count(),
        "filter": FilterForm(asked, ["agency", "theme", "high"], has_words=False),
        "asked": asked,
        "chips": asked.chips(reverse("inventory:schedule")),
    }


def _by_quarter(page: Page[Asset]) -> list[dict[str, Any]]:
    def quarter(asset: Asset) -> tuple[int, int]:
        assert asset.release_on is not None
        return asset.release_on.year, (asset.release_on.month - 1) // 3 + 1

    return [
        {"title": _("Quarter %(quarter)d of %(year)d") % {"quarter": number, "year": year},
         "key": f"{year}-{number}", "assets": [shown(asset) for asset in assets]}
        for (year, number), assets in groupby(page, quarter)
    ]  # fmt: skip
