"""The register in the staff site: proposed in a form, listed and taken off on pages of their own."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from participation.social.access import may_edit, visible_account, waits_for_another
from participation.social.actions import discard_proposal, edit_account, propose_account
from participation.social.models import Account, AccountQuerySet, inactive_after, quiet_after
from participation.social.staffside.forms import DetailsForm, ProposalForm
from participation.social.staffside.late import conflict_context, too_late
from participation.social.staffside.sealed import script_of, sealed
from participation.social.staffside.verbs import act, buttons
from participation.social.states import Standing, State
from portal.audit.models import AuditEvent
from portal.organisations.access import unit_ids
from portal.organisations.models import Unit
from portal.staff.admin_base import BilingualAdmin

IDENTITY = ["unit", "platform", "handle", "address"]
RESOLUTION = ["resolution_number", "resolution_date", "authorised_until"]
HOLDER = ["holder_job_ar", "holder_job_en", "holder_name"]
TEXTS = ["purpose_ar", "purpose_en", "audience_ar", "audience_en", "languages", "last_post_on"]
LOCKED_FOR = ("social_account_change", "social_account_delete")


class StandingFilter(admin.SimpleListFilter):
    """By standing, which is worked out from dates."""

    title, parameter_name = _("standing"), "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Any]:
        return [*Standing.choices, ("in_sight", _("To see to"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        today = timezone.localdate()
        questions = {
            Standing.PROPOSED: lambda: queryset.filter(state=State.PROPOSED),
            Standing.DELISTED: lambda: queryset.filter(state=State.DELISTED),
            Standing.EXPIRED: queryset.expired,
            Standing.INACTIVE: lambda: queryset.silent_since(inactive_after(), today),
            Standing.QUIET: lambda: queryset.active(today).filter(active_on__lt=today - quiet_after()),
            Standing.OFFICIAL: lambda: queryset.active(today).filter(active_on__gte=today - quiet_after()),
            "in_sight": queryset.in_sight,
        }
        return questions[self.value()]() if self.value() in questions else queryset  # type: ignore[index]


@admin.register(Account)
class AccountAdmin(BilingualAdmin):
    """Everybody sees the accounts of their own units. What was listed is never deleted."""

    list_display = ["shown_name", "shown_standing", "unit", "authorised_until", "last_post_on"]
    list_select_related = ["unit"]
    list_filter = [StandingFilter, "platform"]
    list_per_page = 50
    search_fields = ["handle_key", "handle", "resolution_number"]
    show_facets = admin.ShowFacets.NEVER
    ordering = ["unit", "platform", "handle_key"]
    change_form_template = "participation/social/desk/form.html"
    view_on_site = False

    def get_queryset(self, request: HttpRequest) -> AccountQuerySet:
        rows = Account.objects.visible_to(request.user)
        if request.method == "POST" and request.resolver_match and request.resolver_match.url_name in LOCKED_FOR:
            rows = rows.select_for_update(of=("self",))  # what the form compares with stays so until it is saved
        return rows

    def has_change_permission(self, request: HttpRequest, obj: Account | None = None) -> bool:
        if obj is None:
            return super().has_change_permission(request) or request.user.has_perm("social.list_account")
        return may_edit(request.user, obj)

    def has_view_permission(self, request: HttpRequest, obj: Account | None = None) -> bool:
        return super().has_view_permission(request, obj) or request.user.has_perm("social.list_account")

    def has_delete_permission(self, request: HttpRequest, obj: Account | None = None) -> bool:
        """A proposal only, and never many at once."""
        return obj is not None and obj.state == State.PROPOSED and super().has_delete_permission(request, obj)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        is_proposal = obj is None or obj.state == State.PROPOSED
        return super().get_form(
            request, obj, change, **{"form": ProposalForm if is_proposal else DetailsForm, **kwargs}
        )  # fmt: skip

    def get_fieldsets(self, request: HttpRequest, obj: Account | None = None) -> Any:
        may_change = obj is None or self.has_change_permission(request, obj)
        return [
            (None, {"fields": IDENTITY}),
            (_("Authorisation"), {"fields": RESOLUTION}),
            (_("Who runs it"), {"fields": HOLDER if may_change else sealed([*HOLDER[:2], "shown_holder"])}),
            (_("What it is for"), {"fields": [*TEXTS, "seen_version"] if may_change else sealed(TEXTS)}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Account | None = None) -> list[str]:
        return (
            ["shown_holder"]
            if obj is None or obj.state == State.PROPOSED
            else ["shown_holder", *IDENTITY[1:], *RESOLUTION]
        )

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "unit":
            mine = Unit.objects.active()
            kwargs["queryset"] = mine if request.user.is_superuser else mine.filter(pk__in=unit_ids(request.user))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Account, form: Any, change: bool) -> None:
        if change:
            edit_account(account=obj, by=request.user, version=form.cleaned_data["seen_version"], **form.content())
            return
        obj.__dict__.update(propose_account(by=request.user, **form.content()).__dict__)

    def delete_model(self, request: HttpRequest, obj: Account) -> None:
        if not discard_proposal(account=obj, by=request.user):
            raise PermissionDenied

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A text that comes when the account takes none any more is shown again, not refused and lost."""
        if request.method == "POST" and self.has_view_permission(request):
            account = visible_account(request.user, object_id)
            was_proposal = account.state != State.PROPOSED and "handle" in request.POST
            if was_proposal or not may_edit(request.user, account):
                return too_late(request, self.admin_site, account)
        return super().change_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, obj: Any = None, **kwargs: Any) -> Any:
        form = context["adminform"].form
        is_conflict = getattr(form, "is_conflict", False)
        if obj is not None:
            context |= self._about(request, visible_account(request.user, obj.pk))
        if is_conflict:
            context["conflict"] = conflict_context(form, request.POST.get("seen_version", ""))
        response = super().render_change_form(request, context, *args, obj=obj, **kwargs)
        response.status_code = 409 if is_conflict else response.status_code
        return response

    def _about(self, request: HttpRequest, account: Account) -> dict[str, Any]:
        """What the page shows round the form, as it is stored: buttons and history."""
        return {
            "account": account,
            "verbs": buttons(request.user, account),
            "waits_for_another": waits_for_another(request.user, account),
            "events": AuditEvent.objects.about(account).select_related("actor"),
        }

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.act_view)
        return [path("<int:pk>/do/<slug:key>/", view, name="social_account_act"), *super().get_urls()]

    def act_view(self, request: HttpRequest, pk: int, key: str) -> HttpResponse:
        """One of the buttons."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return act(request, self.admin_site, pk, key)

    @admin.display(description=_("name of the holder"))
    def shown_holder(self, account: Account) -> str:
        return format_html('<bdi lang="{}">{}</bdi>', script_of(account.holder_name), account.holder_name or "–")

    @admin.display(description=_("account"), ordering="handle_key")
    def shown_name(self, account: Account) -> str:
        return str(account)

    @admin.display(description=_("standing"))
    def shown_standing(self, account: Account) -> str:
        return format_html('<span class="chip {}">{}</span>', account.chip, account.standing.label)
