"""What is asked: pages, questions, their options and lines, and what depends on earlier answers."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from participation.surveys.kinds import QuestionKind
from participation.surveys.models.questionnaire import Questionnaire
from portal.bilingual import both_languages


class Page(models.Model):
    """One page of a questionnaire. A poll and the satisfaction survey have exactly one."""

    title_ar: str
    title_en: str

    questionnaire = models.ForeignKey(Questionnaire, models.CASCADE, related_name="pages")
    position = models.PositiveSmallIntegerField(_("position"))
    title = models.CharField(_("title"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "position"], name="page_position_once", deferrable=models.Deferrable.DEFERRED
            ),
            both_languages("title", model="page", when=models.Q(title_ar__gt="") | models.Q(title_en__gt="")),
        ]

    def __str__(self) -> str:
        return self.title or str(self.position)


class Question(models.Model):
    """One question. `least` and `most` bound choices (several, ranking), points (scale) or the number itself."""

    text_ar: str
    text_en: str
    hint_ar: str
    hint_en: str
    low_label_ar: str
    low_label_en: str
    high_label_ar: str
    high_label_en: str

    page = models.ForeignKey(Page, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=10, choices=QuestionKind.choices)
    text = models.CharField(_("question"), max_length=500)
    hint = models.CharField(_("hint"), max_length=300, blank=True)
    is_required = models.BooleanField(_("must be answered"), default=False)
    least = models.IntegerField(_("least"), null=True, blank=True)
    most = models.IntegerField(_("most"), null=True, blank=True)
    low_label = models.CharField(_("words for the lowest point"), max_length=80, blank=True)
    high_label = models.CharField(_("words for the highest point"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["page", "position"], name="question_position_once", deferrable=models.Deferrable.DEFERRED
            ),
            both_languages("text", model="question"),
            models.CheckConstraint(condition=models.Q(kind__in=QuestionKind.values), name="question_kind_known"),
            models.CheckConstraint(
                condition=models.Q(least=None) | models.Q(most=None) | models.Q(most__gte=models.F("least")),
                name="question_bounds_ordered",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=QuestionKind.SCALE)
                | models.Q(least__gte=0, least__lte=1, most__gte=2, most__lte=10),
                name="question_scale_has_points",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def points(self) -> range:
        """The points of a scale."""
        return range(self.least or 0, (self.most or 0) + 1)


class Option(models.Model):
    """A choice of a question. One that takes text is "other"; an exclusive one ("none of these") stands alone."""

    label_ar: str
    label_en: str

    question = models.ForeignKey(Question, models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField(_("position"))
    label = models.CharField(_("words"), max_length=200)
    takes_text = models.BooleanField(_("asks for words"), default=False)
    is_exclusive = models.BooleanField(_("excludes the others"), default=False)

    class Meta:
        verbose_name = _("option")
        verbose_name_plural = _("options")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "position"], name="option_position_once", deferrable=models.Deferrable.DEFERRED
            ),
            both_languages("label", model="option"),
        ]

    def __str__(self) -> str:
        return self.label


class Row(models.Model):
    """A line of a matrix question."""

    label_ar: str
    label_en: str

    question = models.ForeignKey(Question, models.CASCADE, related_name="rows")
    position = models.PositiveSmallIntegerField(_("position"))
    label = models.CharField(_("words"), max_length=200)

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "position"], name="row_position_once", deferrable=models.Deferrable.DEFERRED
            ),
            both_languages("label", model="row"),
        ]

    def __str__(self) -> str:
        return self.label


class Condition(models.Model):
    """A page or question is shown only when one of these options was (or was not) chosen on an earlier page.

    Several conditions of one page or question must all hold.
    """

    page = models.ForeignKey(Page, models.CASCADE, null=True, blank=True, related_name="conditions")
    question = models.ForeignKey(Question, models.CASCADE, null=True, blank=True, related_name="conditions")
    asked = models.ForeignKey(Question, models.CASCADE, related_name="+", verbose_name=_("earlier question"))
    options = models.ManyToManyField(Option, related_name="+", verbose_name=_("options"))
    is_negated = models.BooleanField(_("only if none of them was chosen"), default=False)

    class Meta:
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(page__isnull=True, question__isnull=False)
                | models.Q(page__isnull=False, question__isnull=True),
                name="condition_of_page_or_question",
            )
        ]

    def __str__(self) -> str:
        return f"{self.page_id or self.question_id} - {self.asked_id}"
