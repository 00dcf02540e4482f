"""What the staff pages of a questionnaire share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from participation.surveys.access import editable_by, visible_to
from participation.surveys.models import Questionnaire
from portal.forms import PortalForm

FORM = "participation/surveys/staff/form.html"


def number(data: Mapping[str, Any], name: str) -> int:
    """A number somebody sent; 0 where it is none."""
    text = str(data.get(name, ""))[:9]
    return int(text) if text.isascii() and text.isdecimal() else 0


class Frame:
    """One questionnaire, for one request: of the user's units, or also (`reading`) one asked on their behalf."""

    def __init__(self, site: AdminSite, request: HttpRequest, pk: int | str, *, reading: bool = False) -> None:
        self.site, self.request = site, request
        if not str(pk).isdecimal():
            raise Http404
        rows = visible_to(request.user) if reading else editable_by(request.user)
        rows = rows.select_related("unit__organisation", "on_behalf_of")
        self.questionnaire: Questionnaire = get_object_or_404(rows, pk=pk)

    def context(self, **more: Any) -> dict[str, Any]:
        """What base_site.html and the pages need."""
        return {**self.site.each_context(self.request), "questionnaire": self.questionnaire, **more}

    def show_form(self, form: PortalForm, title: str, **more: Any) -> HttpResponse:
        """A page with one form; with its errors and what was typed where it was refused."""
        context = self.context(form=form, title=title, **{"button": _("Save"), **more})
        return render(self.request, FORM, context, status=422 if form.errors else 200)

    def back(self, message: str = "") -> HttpResponse:
        """To the questionnaire's own page."""
        if message:
            messages.success(self.request, message)
        return redirect("admin:surveys_questionnaire_change", self.questionnaire.pk)

    def back_with_error(self, message: str) -> HttpResponse:
        """To the questionnaire's own page, which says what was refused."""
        messages.error(self.request, message)
        return redirect("admin:surveys_questionnaire_change", self.questionnaire.pk)
