"""The directory, narrowed by life event, persona, topic, organisation and channel, in any combination."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from policies.services.choices import Channel, LifeEvent, Persona
from policies.services.models import Service, ServiceQuerySet
from portal.organisations.models import Organisation, Topic

PAGE_SIZE = 24
WAYS = {
    "life": ("life_events__contains", LifeEvent, _("Life event"), _("Any life event")),
    "persona": ("personas__contains", Persona, _("Who you are"), _("Anybody")),
    "topic": ("topic__slug", None, _("Topic"), _("Any topic")),
    "body": ("organisation__code", None, _("Organisation"), _("Any organisation")),
    "channel": ("channels__contains", Channel, _("Channel"), _("Any channel")),
}
"""How the directory is narrowed: the parameter of the address, the lookup, its choices where they are fixed, words."""


@dataclass(frozen=True)
class Narrowing:
    """What the reader asked for, from the address: parameter and value."""

    wanted: dict[str, str]

    @classmethod
    def read(cls, query: QueryDict) -> Narrowing:
        """Raises Http404 for a value nobody could have chosen."""
        wanted = {name: str(query[name]) for name in WAYS if query.get(name)}
        for name, value in wanted.items():
            choices = WAYS[name][1]
            if choices is not None and value not in choices.values:
                raise Http404
            if choices is None and not _is_code(value):
                raise Http404
            if choices is None and not _model(name).objects.filter(**{_column(name): value}).exists():  # type: ignore[attr-defined]
                raise Http404
        return cls(wanted)

    def apply(self, rows: ServiceQuerySet) -> ServiceQuerySet:
        """The rows that fit everything asked for."""
        for name, value in self.wanted.items():
            lookup, choices, *_words = WAYS[name]
            rows = rows.filter(**{lookup: value if choices is None else [value]})
        return rows


def _is_code(value: str) -> bool:
    return re.fullmatch(r"[\w-]{1,80}", value, re.ASCII) is not None


def _model(name: str) -> type[Topic] | type[Organisation]:
    return Topic if name == "topic" else Organisation


def _column(name: str) -> str:
    return "slug" if name == "topic" else "code"


class FilterForm(forms.Form):
    """Selects sent by GET; nothing in it can be wrong that the address did not make so."""

    use_required_attribute = False

    def __init__(self, options: dict[str, list[tuple[str, str]]], wanted: dict[str, str]) -> None:
        super().__init__(initial=wanted)
        for name, (_lookup, _choices, label, anything) in WAYS.items():
            self.fields[name] = forms.ChoiceField(label=label, choices=[("", anything), *options[name]])


def directory(query: QueryDict) -> dict[str, Any]:
    """The context of the page, in a fixed number of queries."""
    asked = Narrowing.read(query)
    found = _found_by()
    options = _options(found, asked)
    rows = asked.apply(Service.objects.published()).select_related("organisation").by_name()
    page = Paginator(rows, PAGE_SIZE).get_page(query.get("page"))
    return {
        "page": page,
        "filter": FilterForm(options, asked.wanted),
        "is_narrow": bool(asked.wanted),
        "chosen": [dict(options[name]).get(value, value) for name, value in asked.wanted.items()],
        "life_events": _life_events(found) if not asked.wanted else [],
        "total": found["all"][""],
    }


def _found_by() -> dict[str, Counter[str]]:
    """How many published services each value leads to."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in (*WAYS, "all")}
    columns = ("life_events", "personas", "topic__slug", "organisation__code", "channels")
    for row in Service.objects.published().order_by().values_list(*columns):
        counts["all"][""] += 1
        for name, value in zip(WAYS, row, strict=True):
            counts[name].update(value if isinstance(value, list) else [value] if value else [])
    return counts


def _options(found: dict[str, Counter[str]], asked: Narrowing) -> dict[str, list[tuple[str, str]]]:
    """The values to choose from: those that lead somewhere, and the one that was chosen."""
    options = {}
    for name, (_lookup, choices, *_words) in WAYS.items():
        offered = {value for value, count in found[name].items() if count} | {asked.wanted.get(name, "")}
        options[name] = [(value, str(label)) for value, label in _labels(name, choices, offered) if value in offered]
    return options


def _labels(name: str, choices: Any, offered: set[str]) -> list[tuple[str, Any]]:
    if choices is not None:
        return list(choices.choices)
    if name == "topic":
        return [(topic.slug, topic) for topic in Topic.objects.filter(slug__in=offered)]
    return [(body.code, body) for body in Organisation.objects.filter(code__in=offered).order_by("name")]


def _life_events(found: dict[str, Counter[str]]) -> list[dict[str, Any]]:
    """The life events that lead to something, each with its link and how many services it needs."""
    return [
        {
            "label": label,
            "count": found["life"][value],
            "url": f"{reverse('services:list')}?{urlencode({'life': value})}",
        }
        for value, label in LifeEvent.choices
        if found["life"][value]
    ]
