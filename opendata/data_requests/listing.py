"""The public list of requests, narrowed and ordered by what the address says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from opendata.data_requests.choices import UNFINISHED, Outcome, State
from opendata.data_requests.models import DataRequest, DataRequestQuerySet
from portal.forms import clean_text
from portal.organisations.models import Organisation
from portal.search.asking import LONGEST_QUESTION

PAGE_SIZE = 20
OPEN = "open"
STATES: list[tuple[str, Any]] = [
    (OPEN, _("Waiting for an answer")), *Outcome.choices, (State.WITHDRAWN, State.WITHDRAWN.label),
]  # fmt: skip
SORTS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "newest": (_("Newest"), ("-listed_at", "-pk")),
    "support": (_("Most supported"), ("-support_count", "-listed_at", "-pk")),
}
PRIVATE = ("secret_hash", "title", "text", "why", "name", "email", "phone", "reconsider_reason", "search")
"""What no public page needs to fetch, or decrypt."""


@dataclass(frozen=True)
class Asked:
    """What the reader asked for."""

    words: str
    state: str
    agency: str
    sort: str
    agencies: list[tuple[str, str]]

    @classmethod
    def read(cls, query: QueryDict) -> Asked:
        """Raises Http404 for a value nobody could have chosen."""
        of_requests = Organisation.objects.filter(pk__in=DataRequest.objects.listed().values("organisation"))
        agencies = [(row.code, str(row)) for row in of_requests.order_by("name", "code")]
        found = cls(
            clean_text(query.get("q", ""), lines=False).strip()[:LONGEST_QUESTION],
            query.get("state", ""), query.get("agency", ""), query.get("sort", "") or "newest", agencies,
        )  # fmt: skip
        if found.state not in {"", *dict(STATES)} or found.sort not in SORTS:
            raise Http404
        if found.agency and found.agency not in dict(agencies):
            raise Http404
        return found

    @property
    def is_narrow(self) -> bool:
        return bool(self.words or self.state or self.agency)

    def apply(self, rows: DataRequestQuerySet) -> DataRequestQuerySet:
        """The rows that fit everything asked for, in the order asked for."""
        if self.words:
            rows = rows.matching(self.words)
        if self.agency:
            rows = rows.filter(organisation__code=self.agency)
        if self.state:
            rows = rows.filter(_of_state(self.state))
        return rows.order_by(*SORTS[self.sort][1])

    def chips(self) -> list[dict[str, Any]]:
        """What was chosen, in words, each with the address of the list without it."""
        chosen = {"q": f"“{self.words}”"} if self.words else {}
        if self.state:
            chosen["state"] = str(dict(STATES)[self.state])
        if self.agency:
            chosen["agency"] = dict(self.agencies)[self.agency]
        return [{"label": label, "url": self._without(name)} for name, label in chosen.items()]

    def _without(self, left_out: str) -> str:
        sort = "" if self.sort == "newest" else self.sort
        values = {"q": self.words, "state": self.state, "agency": self.agency, "sort": sort}
        query = urlencode({name: value for name, value in values.items() if value and name != left_out})
        return reverse("data_requests:list") + (f"?{query}" if query else "")


def _of_state(state: str) -> Q:
    if state == OPEN:
        return Q(state__in=UNFINISHED)
    return Q(state=state) if state == State.WITHDRAWN else Q(state=State.ANSWERED, outcome=state)


class FilterForm(forms.Form):
    """Sent by GET; nothing in it can be wrong that the address did not make so."""

    use_required_attribute = False

    def __init__(self, asked: Asked) -> None:
        super().__init__(initial={"q": asked.words, "state": asked.state, "agency": asked.agency, "sort": asked.sort})
        box = forms.TextInput(attrs={"type": "search", "dir": "auto", "autocomplete": "off"})
        self.fields["q"] = forms.CharField(label=_("Words"), max_length=LONGEST_QUESTION, widget=box)
        self.fields["state"] = forms.ChoiceField(label=_("State"), choices=[("", _("Any state")), *STATES])
        agencies = [("", _("Any agency")), *asked.agencies]
        self.fields["agency"] = forms.ChoiceField(label=_("Agency"), choices=agencies)
        sorts = [(key, words) for key, (words, _columns) in SORTS.items()]
        self.fields["sort"] = forms.ChoiceField(label=pgettext_lazy("list", "Order"), choices=sorts)


_HEAVY = ("version__preview", "version__columns", "version__manifest", "version__signature")


def answers_of(asked: DataRequest) -> Any:
    """Its answers as pages show them, newest first, in one query."""
    return asked.answers.select_related("version__dataset").defer(*_HEAVY).order_by("-sequence")


def requests(query: QueryDict) -> dict[str, Any]:
    """The context of the list, in a fixed number of queries."""
    asked = Asked.read(query)
    rows = asked.apply(DataRequest.objects.listed()).select_related("organisation").defer(*PRIVATE)
    page = Paginator(rows, PAGE_SIZE).get_page(query.get("page"))
    return {"page": page, "asked": asked, "filter": FilterForm(asked), "chips": asked.chips()}
