"""Text with paragraphs, headings, lists, links and emphasis, written by staff in Markdown, shown as safe HTML."""

from __future__ import annotations

import html
from functools import cache

import nh3
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

RULES = ["list", "heading", "emphasis", "link", "blockquote", "hr", "table", "newline", "escape", "autolink"]
TAGS = set("p h2 h3 h4 h5 h6 ul ol li strong em a blockquote hr br table thead tbody tr th td".split())  # noqa: SIM905
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto", "tel"}


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("zero", {"html": False, "breaks": True}).enable(RULES)


def to_html(text: str, top: int = 2) -> SafeString:
    """The text as HTML; its highest heading becomes `<h{top}>`. Markup in the text itself is shown, not obeyed."""
    tokens = _parser().parse(text or "")
    highest = min((int(t.tag[1]) for t in tokens if t.type == "heading_open"), default=1)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) - highest + top)}"
    rendered = _parser().renderer.render(tokens, _parser().options, {})
    return mark_safe(nh3.clean(rendered, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None))  # noqa: S308


def to_plain(text: str) -> str:
    """The text without its markup, for feeds, letters and search."""
    return " ".join(html.unescape(strip_tags(to_html(text))).split())
