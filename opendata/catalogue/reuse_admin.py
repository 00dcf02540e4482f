"""Looking at what people made of datasets, and deciding whether everybody sees it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from opendata.catalogue.models import Reuse
from opendata.catalogue.models.around import ReuseState
from opendata.catalogue.reuses import Conflict, decide_reuse
from portal.audit.models import AuditEvent
from portal.forms import CleanCharField
from portal.organisations.access import unit_ids
from portal.staff.admin_base import KeptAdmin

DECISIONS = [(ReuseState.SHOWN, _("Show it on the page of the dataset")), (ReuseState.REFUSED, _("Do not show it"))]

SHOWN = ["dataset", "shown_title", "address", "shown_description", "shown_maker", "language", "created_at", "looks",
         "state", "decided_by", "decided_at"]  # fmt: skip
DECIDED = ["decision", "refused_because", "seen"]


class DecisionForm(forms.ModelForm):  # type: ignore[type-arg]
    """Shown or not; who does not show it says why, to colleagues."""

    decision = forms.ChoiceField(label=_("Decision"), choices=DECISIONS, widget=forms.RadioSelect)
    refused_because = CleanCharField(
        label=_("why it is not shown"),
        max_length=300,
        required=False,
        help_text=_("For colleagues; it is not published."),
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    class Meta:
        model = Reuse
        fields = ["refused_because"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = self.instance.state
        if self.instance.state != ReuseState.WAITING:
            self.fields["decision"].initial = self.instance.state

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("seen") != self.instance.state:
            self.add_error(None, forms.ValidationError(Conflict.message, code="conflict"))
        if data.get("decision") == ReuseState.REFUSED and not data.get("refused_because"):
            self.add_error("refused_because", _("Say why it is not shown."))
        return data

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and self.has_error(NON_FIELD_ERRORS, "conflict"):  # deciding again is over what is shown now
            sent: Any = self.data
            self.data = sent.copy()
            self.data["seen"] = self.instance.state  # type: ignore[index]


@admin.register(Reuse)
class ReuseAdmin(KeptAdmin):
    """Everybody sees what was made of the datasets of their own units."""

    form = DecisionForm
    list_display = ["shown_title", "dataset", "state", "created_at", "decided_by"]
    list_filter = ["state"]
    list_select_related = ["dataset", "decided_by"]
    list_per_page = 50
    search_fields = ["title", "url", "dataset__slug"]
    show_facets = admin.ShowFacets.NEVER
    actions = None
    view_on_site = False
    readonly_fields = SHOWN
    fields = [*SHOWN, *DECIDED]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reuse]:
        rows = Reuse.objects.select_related("dataset", "decided_by")
        if request.method == "POST" and request.resolver_match and request.resolver_match.kwargs.get("object_id"):
            rows = rows.select_for_update(of=("self",), no_key=True)  # what the form compares with stays so
        return rows if request.user.is_superuser else rows.filter(dataset__asset__unit__in=unit_ids(request.user))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Reuse | None = None) -> Any:
        return [*SHOWN, *DECIDED] if self.has_change_permission(request, obj) else [*SHOWN, "refused_because"]

    def save_model(self, request: HttpRequest, obj: Reuse, form: Any, change: bool) -> None:
        data = form.cleaned_data
        state = ReuseState(data["decision"])
        because = data["refused_because"] if state == ReuseState.REFUSED else ""
        decide_reuse(reuse=obj, state=state, by=request.user, seen=data["seen"], because=because)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        response = super().render_change_form(request, context, *args, **kwargs)
        if context["adminform"].form.has_error(NON_FIELD_ERRORS, "conflict"):
            response.status_code = 409
        return response

    @admin.display(description=_("address"))
    def address(self, reuse: Reuse) -> str:
        return format_html(
            '<a href="{}" rel="external noopener noreferrer"><bdi dir="ltr">{}</bdi></a>', reuse.url, reuse.url
        )

    @admin.display(description=_("how it was sent"))
    def looks(self, reuse: Reuse) -> Any:
        event = AuditEvent.objects.about(reuse).filter(verb="reuse.received").first()
        return _("It looks as if a program had sent it.") if event and event.data.get("suspicion") else "–"

    @admin.display(description=_("title"), ordering="title")
    def shown_title(self, reuse: Reuse) -> str:
        return _said(reuse, reuse.title)

    @admin.display(description=_("description"))
    def shown_description(self, reuse: Reuse) -> str:
        return _said(reuse, reuse.description)

    @admin.display(description=_("made by"))
    def shown_maker(self, reuse: Reuse) -> str:
        return _said(reuse, reuse.made_by or "–")


def _said(reuse: Reuse, text: str) -> str:
    """What somebody wrote, in its own language and direction."""
    return format_html('<span lang="{}" dir="auto">{}</span>', reuse.language, text)
