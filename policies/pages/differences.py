"""What differs between two texts, block by block and word by word, to be read by eye and by ear alike."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from markdown_it.tree import SyntaxTreeNode

from portal.richtext import parse, plain_inline

SAME, ADDED, REMOVED, CHANGED = "same", "added", "removed", "changed"
ALIKE = 0.5
"""Share of common words from which on two blocks are the same one, changed."""
LOOKED_AHEAD = 50
"""Old blocks among which the one a new block came from is looked for."""
MOST_PAIRS = 30_000
"""Pairs of equal blocks, or of equal words of a block, up to which two texts are compared closely."""
_WORDS = re.compile(r"\s*(?:[^\W_]+|\S)|\s+")
"""A word or a sign with the space before it: spaces alone are all the same and would fit everywhere."""


@dataclass(frozen=True)
class Block:
    """A heading, paragraph, list item or row of a table, without its markup."""

    kind: str
    """p, li, tr, or h2 to h6."""
    text: str


@dataclass(frozen=True)
class Piece:
    """Some words of a block: in both texts, only in the new one, or only in the old one."""

    kind: str
    text: str


@dataclass(frozen=True)
class Row:
    """One block as the comparison shows it."""

    kind: str
    tag: str
    pieces: tuple[Piece, ...]

    @property
    def is_heading(self) -> bool:
        return self.tag.startswith("h")


@dataclass(frozen=True)
class Stretch:
    """Rows that follow each other, all of them the same in both texts or none."""

    is_same: bool
    rows: tuple[Row, ...]


def compare(old: str, new: str) -> list[Row]:
    """The blocks of both texts (Markdown) in reading order, each with what became of it."""
    before, after = list(blocks(old)), list(blocks(new))
    rows: list[Row] = []
    for verb, i, j, k, m in _codes(before, after):
        if verb == "equal":
            rows += [_whole(SAME, block) for block in after[k:m]]
        else:
            rows += _replaced(before[i:j], after[k:m])
    return rows


def stretches(rows: list[Row]) -> list[Stretch]:
    """The rows in stretches, so that what did not change can be folded away."""
    found: list[Stretch] = []
    for row in rows:
        is_same = row.kind == SAME
        if found and found[-1].is_same == is_same:
            found[-1] = Stretch(is_same, (*found[-1].rows, row))
        else:
            found.append(Stretch(is_same, (row,)))
    return found


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a text in order."""
    yield from _blocks(SyntaxTreeNode(parse(text)), "p")


def _blocks(node: SyntaxTreeNode, kind: str) -> Iterator[Block]:
    for child in node.children:
        if child.type == "heading":
            yield Block(child.tag, _text(child))
        elif child.type == "paragraph":
            yield Block(kind, _text(child))
        elif child.type == "tr":
            yield Block("tr", " | ".join(_text(cell) for cell in child.children))
        else:
            yield from _blocks(child, "li" if child.type == "list_item" else kind)


def _text(node: SyntaxTreeNode) -> str:
    """Its words; a link whose address changed has changed, so the address counts."""
    found = []
    for inline in node.children:
        if inline.token is not None:
            found.append(plain_inline(inline.token))
            found += [f"({link.attrs['href']})" for link in inline.walk() if link.type == "link"]
    return " ".join(found)


def _whole(kind: str, block: Block) -> Row:
    return Row(kind, block.kind, (Piece(kind, block.text),))


def _codes(before: list[Any], after: list[Any]) -> Sequence[tuple[str, int, int, int, int]]:
    """How one list becomes the other. Where so much repeats that it would take long, all of it is replaced."""
    counts = Counter(after)
    if sum(counts[each] for each in before) > MOST_PAIRS:
        return [("replace", 0, len(before), 0, len(after))]
    return SequenceMatcher(None, before, after, autojunk=False).get_opcodes()


def _replaced(old: list[Block], new: list[Block]) -> Iterator[Row]:
    """Old blocks that went and new ones that came; where two are alike, one block whose words changed."""
    done, before = 0, [_counted(block) for block in old]
    for block in new:
        own = _counted(block)
        ahead = range(done, min(len(old), done + LOOKED_AHEAD))
        partner = next((at for at in ahead if old[at].kind[0] == block.kind[0] and _alike(before[at], own)), None)
        if partner is None:
            yield _whole(ADDED, block)
            continue
        yield from (_whole(REMOVED, gone) for gone in old[done:partner])
        yield _changed(old[partner], block)
        done = partner + 1
    yield from (_whole(REMOVED, gone) for gone in old[done:])


def _changed(old: Block, new: Block) -> Row:
    return _whole(SAME, new) if old == new else Row(CHANGED, new.kind, tuple(words(old.text, new.text)))


def _counted(block: Block) -> Counter[str]:
    return Counter(block.text.split())


def _alike(one: Counter[str], other: Counter[str]) -> bool:
    return 2 * (one & other).total() >= ALIKE * (one.total() + other.total())


def words(old: str, new: str) -> Iterator[Piece]:
    """The words of a block: what stayed, what went, what came."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    for verb, i, j, k, m in _codes(before, after):
        if verb == "equal":
            yield Piece(SAME, "".join(after[k:m]))
        else:
            yield from _pieces(before[i:j], after[k:m])


def _pieces(gone: list[str], came: list[str]) -> Iterator[Piece]:
    for kind, texts in ((REMOVED, gone), (ADDED, came)):
        if text := "".join(texts):
            yield Piece(kind, text)
