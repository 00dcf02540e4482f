"""How a questionnaire will look, in either language, before anybody can answer it."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from participation.surveys.answering import QuestionsForm
from participation.surveys.staffside.frame import Frame
from participation.surveys.structure import load_structure
from portal.bilingual import LANGUAGE_CODES, in_language

PAGE = "participation/surveys/staff/preview.html"
SHEETS = "participation/surveys/staff/preview_sheets.html"
NAMES = {"ar": "العربية", "en": "English"}


class Preview(Frame):
    """All pages of a questionnaire, one below the other, with what each depends on."""

    def show(self) -> HttpResponseBase:
        """The preview in the language `?in=` names, else in the reader's."""
        code = self.request.GET.get("in", "")
        code = code if code in LANGUAGE_CODES else get_language() or "ar"
        context = self.context(
            title=_("Preview"), sheets=self._sheets(code), language=code,
            direction="rtl" if code == "ar" else "ltr", names=NAMES.items(),
        )  # fmt: skip
        return render(self.request, PAGE, context)

    def _sheets(self, code: str) -> SafeString:
        structure = load_structure(self.questionnaire)
        with in_language(code):
            sheets = [
                (sheet, QuestionsForm(structure, sheet.questions, auto_id=f"preview{sheet.number}_%s"))
                for sheet in structure.pages
            ]
            context = {"questionnaire": self.questionnaire, "sheets": sheets}
            return mark_safe(render_to_string(SHEETS, context))  # noqa: S308 - a template's own output
