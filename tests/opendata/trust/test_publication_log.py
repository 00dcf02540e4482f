"""The public log: whoever alters, removes, inserts or cuts off an entry is found out."""

from __future__ import annotations

import copy
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from opendata.trust.canonical import sha256
from opendata.trust.keys import KeyRing
from opendata.trust.log import Fault, entry, head, sign_head, verify_chain, verify_head

BEGAN = datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.fixture
def entries() -> list[dict[str, Any]]:
    """A key, four publications a day apart, a correction and a withdrawal."""
    found = [entry(None, at=BEGAN, kind="key_added", subject="some-key")]
    for number in range(4):
        at = BEGAN + timedelta(days=number)
        found.append(
            entry(
                found[-1], at=at, kind="published", subject=f"set-{number}", version="1.0.0", manifest_sha256="a" * 64
            )
        )
    for kind, version in (("corrected", "1.0.1"), ("withdrawn", "1.0.0")):
        at = BEGAN + timedelta(days=3, hours=1)
        found.append(entry(found[-1], at=at, kind=kind, subject="set-1", version=version, manifest_sha256="b" * 64))
    return found


def codes(entries: list[Any]) -> set[str]:
    return {fault.code for fault in verify_chain(entries)}


def test_a_whole_log_has_no_fault(entries: list[dict[str, Any]]):
    assert verify_chain(entries) == []
    assert verify_chain([]) == []
    assert entries[1]["previous"] == sha256(entries[0])


def test_every_altered_field_is_found(entries: list[dict[str, Any]]):
    for number in range(len(entries) - 1):  # the last is held by the signed head
        for field in entries[number]:
            altered = copy.deepcopy(entries)
            value = altered[number][field]
            altered[number][field] = value + 1 if field == "sequence" else f"{value}x"
            assert verify_chain(altered), (number, field)


def test_a_missing_inserted_or_exchanged_entry_is_found(entries: list[dict[str, Any]]):
    assert codes(entries[1:]) == {"wrong_sequence", "wrong_previous"}
    assert codes([*entries[:3], *entries[4:]]) == {"wrong_sequence", "wrong_previous"}
    assert codes([*entries[:3], entries[2], *entries[3:]]) == {"wrong_sequence", "wrong_previous"}
    assert "wrong_previous" in codes([entries[0], entries[2], entries[1], *entries[3:]])


@pytest.mark.parametrize("nonsense", [None, "text", {}, {"sequence": 1}, [], 7])
def test_what_is_no_entry_is_a_fault_and_no_crash(entries: list[dict[str, Any]], nonsense: Any):
    assert "bad_entry" in codes([nonsense])
    assert "bad_entry" in codes([*entries, nonsense])
    assert "bad_entry" in codes([entries[0], nonsense, *entries[2:]])
    assert "bad_entry" in codes([{**entries[0], "sequence": 1.0}])
    assert "bad_entry" in codes([{**entries[0], "more": ""}])


def test_an_entry_dated_back_is_found(entries: list[dict[str, Any]]):
    before = {**entries[1], "at": "2020-01-01T00:00:00Z"}
    assert codes([entries[0], before]) == {"goes_back"}


def test_a_clock_that_goes_back_does_not_break_the_log(entries: list[dict[str, Any]]):
    late = entry(entries[-1], at=BEGAN, kind="published", subject="x", version="1.0.0", manifest_sha256="c" * 64)
    assert late["at"] == entries[-1]["at"]
    assert verify_chain([*entries, late]) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "other"},
        {"subject": ""},
        {"version": ""},
        {"manifest_sha256": ""},
        {"manifest_sha256": "A" * 64},
        {"kind": "key_added"},
    ],
)
def test_an_entry_that_would_be_a_fault_is_not_made(wrong: dict[str, str]):
    right = {"kind": "published", "subject": "x", "version": "1.0.0", "manifest_sha256": "c" * 64}
    with pytest.raises(ValueError):
        entry(None, at=BEGAN, **{**right, **wrong})


def test_the_head_of_a_day_is_its_last_entry(entries: list[dict[str, Any]]):
    assert head(entries, date(2026, 11, 19)) == {"day": "2026-11-19", "sequence": 0, "sha256": ""}
    assert head(entries, date(2026, 11, 20))["sequence"] == 2
    assert head(entries, date(2026, 11, 23)) == {"day": "2026-11-23", "sequence": 7, "sha256": sha256(entries[-1])}


def test_a_signed_head_finds_a_log_that_was_cut_off_or_written_anew(entries: list[dict[str, Any]], ring: KeyRing):
    signed = sign_head(head(entries, date(2026, 11, 23)), ring, at=BEGAN)
    assert verify_head(signed, entries, ring.jwks()) == []
    assert (
        verify_head(signed, [*entries, entry(entries[-1], at=BEGAN, kind="key_added", subject="k")], ring.jwks()) == []
    )
    assert [fault.code for fault in verify_head(signed, entries[:-1], ring.jwks())] == ["head_differs"]
    anew = [*entries[:-1], {**entries[-1], "subject": "other"}]
    assert verify_chain(anew) == []
    assert verify_head(signed, anew, ring.jwks()) == [Fault("head_differs", 7, sha256(entries[-1]))]


def test_a_head_that_nobody_valid_signed_is_found(entries: list[dict[str, Any]], ring: KeyRing, tmp_path: Any):
    found = head(entries, date(2026, 11, 23))
    other = KeyRing.create(tmp_path / "other")
    early = sign_head(found, ring, at=datetime(2020, 1, 1, tzinfo=UTC))
    for signed in (sign_head(found, other, at=BEGAN), early, "no.signature.here", "", "ä"):
        assert [fault.code for fault in verify_head(signed, entries, ring.jwks())] == ["bad_head"]
