"""Links by which browsers and readers find a page's feeds by themselves."""

from django import template
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from portal.feeds.addresses import MIME_TYPES
from portal.feeds.collecting import channel
from portal.feeds.documents import line

register = template.Library()

NAMES = {"rss": "RSS", "atom": "Atom"}


@register.simple_tag
def feed_links(*slugs: str) -> SafeString:
    """{% feed_links "news" "all" %} in the block `head`: the feeds of these topics in the language of the page.

    A topic nobody registered has no feed and gets no link.
    """
    found = [each for slug in slugs if (each := channel(slug)) is not None]
    links = [
        (mime_type, line(each.title), NAMES[kind], reverse(f"feeds:{kind}", args=[each.slug]))
        for each in found
        for kind, mime_type in MIME_TYPES.items()
    ]
    return format_html_join("\n", '<link rel="alternate" type="{}" title="{} ({})" href="{}">', links)
