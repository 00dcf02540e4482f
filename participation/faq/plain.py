"""A question with its answer as plain text, for those who read without a browser or print it."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from participation.faq.models import Entry
from portal.richtext import escape, to_text


def as_text(entry: Entry) -> str:
    """The page in the active language, without what one does there."""
    lines = [_("Answered by: %(unit)s") % {"unit": entry.unit.name}]
    if entry.reviewed_at:
        lines.append(_("Last checked: %(day)s") % {"day": date_format(timezone.localtime(entry.reviewed_at))})
    lines.append(_("Address: %(url)s") % {"url": f"{settings.SITE_URL}/{get_language()}/faq/{entry.slug}/"})
    foot = "\n".join(escape(line) for line in lines)
    parts = (f"## {escape(entry.question)}", entry.answer, f"---\n\n{foot}")
    return "\n".join(to_text(part, settings.SITE_URL, top) for top, part in zip((2, 3, 3), parts, strict=True))
