"""Questions people ask and their answers, what readers think of them, and how often each is asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from participation.faq.states import Reason, State
from portal.bilingual import LANGUAGE_CODES, both_languages, other_language
from portal.organisations.access import unit_ids
from portal.richtext import to_plain

EXTRACT_WORDS = 28


class EntryQuerySet(models.QuerySet["Entry"]):
    def published(self) -> EntryQuerySet:
        return self.filter(state=State.PUBLISHED)

    def visible_to(self, user: Any) -> EntryQuerySet:
        """Entries of the user's units; administrators see all."""
        return self if user.is_superuser else self.filter(unit__in=unit_ids(user))

    def outdated(self) -> EntryQuerySet:
        """Entries whose text was changed in one language only, and nobody has looked at the other since."""
        return self.exclude(outdated="")

    def in_page_order(self) -> EntryQuerySet:
        """As the page lists them: by topic, then by position."""
        return self.order_by("topic__position", "topic__slug", "position", "pk")


class Entry(models.Model):
    """One question with its answer. The address of a published one never changes."""

    slug = models.SlugField(_("address of the page"), max_length=80, unique=True)
    question = models.CharField(_("question"), max_length=200)
    answer = models.TextField(_("answer"))
    also_asked = models.TextField(_("other ways people ask it"), blank=True)
    topic = models.ForeignKey("organisations.Topic", models.PROTECT, related_name="+", verbose_name=_("topic"))
    unit = models.ForeignKey("organisations.Unit", models.PROTECT, related_name="+", verbose_name=_("unit"))
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)

    outdated = models.CharField(_("out of date in"), max_length=2, choices=settings.LANGUAGES, blank=True)
    revised_at_ar = models.DateTimeField(_("Arabic text changed"), null=True, blank=True)
    revised_at_en = models.DateTimeField(_("English text changed"), null=True, blank=True)
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    helpful_count = models.PositiveIntegerField(_("helped"), default=0)
    unhelpful_count = models.PositiveIntegerField(_("did not help"), default=0)
    asked_count = models.PositiveIntegerField(_("asked"), default=0)
    search = SearchVectorField(null=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("question and answer")
        verbose_name_plural = _("questions and answers")
        ordering = ["topic", "position", "pk"]
        indexes = [
            GinIndex(fields=["search"], name="faq_entry_search"),
            models.Index(fields=["unit"], condition=~models.Q(outdated=""), name="faq_entry_outdated"),
        ]
        constraints = [
            both_languages("question", "answer", model="faq_entry", when=~models.Q(state="draft")),
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="faq_entry_state_known"),
            models.CheckConstraint(
                condition=models.Q(outdated__in=["", *LANGUAGE_CODES]), name="faq_entry_outdated_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft", published_at__isnull=True)
                | (~models.Q(state="draft") & models.Q(published_at__isnull=False)),
                name="faq_entry_published_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.question or self.question_ar or self.question_en or self.slug  # type: ignore[attr-defined]

    def get_absolute_url(self) -> str:
        return reverse("faq:entry", args=[self.slug])

    @property
    def revised_at(self) -> datetime | None:
        """When its text last changed in the active language."""
        return self.revised_in(get_language() or settings.LANGUAGE_CODE)

    @property
    def extract(self) -> str:
        """How the answer begins, without markup."""
        return Truncator(to_plain(self.answer)).words(EXTRACT_WORDS)

    @property
    def is_outdated_here(self) -> bool:
        """Whether the other language says something newer than the active one."""
        return bool(self.outdated) and self.outdated == get_language()

    def revised_in(self, code: str) -> datetime | None:
        """When its text last changed in this language."""
        moment: datetime | None = getattr(self, f"revised_at_{code}", None)
        return moment

    def text_in(self, code: str) -> tuple[str, str]:
        """Question and answer in this language, empty where they are not written."""
        return getattr(self, f"question_{code}") or "", getattr(self, f"answer_{code}") or ""

    @property
    def phrasings(self) -> list[str]:
        """Every way of asking it that is known."""
        lines = [line.strip() for line in self.also_asked.splitlines()]
        return [text for text in [*(self.text_in(code)[0] for code in LANGUAGE_CODES), *lines] if text]

    def is_written_in(self, code: str) -> bool:
        """Whether both question and answer exist in this language."""
        return all(self.text_in(code))

    @property
    def newer_language(self) -> str:
        """The language that is ahead; empty where both are current."""
        return other_language(self.outdated) if self.outdated else ""


class VoteQuerySet(models.QuerySet["Vote"]):
    def open(self) -> VoteQuerySet:
        """Votes since somebody last dealt with what readers of the entry had said."""
        return self.filter(dealt_at=None)


class Vote(models.Model):
    """Whether an answer helped one reader; `key` makes one reading count once. What was written is never published."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="votes")
    key = models.CharField(max_length=64, unique=True)
    is_helpful = models.BooleanField(_("helped"))
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices, blank=True)
    text = models.TextField(_("text"), blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    at = models.DateTimeField(default=timezone.now)
    dealt_at = models.DateTimeField(_("dealt with"), null=True, blank=True)
    dealt_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = VoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("reader's opinion")
        verbose_name_plural = _("readers' opinions")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["entry"], condition=models.Q(dealt_at=None), name="faq_vote_open")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_helpful=False) | models.Q(reason="", text=""), name="faq_vote_only_no_has_reason"
            ),
            models.CheckConstraint(condition=models.Q(reason__in=["", *Reason.values]), name="faq_vote_reason_known"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {'+' if self.is_helpful else '-'}"


class Match(models.Model):
    """How often, in one month, messages asked what an entry answers.

    `suggested` counts forms under which it was shown before sending; of these, `answered` and `sent` tell how they
    ended where that is known. `asked` counts cases that staff recognised as the same question.
    """

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="matches")
    month = models.DateField()
    suggested = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    sent = models.PositiveIntegerField(default=0)
    asked = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("how often it was asked")
        verbose_name_plural = _("how often they were asked")
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "month"], name="faq_match_once_a_month"),
            models.CheckConstraint(condition=models.Q(month__day=1), name="faq_match_first_of_month"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.month:%Y-%m}"
