"""Text written in Markdown - paragraphs, headings, lists, tables, links, emphasis - as safe HTML or as plain text."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from urllib.parse import unquote

import nh3
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

RULES = ["list", "heading", "emphasis", "link", "blockquote", "hr", "table", "newline", "escape", "autolink"]
TAGS = set(
    "p h2 h3 h4 h5 h6 ul ol li strong em a blockquote hr br div table thead tbody tr th td".split()  # noqa: SIM905
)
HEADINGS = ("h2", "h3", "h4", "h5", "h6")
ATTRIBUTES = {
    "a": {"href", "title"},
    "ol": {"start"},
    "th": {"scope"},
    "div": {"class", "role", "aria-label", "tabindex"},  # only our own frame round a table: text makes no <div>
    **{tag: {"id"} for tag in HEADINGS},
}
SCHEMES = {"http", "https", "mailto", "tel"}
ANCHOR = "s-"
"""Begins every anchor, so that no heading takes an id the page itself uses."""
UNDERLINES = {"h2": "=", "h3": "-"}
_MARKS = re.compile(r"[\\`*_{}\[\]()<>#+\-.!|~&]")
_NOT_IN_ANCHORS = re.compile(r"[^\w]+")


@dataclass(frozen=True)
class Heading:
    """A heading as the table of contents lists it; `level` is the number of its tag in `to_html`."""

    level: int
    text: str
    anchor: str


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("zero", {"html": False, "breaks": True}).enable(RULES)


def parse(text: str, top: int = 2) -> list[Token]:
    """The text as tokens of markdown-it. Its headings begin with `h{top}` and skip no level, whatever was typed."""
    tokens = _parser().parse(text or "")
    above: list[str] = []
    for token in tokens:
        if token.type == "heading_open":
            above = [*(tag for tag in above if tag < token.tag), token.tag]
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, top + len(above) - 1)}"
    return tokens


def to_html(text: str, top: int = 2, anchors: bool = False) -> SafeString:
    """The text as HTML; its highest heading becomes `<h{top}>`. Markup in the text itself is shown, not obeyed.

    With `anchors` each heading has the id that `headings` names. A table scrolls within a frame of its own.
    """
    tokens = parse(text, top)
    if anchors:
        for token, heading in zip(_opening(tokens), _headings(tokens), strict=True):
            token.attrSet("id", heading.anchor)
    rendered = _parser().renderer.render(_framed(tokens), _parser().options, {})
    return mark_safe(nh3.clean(rendered, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None))  # noqa: S308


def headings(text: str, top: int = 2) -> list[Heading]:
    """Its headings in order, with the anchors `to_html` gives them."""
    return _headings(parse(text, top))


def to_plain(text: str) -> str:
    """The text in one line without its markup, for feeds, letters and search."""
    return " ".join(html.unescape(strip_tags(to_html(text))).split())


def to_text(text: str, root: str = "", top: int = 2) -> str:
    """The text to be read without any markup: headings underlined, lists and tables in lines, addresses in brackets.

    `root` stands before addresses that begin with "/"; a text that stands below a title has 3 for `top`.
    """
    tree = SyntaxTreeNode(parse(text, top))
    return "\n\n".join(_block(node, root) for node in tree.children) + "\n"


def escape(text: object) -> str:
    """Words that Markdown shows as they are: in one line, none of their characters is markup."""
    return _MARKS.sub(r"\\\g<0>", " ".join(str(text).split()))


def table(head: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown, of plain words."""
    lines = [[escape(cell) for cell in line] for line in (head, *rows)]
    lines.insert(1, ["---"] * len(head))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


# Anchors -----------------------------------------------------------------------------------------------------


def _opening(tokens: list[Token]) -> list[Token]:
    return [token for token in tokens if token.type == "heading_open"]


def _headings(tokens: list[Token]) -> list[Heading]:
    found: list[Heading] = []
    taken: set[str] = set()
    for token, content in pairwise(tokens):
        if token.type == "heading_open":
            words = plain_inline(content)
            found.append(Heading(int(token.tag[1]), words, _free(_anchor(words), taken)))
    return found


def _anchor(words: str) -> str:
    """Letters and digits of any script, so that an Arabic heading has an address that can be read."""
    folded = unicodedata.normalize("NFKC", words).lower()
    bare = "".join(letter for letter in folded if unicodedata.category(letter) != "Mn" and letter != "ـ")
    return ANCHOR + (_NOT_IN_ANCHORS.sub("-", bare).strip("-_")[:60].strip("-") or "section")


def _free(anchor: str, taken: set[str]) -> str:
    name, number = anchor, 1
    while name in taken:
        number += 1
        name = f"{anchor}-{number}"
    taken.add(name)
    return name


# Inline text and tables --------------------------------------------------------------------------------------


def plain_inline(token: Token) -> str:
    """The words of a paragraph, heading or cell without their markup."""
    parts = ["\n" if child.type in ("softbreak", "hardbreak") else child.content for child in token.children or []]
    return "".join(parts).strip()


def _framed(tokens: list[Token]) -> list[Token]:
    """The tokens with each table inside a frame that scrolls, by keyboard too, and is named by its columns."""
    found: list[Token] = []
    labels: set[str] = set()
    for at, token in enumerate(tokens):
        if token.type == "th_open":
            token.attrSet("scope", "col")
        if token.type == "table_open":
            label = html.escape(_free(", ".join(_columns(tokens, at)) or "-", labels), quote=True)
            found.append(_raw(f'<div class="table-scroll" role="region" aria-label="{label}" tabindex="0">\n'))
        found.append(token)
        if token.type == "table_close":
            found.append(_raw("</div>\n"))
    return found


def _columns(tokens: list[Token], at: int) -> list[str]:
    """The heads of the table that opens at a place."""
    heads = []
    for token, content in zip(tokens[at:], tokens[at + 1 :], strict=False):
        if token.type == "thead_close":
            break
        if token.type == "th_open":
            heads.append(" ".join(plain_inline(content).split()))
    return [words for words in heads if words]


def _raw(markup: str) -> Token:
    return Token("html_block", "", 0, content=markup)


# Plain text --------------------------------------------------------------------------------------------------


def _block(node: SyntaxTreeNode, root: str) -> str:
    """A paragraph, heading, list, table or quotation in lines."""
    match node.type:
        case "heading":
            words = _line(node, root)
            return f"{words}\n{UNDERLINES.get(node.tag, '~') * len(words)}"
        case "bullet_list":
            return "\n".join(_item(item, "- ", root) for item in node.children)
        case "ordered_list":
            first = int(node.attrs.get("start", 1))
            return "\n".join(_item(item, f"{number}. ", root) for number, item in enumerate(node.children, first))
        case "blockquote":
            return _indented("\n\n".join(_block(child, root) for child in node.children), "> ", "> ")
        case "table":
            return _rows(node, root)
        case "hr":
            return "-" * 20
    return _line(node, root)


def _item(item: SyntaxTreeNode, mark: str, root: str) -> str:
    return _indented("\n".join(_block(child, root) for child in item.children), mark, " " * len(mark))


def _indented(text: str, first: str, rest: str) -> str:
    lines = text.splitlines() or [""]
    return "\n".join((first if number == 0 else rest) + line for number, line in enumerate(lines))


def _rows(node: SyntaxTreeNode, root: str) -> str:
    """Each row as an item, each of its cells in a line with the head of its column: columns do not survive a font."""
    heads = [_line(cell, root) for cell in node.children[0].children[0].children]
    bodies = [row for part in node.children[1:] for row in part.children]
    rows = [[_line(cell, root) for cell in row.children] for row in bodies]
    return "\n".join(
        _indented(
            "\n".join(f"{head}: {cell}" if head else cell for head, cell in zip(heads, row, strict=True)), "- ", "  "
        )
        for row in rows
    )


def _line(node: SyntaxTreeNode, root: str) -> str:
    """The words of what stands in a line, with the addresses of its links."""
    if node.type in ("text", "text_special"):
        return node.content
    if node.type in ("softbreak", "hardbreak"):
        return "\n"
    words = "".join(_line(child, root) for child in node.children)
    return _link(words, str(node.attrs.get("href", "")), root) if node.type == "link" else words


def _link(words: str, address: str, root: str) -> str:
    """The words with their address, unless they say it already: a telephone number, an address of e-mail."""
    shown = html.unescape(address).removeprefix("tel:").removeprefix("mailto:")
    shown = unquote(root + shown if shown.startswith("/") else shown)
    return words if shown == words else f"{words} ({shown})"
