"""The catalogue: found by words, narrowed by facets with their counts, sorted, in pages.

One statement reads a few columns of everything published; counting and narrowing them here costs less than a statement
for each facet. Which of them have the words, the index of the portal's search says. Only the datasets of one page are
then read whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchQuery
from django.core.paginator import Page, Paginator
from django.db.models import Case, CharField, F, Func, Max, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from opendata.catalogue.choices import FORMATS, Licence
from opendata.catalogue.models import Dataset, Download, VersionFile
from opendata.inventory.choices import Frequency, Theme
from portal.forms import clean_text
from portal.organisations.models import Governorate
from portal.search.models import SearchEntry
from portal.search.query import ask

PAGE_SIZE = 20
KIND = "dataset"
"""Under this kind the search knows datasets (finding.SOURCE)."""
LONGEST_QUERY = 200
DAYS_COUNTED = 30
"""Of how many days the downloads are counted by which the catalogue is sorted."""
YES = "yes"
OFFERED = 8
"""Options of a facet shown at once; the others unfold."""


@dataclass(frozen=True)
class Facet:
    """A way to narrow the catalogue: parameter of the address, heading, words of its values where they are fixed."""

    name: str
    label: Any
    column: str
    words: Mapping[str, Any] | None


_TABLES = {one.code: one.label for one in FORMATS.values() if one.is_table}
FACETS = (
    Facet("body", _("Publisher"), "asset__organisation__code", None),
    Facet("theme", _("Theme"), "asset__theme", dict(Theme.choices)),
    Facet("format", _("Format"), "joined_formats", _TABLES),
    Facet("governorate", _("Governorate"), "joined_governorates", dict(Governorate.choices)),
    Facet("updated", _("Updated"), "asset__frequency", dict(Frequency.choices)),
    Facet("value", _("Value"), "asset__is_high_value", {YES: _("High value")}),
    Facet("licence", _("Licence"), "latest__licence", dict(Licence.choices)),
)
SORTS = {
    "relevance": _("Closest to the words"),
    "newest": _("Newest version"),
    "name": pgettext_lazy("sort", "Name"),
    "downloads": _("Most downloaded in 30 days"),
}


@dataclass(frozen=True)
class Option:
    """A value to narrow by: words, how many datasets it leads to, and the address that chooses it or takes it off."""

    value: str
    label: Any
    count: int
    url: str
    is_chosen: bool


@dataclass(frozen=True)
class Choice:
    """A facet with what it offers, most frequent first."""

    facet: Facet
    options: list[Option]
    is_open: bool

    @property
    def first(self) -> list[Option]:
        return self.options[:OFFERED]

    @property
    def rest(self) -> list[Option]:
        return self.options[OFFERED:]


@dataclass(frozen=True)
class Asked:
    """What the reader asked for. A value nobody could have chosen narrows to nothing, and can be taken off."""

    text: str
    wanted: dict[str, str]
    sort: str

    @classmethod
    def read(cls, query: QueryDict) -> Asked:
        text = clean_text(query.get("q", ""), lines=False).strip()[:LONGEST_QUERY]
        wanted = {facet.name: str(query[facet.name])[:80] for facet in FACETS if query.get(facet.name)}
        sort = query.get("sort", "")
        return cls(text, wanted, sort if sort in SORTS and (text or sort != "relevance") else cls.usual(text))

    @staticmethod
    def usual(text: str) -> str:
        """The order where none is asked for."""
        return "relevance" if text else "newest"

    def address(self, **changes: str | None) -> str:
        """The query of an address that asks the same with these changes; None takes one off."""
        sort = "" if self.sort == self.usual(self.text) else self.sort
        found: dict[str, str | None] = {"q": self.text, **self.wanted, "sort": sort, **changes}
        return "?" + urlencode({name: value for name, value in found.items() if value})


class Catalogue:
    """What a reader gets for what was asked."""

    def __init__(self, query: QueryDict) -> None:
        self.asked = Asked.read(query)
        self._number = query.get("page")
        self._counts: dict[str, Counter[str]] = {facet.name: Counter() for facet in FACETS}
        self._names: dict[str, str] = {}
        self.all = 0
        """Datasets that fit the words, whatever else was chosen."""
        self._keys = self._read()

    @property
    def total(self) -> int:
        """Datasets that fit everything."""
        return len(self._keys)

    @property
    def is_narrow(self) -> bool:
        return bool(self.asked.text or self.asked.wanted)

    @cached_property
    def page(self) -> Page[Dataset]:
        """The datasets of one page, each with `formats`."""
        page: Page[Any] = Paginator(self._keys, PAGE_SIZE).get_page(self._number)
        keys = list(page.object_list)
        found = _with_formats(Dataset.objects.in_lists()).defer("latest__preview", "latest__columns")
        rows = {row.pk: row for row in found.defer("latest__manifest", "latest__signature").filter(pk__in=keys)}
        page.object_list = [rows[key] for key in keys if key in rows]
        for row in page.object_list:
            row.shown_formats = ", ".join(label for code, label in _TABLES.items() if code in row.formats)
        return page

    @cached_property
    def facets(self) -> list[Choice]:
        """The facets that have anything to choose; the first, and those in use, stand open."""
        found = [(facet, self._options(facet)) for facet in FACETS]
        offered = [(facet, options) for facet, options in found if options]
        return [
            Choice(facet, options, place == 0 or facet.name in self.asked.wanted)
            for place, (facet, options) in enumerate(offered)
        ]

    @property
    def chips(self) -> list[dict[str, str]]:
        """What was chosen, each with the address that takes it off."""
        labels = {facet.name: facet for facet in FACETS}
        found = [{"label": f"“{self.asked.text}”", "url": self.asked.address(q=None)}] if self.asked.text else []
        for name, value in self.asked.wanted.items():
            heading = str(labels[name].label)
            words = f"{heading}: {self._word(labels[name], value)}"
            found.append({"label": words, "url": self.asked.address(**{name: None})})
        return found

    @property
    def sorts(self) -> list[dict[str, Any]]:
        """The orders to choose from."""
        return [
            {"label": label, "url": self.asked.address(sort=key), "is_chosen": key == self.asked.sort}
            for key, label in SORTS.items()
            if key != "relevance" or self.asked.text
        ]

    def _read(self) -> list[int]:
        """Keys of what fits everything, in order. Datasets that fail one facet alone count there: for what choosing
        something else in it would lead to. Many datasets are alike, so each combination of values is looked at once."""
        rows = list(_rows(self.asked))
        fitting = set()
        for alike, number in Counter(row[1:] for row in rows).items():
            self._names[alike[1]] = alike[0]
            sets = [_each(value) for value in alike[1:]]
            failed = [
                facet.name
                for facet, found in zip(FACETS, sets, strict=True)
                if facet.name in self.asked.wanted and self.asked.wanted[facet.name] not in found
            ]
            if not failed:
                fitting.add(alike)
            for facet, found in zip(FACETS, sets, strict=True):
                if not failed or failed == [facet.name]:
                    self._counts[facet.name].update(dict.fromkeys(found, number))
        self.all = len(rows)
        return [row[0] for row in rows if row[1:] in fitting]

    def _options(self, facet: Facet) -> list[Option]:
        counts, chosen = self._counts[facet.name], self.asked.wanted.get(facet.name)
        offered = [value for value in counts if facet.words is None or value in facet.words]
        options = [
            Option(
                value, self._word(facet, value), counts[value],
                self.asked.address(**{facet.name: None if value == chosen else value}), value == chosen,
            )
            for value in offered
        ]  # fmt: skip
        return sorted(options, key=lambda option: (-option.count, str(option.label)))

    def _word(self, facet: Facet, value: str) -> Any:
        return self._names.get(value, value) if facet.words is None else facet.words.get(value, value)


def _each(value: Any) -> list[str]:
    """The values of a facet that a dataset has."""
    if isinstance(value, str):
        return value.split(",") if value else []
    return [YES] if value else []


class _Joined(Func):
    """An array as one text, which can be counted like any other value."""

    template = "array_to_string(%(expressions)s, ',')"
    output_field = CharField()


def _rows(asked: Asked) -> Iterable[Any]:
    """Of every published dataset that fits the words, in order: key, publisher's name, the values of each facet."""
    steps = steps_of(asked.text)
    if steps == {}:
        return []
    # Columns are named in the language of the page: having them looked up by row takes half the time of the page.
    language = get_language() or "ar"
    rows = _ordered(_with_formats(Dataset.objects.published().rewrite(False)), asked.sort, language)
    rows = rows.annotate(joined_formats=_Joined("formats"), joined_governorates=_Joined("governorates"))
    publisher = f"asset__organisation__name_{language}"
    found = rows.values_list("pk", publisher, *(facet.column for facet in FACETS))
    if steps is None:
        return found
    fitting = [row for row in found if row[0] in steps]
    return sorted(fitting, key=lambda row: -steps[row[0]]) if asked.sort == "relevance" else fitting


def _with_formats(rows: Any) -> Any:
    """Adds `formats`: those of the newest version that software reads as a table."""
    offered = VersionFile.objects.filter(version=OuterRef("latest")).order_by("pk").values("format")
    return rows.annotate(formats=ArraySubquery(offered))


def steps_of(text: str) -> dict[int, int] | None:
    """Key of each dataset that has every word, in either language, and how well it fits; None where nothing is asked.

    Best is the question as it stands in a title, then all its words in the title, then all as they were typed.
    """
    question = ask(text) if text else None
    if question is None:
        return {} if text else None
    as_it_is = Q(title_words__contains=f" {question.phrase} ")
    in_title = Q(title_forms=_query(question.in_own_words))
    as_typed = Q(forms=_query(question.as_typed))
    step = Case(When(as_it_is, then=3), When(in_title, then=2), When(as_typed, then=1), default=0)
    fitting = SearchEntry.objects.filter(kind=KIND, forms=_query(question.anywhere)).order_by()
    return {int(key): step for key, step in fitting.values("key").annotate(step=Max(step)).values_list("key", "step")}


def _query(text: str) -> SearchQuery:
    return SearchQuery(text, search_type="raw", config="simple")


def _ordered(rows: Any, sort: str, language: str) -> Any:
    if sort == "name":
        return rows.order_by(f"title_{language}", "pk")
    newest = F("latest__published_at").desc()
    if sort != "downloads":
        return rows.order_by(newest, "pk")
    since = timezone.localdate() - timedelta(days=DAYS_COUNTED)
    recent = Download.objects.filter(dataset=OuterRef("pk"), day__gte=since).order_by().values("dataset")
    fetched = Subquery(recent.annotate(sum=Sum("count")).values("sum"))
    return rows.annotate(fetched=Coalesce(fetched, 0)).order_by("-fetched", newest, "pk")
