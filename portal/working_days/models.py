"""Working calendars: the week, announced closures, special hours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta
from typing import TypeVar
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Mod
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.bilingual import both_languages
from portal.working_days import cache
from portal.working_days.building import build
from portal.working_days.hours import WorkingHours

Row = TypeVar("Row", bound=models.Model)

LONGEST = timedelta(days=366)
"""No closure and no special hours last longer: a mistyped year must not close the office for a century."""


def validate_zone(name: str) -> None:
    """Refuse what is not the name of a time zone."""
    if name not in available_timezones():
        raise ValidationError(
            _("“%(zone)s” is not the name of a time zone."),
            params={"zone": name},
            code="zone",
        )


class CalendarQuerySet(models.QuerySet["Calendar"]):
    def default(self) -> Calendar:
        """The calendar of every unit that has none of its own; Calendar.DoesNotExist when nobody named one."""
        return self.get(is_default=True)

    def working_hours_by_calendar(self, ids: Iterable[int]) -> dict[int, WorkingHours]:
        """The hours of these calendars: one query when all of them are known, four when any is not."""
        calendars = list(self.filter(pk__in=set(ids)))
        return {calendar.pk: hours for calendar, hours in zip(calendars, _hours(calendars), strict=True)}


class Calendar(models.Model):
    """When an office works. `version` goes up with every change to the calendar or any of its rows."""

    name = models.CharField(_("name"), max_length=120)
    timezone = models.CharField(
        _("time zone"),
        max_length=64,
        default="Asia/Muscat",
        validators=[validate_zone],
        help_text=_("The hours are those of the clock on the wall there, such as Asia/Muscat."),
    )
    is_default = models.BooleanField(
        _("default"),
        default=False,
        help_text=_("Kept by every unit without a calendar of its own."),
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects = CalendarQuerySet.as_manager()

    class Meta:
        verbose_name = _("working calendar")
        verbose_name_plural = _("working calendars")
        ordering = ["-is_default", "id"]
        constraints = [
            both_languages("name", model="calendar"),
            models.UniqueConstraint(
                fields=["is_default"],
                condition=Q(is_default=True),
                name="calendar_one_default",
            ),
            models.CheckConstraint(condition=~Q(timezone=""), name="calendar_zone_given"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.pk)

    def working_hours(self) -> WorkingHours:
        """Its hours as plain values: from this process's memory, else in three queries."""
        return _hours([self])[0]

    def working_hours_if(
        self,
        *,
        saved: Sequence[models.Model] = (),
        deleted: Sequence[models.Model] = (),
    ) -> WorkingHours:
        """The hours it would have with these rows saved or deleted: for a preview that writes nothing."""
        return build(
            self.timezone,
            _with(self.weekly_hours.all(), saved, deleted),
            _with(self.closures.all(), saved, deleted),
            _with(self.special_hours.all(), saved, deleted),
        )


class Weekday(models.IntegerChoices):
    """Numbered as Python numbers them, listed as the week here begins."""

    SUNDAY = 6, _("Sunday")
    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")


def _sensible_hours(model: str) -> list[models.BaseConstraint]:
    """Hours that say something: an end that is not the beginning (but round the clock), on whole minutes.

    Without the first, 07:30-07:30 would be read by one as closed and by another as a day and a night.
    """
    midnight = time(0)
    return [
        models.CheckConstraint(
            condition=~Q(opens=F("closes")) | Q(closes=midnight),
            name=f"{model}_have_a_length",
        ),
        models.CheckConstraint(
            condition=Q(opens__second=0, closes__second=0),
            name=f"{model}_on_whole_minutes",
        ),
    ]


class WeeklyHours(models.Model):
    """One stretch of work on one day of every week; a day may have several, a day without any is a weekend."""

    calendar = models.ForeignKey(
        Calendar,
        models.CASCADE,
        related_name="weekly_hours",
        verbose_name=_("calendar"),
    )
    weekday = models.PositiveSmallIntegerField(_("day of the week"), choices=Weekday.choices)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(
        _("closes"),
        help_text=_("00:00 is the midnight that ends the day; earlier than the opening is the next morning."),
    )

    class Meta:
        verbose_name = _("weekly hours")
        verbose_name_plural = _("weekly hours")
        ordering = ["calendar", Mod(F("weekday") + 1, models.Value(7)), "opens"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "weekday", "opens"], name="weekly_hours_once"),
            models.CheckConstraint(
                condition=Q(weekday__in=Weekday.values),
                name="weekly_hours_weekday_known",
            ),
            *_sensible_hours("weekly_hours"),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}-{self.closes:%H:%M}"


class Days(models.Model):
    """A named run of days, the first and the last included."""

    name = models.CharField(_("name"), max_length=120)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))

    class Meta:
        abstract = True

    @property
    def label(self) -> tuple[str, str]:
        """Its name in Arabic and in English, as the explanation of a deadline carries it."""
        return self.name_ar, self.name_en  # type: ignore[attr-defined]  # columns made by modeltranslation


def _sensible_days(model: str) -> list[models.BaseConstraint]:
    return [
        both_languages("name", model=model),
        models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name=f"{model}_days_in_order"),
        models.CheckConstraint(
            condition=Q(last_day__lte=F("first_day") + LONGEST),
            name=f"{model}_at_most_a_year",
        ),
    ]


class ClosureQuerySet(models.QuerySet["Closure"]):
    def touching(self, first: date, last: date) -> ClosureQuerySet:
        """Those with at least one day in [first, last]."""
        return self.filter(first_day__lte=last, last_day__gte=first)

    def tentative(self) -> ClosureQuerySet:
        """Expected, not announced."""
        return self.filter(status=Closure.Status.TENTATIVE)

    def confirmed(self) -> ClosureQuerySet:
        """Announced: these close the office."""
        return self.filter(status=Closure.Status.CONFIRMED)

    def standing(self) -> ClosureQuerySet:
        """Tentative or confirmed."""
        return self.exclude(status=Closure.Status.WITHDRAWN)


class Closure(Days):
    """Days on which the office does not work.

    A tentative one stops no clock until it is confirmed. Its date follows the moon or an announcement yet to come; a
    promise made with it would be late by a day for everybody whenever the guess was wrong, while a holiday confirmed
    later only ever gives staff more time. An explanation may show tentative closures as such.
    """

    class Status(models.TextChoices):
        TENTATIVE = "tentative", pgettext_lazy("closure", "Tentative")
        CONFIRMED = "confirmed", pgettext_lazy("closure", "Confirmed")
        WITHDRAWN = "withdrawn", pgettext_lazy("closure", "Withdrawn")

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="closures", verbose_name=_("calendar"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.TENTATIVE)
    source = models.CharField(
        _("source"),
        max_length=200,
        blank=True,
        help_text=_("Where it was announced: a decree, a circular, a link."),
    )

    objects = ClosureQuerySet.as_manager()

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        ordering = ["first_day", "id"]
        indexes = [models.Index(fields=["calendar", "first_day"], name="closure_by_day")]
        constraints = [
            *_sensible_days("closure"),
            models.CheckConstraint(
                condition=Q(status__in=["tentative", "confirmed", "withdrawn"]),
                name="closure_status_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.pk)

    @property
    def closes_the_office(self) -> bool:
        """Whether clocks stand still on its days."""
        return self.status == self.Status.CONFIRMED


class SpecialHours(Days):
    """Other hours for a while: Ramadan, a half day. Several rows over the same days are several stretches a day.

    They replace the hours of days that are worked anyway; with `beats_closures` the days are worked even where a
    closure or the weekend says otherwise.
    """

    calendar = models.ForeignKey(
        Calendar,
        models.CASCADE,
        related_name="special_hours",
        verbose_name=_("calendar"),
    )
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(
        _("closes"),
        help_text=_("00:00 is the midnight that ends the day; earlier than the opening is the next morning."),
    )
    beats_closures = models.BooleanField(
        _("worked even on closures and weekends"),
        default=False,
        help_text=_("For single days of work on a holiday. Leave empty for Ramadan."),
    )

    class Meta:
        verbose_name = _("special hours")
        verbose_name_plural = _("special hours")
        ordering = ["first_day", "opens", "id"]
        constraints = [
            *_sensible_days("special_hours"),
            *_sensible_hours("special_hours"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.pk)


def _hours(calendars: Sequence[Calendar]) -> list[WorkingHours]:
    """The hours of each; one query a table for all those not in memory."""
    found = {calendar.pk: cache.get(calendar.pk, calendar.version) for calendar in calendars}
    missing = [calendar for calendar in calendars if found[calendar.pk] is None]
    if missing:
        weekly = _by_calendar(WeeklyHours.objects.filter(calendar__in=missing))
        closures = _by_calendar(Closure.objects.confirmed().filter(calendar__in=missing))
        special = _by_calendar(SpecialHours.objects.filter(calendar__in=missing))
    for calendar in missing:
        hours = build(calendar.timezone, weekly[calendar.pk], closures[calendar.pk], special[calendar.pk])
        cache.keep(calendar.pk, calendar.version, hours)
        found[calendar.pk] = hours
    return [kept for calendar in calendars if (kept := found[calendar.pk]) is not None]


def _by_calendar(rows: Iterable[Row]) -> defaultdict[int, list[Row]]:
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.calendar_id].append(row)  # type: ignore[attr-defined]  # every kind of row has one
    return found


def _with(rows: models.QuerySet[Row], saved: Sequence[models.Model], deleted: Sequence[models.Model]) -> list[Row]:
    """These rows as they would be after saving some and deleting others."""
    changed = [row for row in saved if isinstance(row, rows.model)]
    gone = {row.pk for row in (*changed, *deleted) if isinstance(row, rows.model)}
    return [row for row in rows if row.pk not in gone] + changed
