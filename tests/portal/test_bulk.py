"""Many rows written in one statement."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from participation.feedback.models import Case
from portal.bulk import update_rows
from portal.clocks.models import Clock
from tests.people import World, open_case


def test_it_stores_what_each_row_holds_and_nothing_else(world: World) -> None:
    open_case(world)
    open_case(world)
    first, second = Clock.objects.filter(metric="first_reply").order_by("pk")
    first.level, first.next_action_at, first.minutes = 2, None, 1
    second.level, second.next_action_at = 3, second.started_at + timedelta(days=1)
    assert update_rows([first, second], ["level", "next_action_at"]) == 2
    stored = Clock.objects.filter(pk__in=[first.pk, second.pk]).order_by("pk")
    assert [(clock.level, clock.next_action_at) for clock in stored] == [(2, None), (3, second.next_action_at)]
    assert stored[0].minutes != 1


def test_foreign_keys_and_text_of_any_kind_survive(world: World) -> None:
    cases = [open_case(world, text="one"), open_case(world, text="two")]
    cases[0].unit, cases[0].text = world.other_unit, "a, {b} \"c\" 'd' \\ NULL %s"
    cases[1].unit, cases[1].text = world.call_centre, "سطر\nآخر"
    assert update_rows(cases, ["unit", "text"]) == 2
    found = {case.pk: (case.unit, case.text) for case in Case.objects.select_related("unit")}
    assert found == {case.pk: (case.unit, case.text) for case in cases}


def test_no_rows_ask_nothing(world: World, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert update_rows([], ["level"]) == 0
