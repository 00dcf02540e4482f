"""RSS 2.0 and Atom, written so that strict readers take them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.html import format_html, linebreaks
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from portal.bilingual import other_language
from portal.feeds.addresses import MIME_TYPES, absolute, entry_address, entry_id, feed_address, feed_id
from portal.feeds.collecting import Channel, Listed
from portal.forms import clean_text

MINUTES_BETWEEN_LOOKS = 60
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""When an empty feed was last changed: Atom wants a date, and the present moment would be a change each time."""

_LAST_OF_PLANES = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_NO_CHARACTERS = re.compile(f"[\ud800-\udfff\ufdd0-\ufdef{_LAST_OF_PLANES}]")


def clean(text: object) -> str:
    """Text as XML and HTML may hold it: without control characters, marks that turn the reading direction, and
    code points that are no characters."""
    return _NO_CHARACTERS.sub("", clean_text(str(text)))


def line(text: object) -> str:
    """The same on one line, for titles."""
    return " ".join(clean(text).split())


class RssDocument(Rss201rev2Feed):
    """RSS 2.0 that names its language and its twin in the other one."""

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xml:lang": self.feed["language"]}

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        handler.addQuickElement("atom:link", None, self.feed["twin"])

    def latest_post_date(self) -> datetime:
        return _latest(self)


class AtomDocument(Atom1Feed):
    """Atom (RFC 4287) that names its twin in the other language."""

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        handler.addQuickElement("link", None, self.feed["twin"])

    def latest_post_date(self) -> datetime:
        return _latest(self)


def _latest(document: SyndicationFeed) -> datetime:
    return max((item["updateddate"] for item in document.items), default=NEVER)


DOCUMENTS = {"rss": RssDocument, "atom": AtomDocument}


def write_feed(channel: Channel, kind: str, language: str) -> bytes:
    """The feed of a channel as it is now; call it with `language` active. The same entries give the same bytes."""
    twin = other_language(language)
    document = DOCUMENTS[kind](
        title=f"{line(channel.title)} - {_('Musharaka')}",
        link=absolute(channel.page, language),
        description=line(channel.description),
        subtitle=line(channel.description),
        language=language,
        author_name=settings.ENTITY_NAME[language],
        feed_url=feed_address(channel.slug, kind, language),
        feed_guid=feed_id(channel.slug, language),
        ttl=MINUTES_BETWEEN_LOOKS,
        twin={
            "rel": "alternate",
            "type": MIME_TYPES[kind],
            "hreflang": twin,
            "href": feed_address(channel.slug, kind, twin),
        },
    )
    for listed in channel.latest():
        document.add_item(**_item(listed, language))
    return document.writeString("utf-8").encode()


def _item(listed: Listed, language: str) -> dict[str, Any]:
    entry = listed.entry
    return {
        "title": line(entry.title) or entry.key,
        "link": entry_address(entry.path, language),
        "description": _as_html(entry.summary, language),
        "pubdate": _whole_second(entry.published_at),
        "updateddate": _whole_second(entry.updated_at or entry.published_at),
        "unique_id": entry_id(entry.key, language),
        "unique_id_is_permalink": False,
        "categories": [line(listed.topic.title)],
    }


def _as_html(summary: str, language: str) -> str | None:
    """A summary as the HTML both formats promise. Few readers heed xml:lang, so the text brings its direction along."""
    if not (text := clean(summary).strip()):
        return None
    direction = "rtl" if language == "ar" else "ltr"
    paragraphs = mark_safe(linebreaks(text, autoescape=True))  # noqa: S308 - escaped there
    return format_html('<div lang="{}" dir="{}">{}</div>', language, direction, paragraphs)


def _whole_second(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)
