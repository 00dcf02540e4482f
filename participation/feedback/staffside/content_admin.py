"""Routing rules and reply templates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participation.feedback.actions.routing import destination
from participation.feedback.models import Case, ReplyTemplate, RoutingRule
from participation.feedback.pages import LONGEST, read_page
from participation.feedback.reply_templates import VARIABLES, unknown_variables
from participation.feedback.states import Kind
from portal.forms import CleanTextField, PortalForm
from portal.organisations.models import Governorate, Topic
from portal.staff.admin_base import BilingualAdmin


class TryForm(PortalForm):
    """A message as it might come in."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Kind.choices)
    topic: Any = forms.ModelChoiceField(Topic.objects.all(), label=gettext_lazy("Topic"))
    governorate = forms.ChoiceField(
        label=gettext_lazy("Governorate"), choices=[("", gettext_lazy("None")), *Governorate.choices], required=False
    )
    text = CleanTextField(label=gettext_lazy("Message"), max_length=10_000)
    page = forms.CharField(
        label=gettext_lazy("Page it is sent from"), max_length=LONGEST, required=False,
        help_text=gettext_lazy("Such as /data/population/: what is sent from there goes to the dataset's unit."),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )  # fmt: skip

    def clean_page(self) -> str:
        """The path alone; a whole address of this portal will do."""
        typed = self.cleaned_data["page"].strip()
        page = read_page(typed.removeprefix(settings.SITE_URL))
        if typed and not page:
            raise forms.ValidationError(gettext_lazy("This is no address of a page of this portal."))
        return page


@admin.register(RoutingRule)
class RoutingRuleAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rules are read by position; the first that fits wins. "Try a text" tells where a message would go."""

    list_display = ["position", "name", "kind", "topic", "governorate", "words", "unit", "priority", "is_active"]
    list_display_links = ["position", "name"]
    list_select_related = ["topic", "unit"]
    list_filter = ["is_active", "kind", "unit"]
    fields = ["position", "name", "kind", "topic", "governorate", "words", "unit", "priority", "is_active"]
    change_list_template = "participation/feedback/desk/rule_list.html"

    def get_urls(self) -> list[URLPattern]:
        own = path("try/", self.admin_site.admin_view(self.try_view), name="feedback_routingrule_try")
        return [own, *super().get_urls()]

    def try_view(self, request: HttpRequest) -> HttpResponse:
        """Where a text would go, and why. Nothing is stored."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = TryForm(request.POST or None)
        context: dict[str, Any] = {**self.admin_site.each_context(request), "form": form, "opts": self.opts}
        if form.is_valid():
            found = destination(Case(**form.cleaned_data))
            context |= {"is_tried": True, "found": found, "rule": found and found.rule}
        context["title"] = _("Try a text")
        return render(
            request, "participation/feedback/desk/try_rules.html", context, status=422 if form.errors else 200
        )


class ReplyTemplateForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for language in ("ar", "en"):
            if unknown := unknown_variables(data.get(f"body_{language}") or ""):
                message = _("There is no variable %(names)s. Known are: %(known)s.")
                names = _(", ").join(f"{{{name}}}" for name in unknown)
                known = _(", ").join(f"{{{name}}}" for name in VARIABLES)
                self.add_error(f"body_{language}", message % {"names": names, "known": known})
        return data


@admin.register(ReplyTemplate)
class ReplyTemplateAdmin(BilingualAdmin):
    form = ReplyTemplateForm
    list_display = ["name_ar", "name_en", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name_ar", "name_en", "body_ar", "body_en"]
    fields = ["name_ar", "name_en", "body_ar", "body_en", "is_active"]

    def get_form(self, request: HttpRequest, obj: Any | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        help_text = gettext_lazy(
            "Variables: {name} {reference} {unit} {topic} {due} {entity}. "
            "Put in [square brackets] what has to be written each time: a reply that still has one is not sent."
        )
        for language in ("ar", "en"):
            if f"body_{language}" in form.base_fields:
                form.base_fields[f"body_{language}"].help_text = help_text
        return form
