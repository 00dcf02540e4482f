"""What the templates of outcomes need beyond Django's own tags."""

from django import template
from django.utils.safestring import SafeString

from participation.outcomes.models import Commitment
from participation.outcomes.words import day_in_words, due_in_words
from portal.richtext import to_html, to_plain

register = template.Library()


@register.filter
def rich(text: str) -> SafeString:
    """Text in Markdown as HTML below a section's heading."""
    return to_html(text, top=3)


@register.filter
def plain(text: str) -> str:
    """The same without its markup, for an extract."""
    return to_plain(text)


@register.filter
def due_words(commitment: Commitment) -> str:
    """When it is or was due, and how late it is."""
    return due_in_words(commitment)


@register.filter
def due_day(commitment: Commitment) -> str:
    """The same beside a label that says "Due"."""
    return day_in_words(commitment)
