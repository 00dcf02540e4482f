"""Questionnaires in the staff site."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from participation.surveys.access import editable_by, visible_to
from participation.surveys.actions.editing import frozen_fields
from participation.surveys.kinds import State
from participation.surveys.models import Population, Questionnaire
from participation.surveys.staffside.after import After
from participation.surveys.staffside.builder import Builder, first_steps
from participation.surveys.staffside.details import DetailsForm
from participation.surveys.staffside.frame import Frame
from participation.surveys.staffside.page import CHIPS, QuestionnairePage
from participation.surveys.staffside.preview import Preview
from portal.organisations.access import unit_ids
from portal.organisations.models import Unit
from portal.staff.admin_base import BilingualAdmin, KeptAdmin


@admin.register(Questionnaire)
class QuestionnaireAdmin(BilingualAdmin, KeptAdmin):
    """Each page of a questionnaire goes through `access.editable_by`: staff see those of their units."""

    form = DetailsForm
    list_display = ["title", "kind", "shown_phase", "unit", "opens_at", "closes_at"]
    list_display_links = ["title"]
    list_filter = ["kind", "state"]
    list_select_related = ["unit"]
    search_fields = ["title_ar", "title_en", "slug"]
    optional_translations = ("introduction", "thanks", "consent")
    fieldsets = [
        (None, {"fields": ["seen", "kind", "slug", "title_ar", "title_en", "introduction_ar", "introduction_en"]}),
        (_("Who asks"), {"fields": ["unit", "on_behalf_of", "consent_ar", "consent_en"]}),
        (_("When, and who may answer"), {"fields": ["opens_at", "closes_at", "access"]}),
        (
            _("About the people who answer"),
            {
                "fields": [
                    "asks_gender", "asks_age_group", "asks_governorate", "crossing_first", "crossing_second",
                    "threshold",
                ]
            },
        ),
        (_("Afterwards"), {"fields": ["thanks_ar", "thanks_en", "keep_raw_days", "legal_hold"]}),
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Questionnaire]:
        return visible_to(request.user)

    @admin.display(description=_("Phase"))
    def shown_phase(self, questionnaire: Questionnaire) -> str:
        phase = questionnaire.phase()
        return format_html('<span class="chip {}">{}</span>', CHIPS.get(phase, ""), phase.label)

    def get_form(
        self, request: HttpRequest, obj: Any | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[Any]]:
        form = super().get_form(request, obj, change, **kwargs)
        if (unit := form.base_fields.get("unit")) is not None:
            everything = request.user.is_superuser
            unit.queryset = Unit.objects.active() if everything else Unit.objects.filter(pk__in=unit_ids(request.user))  # type: ignore[attr-defined]
        return form

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Filters that count ballots would tell what nobody may know yet."""
        return lookup.partition("__")[0] in {"kind", "state"}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What people were told when they answered stays as it was."""
        if obj is None:
            return []
        fixed = {"kind"} | ({"slug"} if obj.state != State.DRAFT else set())
        return sorted(fixed | frozen_fields(obj))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and (obj is None or editable_by(request.user).filter(pk=obj.pk).exists())

    def save_model(self, request: HttpRequest, obj: Questionnaire, form: Any, change: bool) -> None:
        form.store(by=request.user)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return first_steps(request, obj)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return Frame(self.admin_site, request, obj.pk).back(str(_("Saved.")))

    # The pages of one questionnaire -------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        name = "surveys_questionnaire_{}".format
        own = [
            path("<int:pk>/details/", wrap(self.details_view), name=name("details")),
            path("<int:pk>/pages/add/", wrap(self.build("page")), name=name("page_add")),
            path("<int:pk>/pages/<int:item>/", wrap(self.build("page")), name=name("page")),
            path("<int:pk>/questions/add/", wrap(self.build("question")), name=name("question_add")),
            path("<int:pk>/questions/<int:item>/", wrap(self.build("question")), name=name("question")),
            path("<int:pk>/arrange/", wrap(self.arrange_view), name=name("arrange")),
            path("<int:pk>/preview/", wrap(self.preview_view), name=name("preview")),
            *(
                path(f"<int:pk>/{verb.replace('_', '-')}/", wrap(self.after(verb)), name=name(verb))
                for verb in ("findings", "invite", "early", "answers", "raw", "hand_over")
            ),
            path("<int:pk>/receipt/<int:item>/", wrap(self.after("receipt")), name=name("receipt")),
        ]
        return own + super().get_urls()

    def _want(self, request: HttpRequest, *permissions: str) -> None:
        if not any(request.user.has_perm(f"surveys.{permission}") for permission in permissions):
            raise PermissionDenied

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> Any:
        self._want(request, "view_questionnaire", "change_questionnaire")
        return QuestionnairePage(self.admin_site, request, object_id, reading=True).answer()

    def details_view(self, request: HttpRequest, pk: int) -> Any:
        return super().change_view(request, str(pk))

    def build(self, part: str) -> Any:
        """The view of one form of the builder."""

        def view(request: HttpRequest, pk: int, item: int | None = None) -> HttpResponseBase:
            self._want(request, "change_questionnaire")
            return getattr(Builder(self.admin_site, request, pk), part)(item)  # type: ignore[no-any-return]

        return view

    def arrange_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        self._want(request, "change_questionnaire")
        builder = Builder(self.admin_site, request, pk)
        verb = request.POST.get("do", "")
        return builder.arrange(verb) if verb in ("up", "down", "delete") else builder.back()

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        self._want(request, "view_questionnaire", "change_questionnaire")
        return Preview(self.admin_site, request, pk, reading=True).show()

    def after(self, verb: str) -> Any:
        """The view of something done with a questionnaire once it is scheduled."""
        wanted = {"early": "look_early", "answers": "read_answers", "raw": "read_answers", "receipt": "read_answers"}

        def view(request: HttpRequest, pk: int, item: int | None = None) -> HttpResponseBase:
            self._want(request, wanted.get(verb, "change_questionnaire"))
            page = After(self.admin_site, request, pk, reading=wanted.get(verb) == "read_answers")
            return getattr(page, verb)(*([] if item is None else [item]))  # type: ignore[no-any-return]

        return view


@admin.register(Population)
class PopulationAdmin(BilingualAdmin):
    list_display = ["governorate", "people", "as_of"]
    fields = ["governorate", "people", "as_of", "source_ar", "source_en"]
