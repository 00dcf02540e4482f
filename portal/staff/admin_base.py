"""What the model admins of the staff site share."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

LANGUAGES = {"ar": _("Arabic"), "en": _("English")}


class BilingualAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Wants both languages of whatever the model keeps in two columns and does not allow to be empty.

    Name the columns (`name_ar`, `name_en`) in `fields`; a CHECK in the database says the same without being polite.
    """

    optional_translations: tuple[str, ...] = ()

    def get_list_display(self, request: HttpRequest) -> Any:
        """The columns of two languages under names that say which, not under a code."""
        return [self._column(name) if isinstance(name, str) else name for name in super().get_list_display(request)]

    def _column(self, name: str) -> Any:
        stem, _underscore, language = name.rpartition("_")
        if language not in LANGUAGES or not stem:
            return name

        @admin.display(description=self._label(stem, language), ordering=name)
        def column(row: models.Model) -> Any:
            text = getattr(row, name)
            # A screen reader reads the other language's column in that language's voice.
            direction = "rtl" if language == "ar" else "ltr"
            return text and format_html('<span lang="{}" dir="{}">{}</span>', language, direction, text)

        return column

    def _label(self, stem: str, language: str) -> Any:
        verbose_name = self.model._meta.get_field(stem).verbose_name
        return format_lazy("{} ({})", capfirst(verbose_name), LANGUAGES[language])

    def get_form(
        self, request: HttpRequest, obj: Any | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[Any]]:
        form = super().get_form(request, obj, change, **kwargs)
        for name, field in form.base_fields.items():
            stem, _underscore, language = name.rpartition("_")
            if language not in LANGUAGES:
                continue
            field.required = stem not in self.optional_translations
            field.label = self._label(stem, language)
            field.widget.attrs.update({"lang": language, "dir": "rtl" if language == "ar" else "ltr"})
        return form


class KeptAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that are never deleted from here: other rows and the history point at them."""

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class ReadOnlyAdmin(KeptAdmin):
    """Rows that are only looked at."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False
