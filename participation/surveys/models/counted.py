"""What was counted: totals that outlive the single answers, and the results as they were published."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participation.surveys.models.asked import Option, Question, Row
from participation.surveys.models.questionnaire import Questionnaire


class Tally(models.Model):
    """How many ballots said one thing, for each combination of what people told about themselves.

    question None: ballots. Question alone (no row, option or value): ballots that answered it; with `row`: that
    answered this line. `value` holds a point or number as text, a rank beside its option, a date as YYYY-MM-DD.
    Texts are counted as answered only. `period` is the first day of a month for the standing survey, else None.
    """

    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="tallies")
    period = models.DateField(null=True, blank=True)
    question = models.ForeignKey(Question, models.CASCADE, null=True, blank=True, related_name="+")
    row = models.ForeignKey(Row, models.CASCADE, null=True, blank=True, related_name="+")
    option = models.ForeignKey(Option, models.CASCADE, null=True, blank=True, related_name="+")
    value = models.CharField(max_length=24, blank=True)
    gender = models.CharField(max_length=6, blank=True)
    age_group = models.CharField(max_length=8, blank=True)
    governorate = models.CharField(max_length=24, blank=True)
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "questionnaire", "period", "question", "row", "option", "value", "gender", "age_group",
                    "governorate",
                ],
                name="tally_once", nulls_distinct=False,
            ),
            models.CheckConstraint(condition=models.Q(count__gt=0), name="tally_counts_something"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.questionnaire_id} {self.question_id} {self.count}"


class Turnout(models.Model):
    """Ballots of one day."""

    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="turnouts")
    day = models.DateField()
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("turnout")
        verbose_name_plural = _("turnouts")
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["questionnaire", "day"], name="turnout_once")]

    def __str__(self) -> str:
        return f"{self.questionnaire_id} {self.day}"


class Publication(models.Model):
    """What may be shown of the results. Written once and never changed, because two differing publications could
    give back what each of them withholds. `results` holds true counts too: read it through surveys.results.reading."""

    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="publications")
    period = models.DateField(_("month"), null=True, blank=True)
    results = models.JSONField()
    published_at = models.DateTimeField(_("published"), default=timezone.now)

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["questionnaire", "period"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "period"], name="publication_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire_id} {self.period or ''}"
