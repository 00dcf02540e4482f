from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from portal.forms import clean_text
from portal.search.actions import delete_synonym, save_synonym
from portal.search.models import LONGEST_TERM, MOST_TERMS, Synonym, language_of


class SynonymForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Synonym
        fields = ["words", "note"]
        widgets = {"words": forms.Textarea(attrs={"rows": 3, "dir": "auto"})}

    def clean_words(self) -> str:
        words = clean_text(self.cleaned_data["words"], lines=False).strip()
        terms = Synonym(words=words).terms
        if len(terms) < 2:
            raise ValidationError(_("Write two different words or phrases at least, with a comma between them."))
        if len(terms) > MOST_TERMS:
            raise ValidationError(_("Write at most %(count)d words or phrases.") % {"count": MOST_TERMS})
        if any(len(term) > LONGEST_TERM for term in terms):
            raise ValidationError(_("Write at most %(count)d letters between two commas.") % {"count": LONGEST_TERM})
        return words


@admin.register(Synonym)
class SynonymAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Words that find each other. They belong to no unit: what one writes down holds for every search."""

    form = SynonymForm
    list_display = ["terms", "note"]
    search_fields = ["words", "note"]

    @admin.display(description=_("words that find each other"), ordering="words")
    def terms(self, synonym: Synonym) -> str:
        pairs = ((language_of(term), term) for term in synonym.terms)
        return format_html_join(" · ", '<bdi lang="{}">{}</bdi>', pairs)

    def save_model(self, request: HttpRequest, obj: Synonym, form: Any, change: bool) -> None:
        save_synonym(synonym=obj, by=request.user)

    def delete_model(self, request: HttpRequest, obj: Synonym) -> None:
        delete_synonym(synonym=obj, by=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Synonym]) -> None:
        for synonym in queryset:
            delete_synonym(synonym=synonym, by=request.user)
