"""The score, worked out by hand beside it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.assessment.scoring import Item, Score, mean, score, share


@pytest.mark.parametrize(
    ("kind", "value", "full_at", "wanted"),
    [
        ("yes_no", "1", None, "1"),
        ("yes_no", "0", None, "0"),
        ("share", "37.5", None, "0.375"),
        ("level", "3", None, "0.75"),
        ("number", "5", "20", "0.25"),
        ("number", "30", "20", "1"),
        ("number", "5", None, "0"),
        ("text", None, None, "0"),
        ("share", None, None, "0"),
    ],
)
def test_an_answer_earns_its_share(kind: str, value: str | None, full_at: str | None, wanted: str) -> None:
    item = Item("data", kind, 1, Decimal(value) if value else None, Decimal(full_at) if full_at else None)
    assert share(item) == Decimal(wanted)


def test_the_score_is_the_weighted_share_in_all_and_by_area() -> None:
    items = [
        Item("data", "yes_no", 1, Decimal(1)),
        Item("data", "share", 3, Decimal(50)),
        Item("services", "level", 2, Decimal(3)),
        Item("internal", "number", 2, Decimal(20), Decimal(10)),
        Item("internal", "text", 0, None),
    ]
    assert score(items) == Score(
        Decimal("75.0"), {"data": Decimal("62.5"), "services": Decimal("75.0"), "internal": Decimal("100.0")}
    )


def test_it_rounds_halves_up_and_knows_nothing_of_nothing() -> None:
    assert score([Item("data", "share", 1, Decimal("12.25"))]).total == Decimal("12.3")
    assert score([Item("data", "text", 0, None)]) == Score(Decimal(0), {})
    assert score([]) == Score(Decimal(0), {})


def test_what_is_not_answered_lowers_the_score() -> None:
    half = [Item("data", "yes_no", 1, Decimal(1)), Item("data", "yes_no", 1, None)]
    assert score(half).total == Decimal(50)


def test_the_mean_is_plain() -> None:
    one, two = Score(Decimal(50), {"data": Decimal(40)}), Score(Decimal("60.5"), {"data": Decimal(41)})
    assert mean([one, two]) == Score(Decimal("55.3"), {"data": Decimal("40.5")})
    assert mean([]) is None


ITEMS = st.builds(
    Item,
    area=st.sampled_from(["data", "services"]),
    kind=st.sampled_from(["yes_no", "share", "level", "number"]),
    weight=st.integers(0, 9),
    value=st.none() | st.decimals(0, 1000, places=2),
    full_at=st.decimals("0.01", 1000, places=2),
)


@given(st.lists(ITEMS, max_size=12))
def test_it_stays_between_nothing_and_everything(items: list[Item]) -> None:
    found = score(items)
    assert all(0 <= one <= 100 for one in (found.total, *found.areas.values()))
    if found.areas:
        assert min(found.areas.values()) <= found.total <= max(found.areas.values())
