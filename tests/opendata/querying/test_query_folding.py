"""`contains` and `search` find in the engine exactly what the portal's folding finds."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata.building.schema import ColumnSpec
from opendata.querying import client, folding
from opendata.querying.grammar import BadQuery, Filter, Query, parse
from opendata.querying.spellings import SPELLED, SPELLED_TOGETHER, Spellings, letters_each
from opendata.querying.sql import Table, count
from portal.search.folding import fold
from tests.opendata.querying.queried import specs, write
from tests.portal.search.test_folding import FOLDED

PAIRS = json.loads((Path(__file__).parents[2] / "cases" / "arabic_pairs.json").read_text())
HARD = st.text(alphabet="abcAÉßﬁ ,.;1234٠١٢٬ـآأإاةهىيﻼﷲ½ﻻكلم\u064b\u0651\u200f\ufc5e\ufe70🌴한\n", max_size=12)
TEXTS = [text for text, _folded in FOLDED] + [one["text"] for one in PAIRS] + [one["query"] for one in PAIRS]


SPELLINGS = Spellings(fold)


@cache
def database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})


def spelled(text: str, word: str) -> bool:
    """What the engine's statement works out, without the engine's table."""
    values = [text, SPELLINGS.rest(word), text, SPELLINGS.pattern(word)]
    found = database().execute("SELECT regexp_matches(?, ?), regexp_matches(?, ?)", values).fetchone()
    assert found is not None
    return word in fold(text) if found[0] else bool(found[1])


@pytest.mark.parametrize(("text", "folded"), FOLDED)
def test_it_is_the_folding_of_the_portals_search(text: str, folded: str) -> None:
    assert folding.fold(text) == folded == fold(text)


@pytest.mark.parametrize(("text", "folded"), FOLDED)
def test_a_text_is_found_by_its_folded_form_and_by_each_part_of_it(text: str, folded: str) -> None:
    for start in range(0, len(folded), 3):
        if part := fold(folded[start : start + 5]):
            assert spelled(text, part)
    assert not spelled(text, folded + "x")


@settings(max_examples=250, deadline=None, derandomize=True)
@given(text=HARD, word=HARD.map(fold).filter(bool))
def test_spellings_agree_with_folding(text: str, word: str) -> None:
    assert spelled(text, word) == (word in fold(text))


def test_every_character_is_found_by_what_it_folds_to(tmp_path: Path) -> None:
    """All of Unicode, each between two letters, in one table; asked for a sample of what they fold to."""
    characters = [chr(code) for code in range(1, 0x110000) if not 0xD800 <= code <= 0xDFFF]
    kept = [one for one in characters if unicodedata.category(one) not in ("Cn", "Co")]
    random = Random(3)
    sample = [one for one in kept if ord(one) < 0x3000 or 0xFB00 <= ord(one) < 0x10000] + random.sample(kept, 4_000)
    path, columns = texts_table(tmp_path, [f"x{one}y" for one in sample])
    wanted = sorted({fold(f"x{one}y") for one in sample})
    for word in ["xy", "x y", *random.sample(wanted, 40)]:
        query = Query(columns=("text",), filters=(Filter("text", "contains", (word,)),), limit=None)
        found = {row["text"] for row in client.run(path, columns, query, "objects", seconds=20).objects}
        assert found == {f"x{one}y" for one in sample if fold(word) in fold(f"x{one}y")}, word


def test_filters_and_search_agree_with_the_shared_pairs(tmp_path: Path) -> None:
    path, columns = texts_table(tmp_path, TEXTS)
    for pair in PAIRS:
        if not fold(pair["query"]):
            continue
        found = client.run(path, columns, parse([("text__contains", pair["query"])], columns), "objects").objects
        assert [row["text"] for row in found] == [text for text in TEXTS if fold(pair["query"]) in fold(text)]
        found = client.run(path, columns, parse([("search", pair["query"])], columns), "objects").objects
        words = fold(pair["query"]).split()
        assert [row["text"] for row in found] == [text for text in TEXTS if all(word in fold(text) for word in words)]


def test_long_texts_are_compared_to_their_last_letter(tmp_path: Path) -> None:
    long = "ولاية السيب " * 60
    path, columns = texts_table(tmp_path, [long + "أ", long + "ب"])
    found = client.run(path, columns, parse([("text__contains", long + "ا")], columns), "objects").objects
    assert [row["text"] for row in found] == [long + "أ"]


def test_many_long_texts_are_compared_to_their_last_letters(tmp_path: Path) -> None:
    """Of each of them only a few letters make an expression."""
    text = "مؤسسة الخدمات العامة في محافظة الداخلية بسلطنة عمان سنة ٢٠٢٦"
    path, columns = texts_table(tmp_path, [text, text.replace("سنة", "عام")])
    parts = [text[start : start + 30] for start in range(30)]
    query = Query(filters=tuple(Filter("text", "contains", (part,)) for part in parts))
    found = client.run(path, columns, query, "objects", seconds=20).objects
    assert [row["text"] for row in found] == [text]
    assert letters_each(1) == SPELLED
    assert letters_each(len(parts)) * len(parts) <= SPELLED_TOGETHER


def test_a_search_costs_as_much_in_a_hundred_columns_as_in_one(tmp_path: Path) -> None:
    kinds = {f"t{number}": "VARCHAR" for number in range(100)}
    texts = ", ".join(f"CAST({'NULL' if n % 3 else n} AS VARCHAR) AS t{n}" for n in range(98))
    path = write(tmp_path, kinds, f"SELECT {texts}, 'نخلـ' AS t98, 'ة ١,' || n AS t99 FROM range(234, 236) r(n)")
    columns = specs(kinds)
    query = Query(columns=("t99",), search="ة ١ 96")
    table = Table("rows", columns, dict.fromkeys(kinds, "VARCHAR"), SPELLINGS, True)
    assert len(count(query, table).values) == 3 * 3
    for words, found in (("ه 1234 96", 1), ("نخله", 0), ("1235", 1), ("96 97", 0), ("نخل 96", 2)):
        assert client.run(path, columns, replace(query, search=words), seconds=20).rows == found, words


def test_there_must_be_a_letter_or_digit_to_look_for() -> None:
    columns = (ColumnSpec("text"),)
    for params in ([("text__contains", "،؛!")], [("search", "\u064b \u200f")]):
        with pytest.raises(BadQuery, match="Letters or digits are needed"):
            parse(params, columns)


def texts_table(folder: Path, texts: list[str]) -> tuple[Path, tuple[ColumnSpec, ...]]:
    """A table of one column."""
    with duckdb.connect(str(folder / "made.duckdb")) as connection:
        connection.execute("CREATE TABLE made (text VARCHAR)")
        connection.execute("INSERT INTO made SELECT unnest(?)", [texts])
        connection.execute(f"COPY made TO '{folder}/made.parquet' (FORMAT parquet)")
    return write(folder, {"text": "VARCHAR"}, f"SELECT * FROM '{folder}/made.parquet'"), (ColumnSpec("text"),)
