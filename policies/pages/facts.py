"""The live facts that come from below: hours, contacts, levels, periods, cookies, limits."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from policies.pages.fact_tables import (
    closures_this_year,
    cookies_in_use,
    escalation_steps,
    retention_periods,
    service_levels,
)
from portal.attachments.content import KINDS
from portal.live_facts import Fact
from portal.organisations.models import Governorate
from portal.richtext import escape
from portal.working_days.in_words import working_week

KB, MB = 1024, 1024 * 1024


def working_hours() -> str:
    """The week of the default calendar, and the special hours of today."""
    return escape(working_week())


def call_centre() -> str:
    """Its number, which a telephone can dial."""
    digits = "".join(sign for sign in settings.CALL_CENTRE if sign in "+0123456789")
    return f"[{escape(settings.CALL_CENTRE)}](tel:{digits})"


def entity_name() -> str:
    """Who runs the portal."""
    return escape(settings.ENTITY_NAME[get_language() or settings.LANGUAGE_CODE])


def contact_page() -> str:
    """A link to the form."""
    return f"[{_('Contact us')}]({reverse('feedback:contact')})"


def feed_page() -> str:
    """A link to the list of feeds."""
    return f"[{_('Feeds and letters')}]({reverse('feeds:list')})"


def languages() -> str:
    """The languages of the portal."""
    return _(" and ").join(escape(_(name)) for name in ("Arabic", "English"))


def governorates() -> str:
    """All of them, in one line."""
    return _(", ").join(escape(label) for label in Governorate.labels)


def attachment_limits() -> str:
    """How many files, how large, of which kinds."""
    most = settings.ATTACHMENT_MAX_COUNT
    kinds = _(", ").join(dict.fromkeys("JPEG" if kind == "jpg" else _cased(kind) for kind in KINDS))
    files = ngettext("%(count)d file", "%(count)d files", most) % {"count": most}
    words = _("at most %(files)s, each of up to %(size)s, of these kinds: %(kinds)s")
    return escape(words % {"files": files, "size": _size(settings.ATTACHMENT_MAX_BYTES), "kinds": kinds})


def _cased(kind: str) -> str:
    return "WebP" if kind == "webp" else kind.upper()


def _size(count: int) -> str:
    if count >= MB:
        return _("%(count)s MB") % {"count": f"{count / MB:.1f}".removesuffix(".0")}
    return _("%(count)s KB") % {"count": count // KB}


FACTS = (
    Fact("working_hours", gettext_lazy("The working days and hours, in words"), working_hours),
    Fact("call_centre", gettext_lazy("The number of the call centre"), call_centre),
    Fact("entity_name", gettext_lazy("The body that runs the portal"), entity_name),
    Fact("contact_page", gettext_lazy("A link to the form “Contact us”"), contact_page),
    Fact("feed_page", gettext_lazy("A link to the feeds"), feed_page),
    Fact("languages", gettext_lazy("The languages of the portal"), languages),
    Fact("governorates", gettext_lazy("The governorates of Oman"), governorates),
    Fact("attachment_limits", gettext_lazy("How many files may be attached, how large, of which kinds"),
         attachment_limits),
    Fact("service_levels", gettext_lazy("Table: the service levels, in working hours"), service_levels, is_block=True),
    Fact("escalation_steps", gettext_lazy("List: who is told when a level is missed"), escalation_steps,
         is_block=True),
    Fact("closures_this_year", gettext_lazy("Table: holidays and special hours of this year"), closures_this_year,
         is_block=True),
    Fact("retention_periods", gettext_lazy("Table: what is kept of people, why and how long"), retention_periods,
         is_block=True),
    Fact("cookies_in_use", gettext_lazy("Table: the cookies of the portal"), cookies_in_use, is_block=True),
)  # fmt: skip
