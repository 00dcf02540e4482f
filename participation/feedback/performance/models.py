"""The table of service levels kept: one row for each unit and month that is over, and one for all units."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Part(models.TextChoices):
    """Figures that rest on the same messages and are withheld together."""

    ALL = "all"
    REPLIES = "replies"
    RESOLUTIONS = "resolutions"
    RATINGS = "ratings"


class MonthlyFiguresQuerySet(models.QuerySet["MonthlyFigures"]):
    def overall(self) -> MonthlyFiguresQuerySet:
        """The rows of all units together."""
        return self.filter(unit=None)

    def by_unit(self) -> MonthlyFiguresQuerySet:
        return self.exclude(unit=None)


def _count() -> models.PositiveIntegerField:
    return models.PositiveIntegerField(default=0)


def _minutes() -> models.PositiveIntegerField:
    """Working minutes; null where there is nothing to take them from."""
    return models.PositiveIntegerField(null=True)


class MonthlyFigures(models.Model):
    """What a unit (none: all of them) did in a month that is over. Times are working minutes of the promise's calendar.

    Every act counts in the month in which it happened, for the unit that had the message when this was counted.
    A final row never changes again.
    """

    unit = models.ForeignKey("organisations.Unit", models.PROTECT, null=True, related_name="+")
    month = models.DateField()
    """Its first day."""

    cases = _count()
    """Messages that any of the figures is about."""
    received = _count()
    acknowledged = _count()
    reopened = _count()
    out_of_scope = _count()
    removed = _count()
    withdrawn = _count()

    first_replies = _count()
    replies_on_time = _count()
    replies_excused = _count()
    reply_median = _minutes()
    reply_p90 = _minutes()
    reply_median_with_pauses = _minutes()
    reply_p90_with_pauses = _minutes()

    resolutions = _count()
    resolutions_on_time = _count()
    resolutions_excused = _count()
    resolution_median = _minutes()
    resolution_p90 = _minutes()
    resolution_median_with_pauses = _minutes()
    resolution_p90_with_pauses = _minutes()

    paused = _count()
    """Resolutions before which the clock had stood still; the minutes of pauses are theirs."""
    paused_median = _minutes()
    paused_citizen = _count()
    paused_referral = _count()
    paused_incident = _count()

    backlog = _count()
    backlog_late = _count()
    backlog_paused = _count()

    ratings = _count()
    rating_sum = _count()

    jumps = _count()
    """Corrections answered before older ones."""
    safety_first = _count()
    """Corrections that confirmed public safety put first."""

    withheld = ArrayField(models.CharField(max_length=12, choices=Part.choices), default=list, blank=True)
    """What must not be shown, decided together with the other rows of the month."""
    is_final = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    objects = MonthlyFiguresQuerySet.as_manager()

    class Meta:
        app_label = "feedback"
        verbose_name = _("monthly figures")
        verbose_name_plural = _("monthly figures")
        ordering = ["month", F("unit__code").asc(nulls_first=True)]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["unit", "month"], nulls_distinct=False, name="figures_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="figures_month_first_day"),
            models.CheckConstraint(
                condition=Q(first_replies__gte=F("replies_on_time") + F("replies_excused"))
                & Q(resolutions__gte=F("resolutions_on_time") + F("resolutions_excused")),
                name="figures_judged_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    reply_median__lte=F("reply_p90"),
                    reply_median_with_pauses__gte=F("reply_median"),
                    reply_p90_with_pauses__gte=F("reply_p90"),
                    resolution_median__lte=F("resolution_p90"),
                    resolution_median_with_pauses__gte=F("resolution_median"),
                    resolution_p90_with_pauses__gte=F("resolution_p90"),
                ),
                name="figures_times_in_order",
            ),
            models.CheckConstraint(
                condition=Q(first_replies=0, reply_median__isnull=True, reply_p90__isnull=True)
                | Q(first_replies__gt=0, reply_median__isnull=False, reply_p90__isnull=False),
                name="figures_reply_times_given",
            ),
            models.CheckConstraint(
                condition=Q(resolutions=0, resolution_median__isnull=True, resolution_p90__isnull=True)
                | Q(resolutions__gt=0, resolution_median__isnull=False, resolution_p90__isnull=False),
                name="figures_resolution_times_given",
            ),
            models.CheckConstraint(
                condition=Q(backlog__gte=F("backlog_late")) & Q(backlog__gte=F("backlog_paused")),
                name="figures_backlog_parts",
            ),
            models.CheckConstraint(
                condition=Q(rating_sum__gte=F("ratings")) & Q(rating_sum__lte=F("ratings") * 5),
                name="figures_ratings_range",
            ),
            models.CheckConstraint(condition=Q(paused__lte=F("resolutions")), name="figures_paused_are_settled"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id or '*'} {self.month:%Y-%m}"

    def shows(self, part: Part) -> bool:
        """Whether these figures rest on enough messages to be shown."""
        return Part.ALL not in self.withheld and part not in self.withheld

    @property
    def paused_minutes(self) -> int:
        """Working minutes for which clocks stood still, of the messages settled."""
        return self.paused_citizen + self.paused_referral + self.paused_incident
