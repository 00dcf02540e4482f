"""The live facts that are tables or lists, as Markdown in the active language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portal.clocks.models import EscalationStep, Metric, Policy
from portal.clocks.registry import Subject, subjects
from portal.cookies import cookies
from portal.retention.registry import rules
from portal.retention.words import kept
from portal.richtext import escape, table
from portal.working_days.models import Closure, SpecialHours

NONE = "–"
HOUR = 60


# Service levels ----------------------------------------------------------------------------------------------


def service_levels() -> str:
    """For each kind of subject a table: within how much working time each promise is kept."""
    levels = list(Policy.objects.filter(is_active=True))
    tables = []
    for subject in subjects():
        mine = [level for level in levels if level.subject_kind == subject.kind]
        if mine:
            head = [_("Kind"), *(metric.label for metric in Metric)]
            tables.append((subject.name, table(head, _level_rows(subject, mine))))
    if not tables:
        return _("No service level is set at the moment.")
    if len(tables) == 1:
        return tables[0][1]
    return "\n\n".join(f"**{escape(name)}**\n\n{made}" for name, made in tables)


def _level_rows(subject: Subject, levels: list[Policy]) -> Iterator[list[str]]:
    """One row for each kind, and one more for each priority a level names."""
    priorities = dict(subject.priorities)
    named = sorted({(level.kind, level.priority) for level in levels if level.priority})
    for kind, label in subject.kinds:
        yield [str(label), *_promises(levels, kind, "")]
        for own, priority in named:
            if own == kind:
                yield [_in_priority(label, priorities.get(priority, priority)), *_promises(levels, kind, priority)]
    for own, priority in named:
        if not own:
            words = _in_priority(_("Every kind"), priorities.get(priority, priority))
            yield [words, *_promises(levels, "", priority)]


def _in_priority(kind: object, priority: object) -> str:
    return _("%(kind)s, priority “%(priority)s”") % {"kind": kind, "priority": priority}


def _promises(levels: list[Policy], kind: str, priority: str) -> list[str]:
    """The promise of each metric; the most specific level wins, as it does for a case."""
    fitting = [level for level in levels if level.kind in ("", kind) and level.priority in ("", priority)]
    fitting.sort(key=lambda level: (bool(level.kind), bool(level.priority)))
    minutes = {level.metric: level.minutes for level in fitting}
    return [working_time(minutes[metric]) if metric in minutes else NONE for metric in Metric.values]


def working_time(minutes: int) -> str:
    """A length of working time to the minute."""
    hours, rest = divmod(minutes, HOUR)
    if not hours:
        return ngettext("%(n)d working minute", "%(n)d working minutes", rest) % {"n": rest}
    words = ngettext("%(n)d working hour", "%(n)d working hours", hours) % {"n": hours}
    if not rest:
        return words
    more = ngettext("%(n)d minute", "%(n)d minutes", rest) % {"n": rest}
    return _("%(hours)s and %(minutes)s") % {"hours": words, "minutes": more}


def escalation_steps() -> str:
    """Who is told, in the order they are told."""
    steps = list(EscalationStep.objects.filter(is_active=True).order_by("level"))
    if not steps:
        return _("No escalation step is set at the moment.")
    return "\n".join(f"{number}. {escape(_step(step))}" for number, step in enumerate(steps, 1))


def _step(step: EscalationStep) -> str:
    role = step.get_role_display()
    if step.is_warning:
        return _("%(role)s: warned before the time runs out") % {"role": role}
    if not step.minutes_after_due:
        return _("%(role)s: told as soon as the time has run out") % {"role": role}
    return _("%(role)s: told when %(time)s more have passed") % {
        "role": role,
        "time": working_time(step.minutes_after_due),
    }


# Days --------------------------------------------------------------------------------------------------------


def closures_this_year() -> str:
    """Holidays, announced and expected, and days with other hours."""
    year = timezone.localdate().year
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows: list[tuple[date, list[str]]] = []
    for closure in Closure.objects.standing().touching(first, last).filter(calendar__is_default=True):
        is_certain = closure.status == Closure.Status.CONFIRMED
        words = pgettext("holiday", "Closed") if is_certain else _("Expected, not announced yet")
        rows.append((closure.first_day, [str(closure), _days(closure), words]))
    special = SpecialHours.objects.filter(calendar__is_default=True, first_day__lte=last, last_day__gte=first)
    for hours in special:
        words = _("%(opens)s to %(closes)s") % {"opens": f"{hours.opens:%H:%M}", "closes": f"{hours.closes:%H:%M}"}
        rows.append((hours.first_day, [str(hours), _days(hours), words]))
    if not rows:
        return escape(_("No holiday of %(year)d is announced yet.") % {"year": year})
    rows.sort(key=lambda row: row[0])
    return table([_("Occasion"), _("Days"), _("Working hours")], [row for _day, row in rows])


def _days(row: Any) -> str:
    if row.first_day == row.last_day:
        return date_format(row.first_day)
    return _("%(first)s to %(last)s") % {"first": date_format(row.first_day), "last": date_format(row.last_day)}


# What is kept ------------------------------------------------------------------------------------------------


def retention_periods() -> str:
    """What is kept of people, why, on which ground, for how long."""
    found = rules()
    if not found:
        return _("The periods are being worked out.")
    head = [_("What is kept"), _("Why"), _("On which ground"), _("How long")]
    return table(head, ([rule.title, rule.purpose, rule.basis, kept(rule)] for rule in found))


def cookies_in_use() -> str:
    """Every cookie with its purpose, when it is set, and how long it lasts."""
    head = [_("Name"), _("What it is for"), _("When it is set"), _("How long it lasts")]
    return table(head, _cookie_rows())


def _cookie_rows() -> Iterable[list[object]]:
    return ([cookie.name, cookie.purpose, cookie.set_when, cookie.lasts] for cookie in cookies())
