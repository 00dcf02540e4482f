"""What is wrong with the machinery of promises, told on top of the desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.clocks.models import Heartbeat
from portal.mail.models import OutgoingMail
from portal.staff.desk import Panel
from portal.working_days.models import Calendar, Closure
from portal.working_days.public_holidays import missing_holidays

SWEEP_IS_LATE = timedelta(minutes=5)
SOON = timedelta(days=60)
"""Tentative closures further ahead are nobody's concern yet."""


def panels(request: HttpRequest) -> Iterator[Panel]:
    """One panel with every warning, or none."""
    notices = [*_sweep(), *_mail(request.user), *_calendar(request.user)]
    if notices:
        yield Panel("warnings", "", "admin/clocks/warnings.html", {"notices": notices}, is_urgent=True)


def _notice(text: str, url: str = "", action: str = "", kind: str = "warning") -> dict[str, str]:
    return {"text": text, "url": url, "action": action, "kind": kind}


def _sweep() -> Iterator[dict[str, str]]:
    beat = Heartbeat.objects.filter(name="clocks.sweep").first()
    if beat is None:
        yield _notice(
            _("The deadline sweep has never run: nobody is warned or escalated to. Tell the administrators."),
            kind="danger",
        )
    elif timezone.now() - beat.at > SWEEP_IS_LATE:
        since = date_format(timezone.localtime(beat.at), "DATETIME_FORMAT")
        text = _(
            "The deadline sweep stands still since %(time)s: nobody is warned or escalated to. Tell the administrators."
        )
        yield _notice(text % {"time": since}, kind="danger")


def _mail(user: Any) -> Iterator[dict[str, str]]:
    failed = OutgoingMail.objects.failed()[:1000].count()
    if failed:
        text = ngettext("%(count)d letter could not be delivered.", "%(count)d letters could not be delivered.", failed)
        may = user.has_perm("mail.view_outgoingmail")
        url = reverse("admin:mail_outgoingmail_changelist") + "?state__exact=failed" if may else ""
        yield _notice(text % {"count": failed}, url, _("Show them") if may else "")


def _calendar(user: Any) -> Iterator[dict[str, str]]:
    if not user.has_perm("working_days.change_closure"):
        return
    calendar = Calendar.objects.filter(is_default=True).first()
    today = timezone.localdate()
    if calendar and _holidays_missing(calendar.pk, calendar.version, today):
        text = _("Next year's public holidays are not all entered: promises made now may count days nobody works.")
        url = reverse("admin:working_days_calendar_changelist")
        yield _notice(text, url, _("Propose them from the list of calendars"))
    waiting = Closure.objects.tentative().filter(last_day__gte=today, first_day__lte=today + SOON)
    if count := waiting.count():
        text = ngettext(
            "%(count)d closure in the next weeks is still tentative and stops no clock.",
            "%(count)d closures in the next weeks are still tentative and stop no clock.",
            count,
        )
        url = reverse("admin:working_days_closure_changelist") + "?status__exact=tentative"
        yield _notice(text % {"count": count}, url, _("Confirm or withdraw"))


@lru_cache(maxsize=64)
def _holidays_missing(pk: int, version: int, today: Any) -> bool:
    """Asked once for each version of the calendar and day: working out the holidays takes a while."""
    return missing_holidays(Calendar.objects.get(pk=pk), today)
