"""What the component templates need beyond Django's own tags."""

from collections.abc import Iterator
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField, CheckboxInput
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from portal.bilingual import bare_path
from portal.richtext import to_html

register = template.Library()


@register.simple_block_tag
def notice(content: SafeString, kind: str = "info", title: str = "", role: str = "") -> str:
    """{% notice "warning" title=... role="status" %}paragraphs{% endnotice %}"""
    context = {"content": content, "kind": kind, "title": title, "role": role}
    return render_to_string("components/notice.html", context)


@register.simple_block_tag
def details(content: SafeString, summary: str, open: bool = False) -> str:
    """{% details "Why then?" %}paragraphs{% enddetails %}"""
    return render_to_string("components/details.html", {"content": content, "summary": summary, "open": open})


@register.simple_block_tag
def tablescroll(content: SafeString, label: str) -> str:
    """{% tablescroll "Hours counted" %}<table>...</table>{% endtablescroll %}"""
    return render_to_string("components/table_scroll.html", {"content": content, "label": label})


@register.filter
def error_items(form: BaseForm) -> list[dict[str, str]]:
    """The errors of a form in page order: {message, target}, target being the id of the field to go to."""
    items = [{"message": str(error), "target": ""} for error in form.non_field_errors()]
    for field in form:
        # A group of choices has no id for its label; its first choice is where the reader wants to be.
        target = "" if field.is_hidden else field.id_for_label or f"{field.auto_id}_0"
        items += [{"message": str(error), "target": target} for error in field.errors]
    return items


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Whether the field is one lone checkbox, whose label follows it."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def page_numbers(page: Page[Any]) -> Iterator[int | str]:
    """The page numbers to offer round this page, with an ellipsis for those left out."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.filter
def without_query(url: str) -> str:
    """The address up to its question mark: what a canonical link names."""
    return url.partition("?")[0]


@register.filter
def richtext(text: str | None, top: int = 2) -> SafeString:
    """What staff wrote with headings, lists and links; its highest heading becomes `<h{top}>`."""
    return to_html(text or "", top)


@register.filter
def localised(path: str) -> str:
    """A path without language prefix ("/polls/x/") in the language of the page."""
    return f"/{get_language()}{bare_path(path)}"
