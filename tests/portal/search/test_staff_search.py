"""Staff find cases by the same folding as everybody finds pages, and only those of their units."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from participation.feedback.actions.routing import route_case
from participation.feedback.models import Case
from participation.feedback.staffside.case_list import search
from tests.people import World, open_case, submitted

pytestmark = pytest.mark.django_db
PAIRS = json.loads((Path(__file__).parents[2] / "cases" / "arabic_pairs.json").read_text())


def test_every_shared_pair_behaves_among_cases_of_ones_unit(world: World) -> None:
    """Without those that mean something else there: nothing is everything, an address is a contact, and a number may
    stand in a reference."""
    wrong = []
    asked_by_words = [pair for pair in PAIRS if re.fullmatch(r"[^\d@]+", pair["query"])]
    for number, pair in enumerate(asked_by_words):
        mine = open_case(world, text=pair["text"], email=f"sender-{number}@citizen.example")
        found = search(Case.objects.visible_to(world.officer), pair["query"], world.officer)
        if found.filter(pk=mine.pk).exists() != pair["match"]:
            wrong.append(pair)
    assert not wrong


def test_words_lead_to_no_case_of_another_unit(world: World) -> None:
    theirs = route_case(case=submitted(world, text="رسوم الرخصة").case, unit=world.other_unit)
    for reader in (world.officer, world.lead, world.head, world.administrator):
        assert theirs not in search(Case.objects.visible_to(reader), "الرخصه", reader)
    assert theirs in search(Case.objects.visible_to(world.outsider), "الرخصه", world.outsider)
