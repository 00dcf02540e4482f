"""Small figures are withheld, and what is shown gives none of them back."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from participation.feedback.models import MonthlyFigures
from participation.feedback.performance.models import Part
from participation.feedback.performance.publishing import WITHHELD, published
from participation.feedback.performance.withholding import BASES, hidden_units, withheld_parts
from portal.figures.suppression import THRESHOLD

MONTH = date(2026, 9, 1)
COUNT = st.integers(0, 12)
UNITS = st.lists(st.tuples(COUNT, COUNT, COUNT, COUNT), min_size=1, max_size=7)


def month_of(units: list[tuple[int, ...]]) -> dict[int | None, dict[str, int | None]]:
    """A month's rows, whose total is their sum. A message has at least one act, an act at most one message."""
    rows = [dict(zip(BASES.values(), unit, strict=True)) for unit in units]
    counted: dict[int | None, dict[str, int | None]] = dict(enumerate(rows, start=1))
    counted[None] = {name: sum(row[name] for row in rows) for name in BASES.values()}
    return counted


@given(UNITS)
def test_no_part_is_shown_that_rests_on_too_few(units):
    counted = month_of(units)
    for unit, parts in withheld_parts(counted).items():
        for part, column in BASES.items():
            if 0 < counted[unit][column] < THRESHOLD:
                assert part in parts, (unit, part)


@given(UNITS)
def test_nothing_withheld_is_found_by_subtracting_what_is_shown_from_the_total(units):
    counted = month_of(units)
    found = withheld_parts(counted)
    for part, column in BASES.items():
        if {Part.ALL, part} & set(found[None]):
            continue  # without the total there is nothing to subtract from
        hidden = [unit for unit in counted if unit and {Part.ALL, part} & set(found[unit]) and counted[unit][column]]
        rest = counted[None][column] - sum(counted[unit][column] for unit in counted if unit and unit not in hidden)
        assert not hidden or (len(hidden) > 1 and rest >= THRESHOLD), (part, hidden, rest)


@given(UNITS)
def test_nothing_is_withheld_where_nothing_is_small(units):
    counted = month_of([tuple(number + THRESHOLD for number in unit) for unit in units])
    assert not any(withheld_parts(counted).values())


def test_the_smallest_of_the_others_protects_the_only_small_one():
    assert hidden_units({1: 3, 2: 30, 3: 9, 4: 12}) == {1, 3}
    assert hidden_units({1: 3, 2: 2, 3: 9}) == {1, 2}
    assert hidden_units({1: 2, 2: 2, 3: 9}) == {1, 2, 3}
    assert hidden_units({1: 0, 2: 9}) == set()


def test_without_anybody_to_protect_it_the_total_goes_too():
    assert hidden_units({1: 3}) == {1, None}
    assert hidden_units({1: 2, 2: 2}) == {1, 2, None}
    assert hidden_units({1: 6, 2: 0}, already={1}) == {1, None}


def test_units_withheld_for_another_reason_protect_each_other():
    assert hidden_units({1: 3, 2: 8, 3: 9}, already={1, 2}) == {1, 2}
    assert hidden_units({1: 8, 2: 0, 3: 9}, already={1, 2}) == {1, 3}


def row(**changes: Any) -> MonthlyFigures:
    values: dict[str, Any] = {
        "month": MONTH, "cases": 9, "received": 8, "first_replies": 7, "replies_on_time": 5, "replies_excused": 1,
        "reply_median": 90, "reply_p90": 120, "reply_median_with_pauses": 95, "reply_p90_with_pauses": 600,
        "ratings": 3, "rating_sum": 13, "changed_at": timezone.now(),
    }  # fmt: skip
    return MonthlyFigures(**values | changes)


def test_what_may_be_said_is_said_in_hours_and_per_cent():
    values = published(row())
    assert values["received"] == 8
    assert (values["replies_on_time"], values["replies_excused"], values["replies_late"]) == (5, 1, 1)
    assert values["replies_within"] == 85.7
    assert values["reply_median"] == 1.5
    assert values["reply_p90_with_pauses"] == 10
    assert values["satisfaction"] == 4.33
    assert values["resolutions_within"] is None
    assert values["resolution_median"] is None


def test_a_hundred_per_cent_is_said_of_all_only():
    values = published(row(first_replies=9999, replies_on_time=9998, replies_excused=0))
    assert values["replies_within"] == 99.9


def test_a_part_is_withheld_whole_and_its_base_is_not():
    values = published(row(withheld=[Part.REPLIES]))
    hidden = {name for name, value in values.items() if value is WITHHELD}
    assert hidden == {
        "replies_on_time", "replies_excused", "replies_late", "replies_within", "reply_median", "reply_p90",
        "reply_median_with_pauses", "reply_p90_with_pauses",
    }  # fmt: skip
    assert values["first_replies"] == 7


def test_all_means_every_figure():
    assert set(published(row(withheld=[Part.ALL])).values()) == {WITHHELD}
