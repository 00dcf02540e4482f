"""What can be found, words that find each other, and the words there are. All of it is made of published text."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.bilingual import LANGUAGE_CODES
from portal.search.folding import tokens

MOST_TERMS = 20
LONGEST_TERM = 80
ARABIC = re.compile(r"[\u0600-\u06ff]")


def language_of(term: str) -> str:
    """The language a term is written in, by its letters."""
    return "ar" if ARABIC.search(term) else "en"


class SearchEntry(models.Model):
    """One page in one language, as the index knows it. What is shown is always read from its source again.

    The title's forms stand twice: those of the whole page are large and lie apart on the disk, while ranking looks at
    the title of everything that fits.
    """

    kind = models.CharField(max_length=40, db_collation="C")
    key = models.CharField(max_length=80, db_collation="C")
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, db_collation="C")
    title = models.TextField()
    title_words = models.TextField()
    """The folded title, with a space on either side."""
    title_forms = SearchVectorField()
    forms = SearchVectorField()
    path = models.CharField(max_length=300)
    published_at = models.DateTimeField()
    organisation = models.CharField(max_length=200, blank=True)
    version = models.CharField(max_length=200, blank=True)
    fingerprint = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        ordering = ["kind", "key", "language"]
        indexes = [
            GinIndex(fields=["forms"], name="search_entry_forms"),
            GinIndex(fields=["title_forms"], name="search_entry_title_forms"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "language"], name="search_entry_once"),
            models.CheckConstraint(condition=models.Q(language__in=LANGUAGE_CODES), name="search_entry_language_known"),
            models.CheckConstraint(
                condition=~models.Q(kind="") & ~models.Q(key="") & ~models.Q(title=""), name="search_entry_named"
            ),
            models.CheckConstraint(
                condition=models.Q(path__startswith="/")
                & ~models.Q(path__startswith="/ar/")
                & ~models.Q(path__startswith="/en/"),
                name="search_entry_path_is_bare",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Synonym(models.Model):
    """Words and short phrases, of either language, each of which finds the others as well."""

    words = models.CharField(
        _("words that find each other"),
        max_length=600,
        help_text=_("Two or more, in Arabic, English or both, with commas between them."),
    )
    note = models.CharField(_("note for colleagues"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("group of synonyms")
        verbose_name_plural = _("synonyms")
        ordering = ["words"]
        constraints = [
            models.CheckConstraint(condition=models.Q(words__regex=r"\S\s*[,،;؛]\s*\S"), name="synonym_of_something"),
        ]

    def __str__(self) -> str:
        """Its words of the active language, or all where it has none."""
        here = [term for term in self.terms if language_of(term) == get_language()]
        return ", ".join(here) or self.words

    @property
    def terms(self) -> list[str]:
        """Each word or phrase once, as it was typed."""
        typed = self.words
        for mark in "،;؛\n":
            typed = typed.replace(mark, ",")
        terms: dict[tuple[str, ...], str] = {}
        for term in typed.split(","):
            if words := tuple(tokens(term)):
                terms.setdefault(words, " ".join(term.split()))
        return list(terms.values())


class WordQuerySet(models.QuerySet["Word"]):
    def near(self, variants: list[str]) -> WordQuerySet:
        """Words that share a variant with another: those that differ from it in little."""
        return self.filter(variants__overlap=variants)


class Word(models.Model):
    """A word of published text, to ask "did you mean" with. `variants` are the word and what is left of it without
    any one letter: two words that differ in little have one of them in common."""

    folded = models.CharField(max_length=40, primary_key=True, db_collation="C")
    shown = models.CharField(max_length=80)
    count = models.PositiveIntegerField()
    variants: Any = ArrayField(models.CharField(max_length=40, db_collation="C"))

    objects = WordQuerySet.as_manager()

    class Meta:
        verbose_name = _("known word")
        verbose_name_plural = _("known words")
        ordering = ["folded"]
        indexes = [GinIndex(fields=["variants"], name="search_word_variants")]
        constraints = [models.CheckConstraint(condition=models.Q(count__gte=1), name="search_word_occurs")]

    def __str__(self) -> str:
        return self.shown
