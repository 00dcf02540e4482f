"""Questions and answers in the staff site."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from participation.faq.actions import editing, opinions
from participation.faq.models import Entry, EntryQuerySet, Match
from participation.faq.search import closest
from participation.faq.staffside.entry_list import EntryList
from participation.faq.staffside.forms import PUBLISH, EntryForm, as_question
from participation.faq.staffside.unhelpful import unhelpful, with_reasons
from participation.faq.states import Outcome, State
from portal.organisations.access import unit_ids
from portal.organisations.models import Topic, Unit
from portal.staff import drafts

SIMILAR = 5
MONTHS = 12


@admin.register(Entry)
class EntryAdmin(EntryList):
    """Editors see the entries of their units. What was published is hidden, never deleted."""

    form = EntryForm
    optional_translations = ("question", "answer")
    view_on_site = False
    change_form_template = "participation/faq/desk/entry_form.html"
    fields = [
        "question_ar", "answer_ar", "question_en", "answer_en", "other_is_right", "also_asked",
        "topic", "unit", "position", "slug", "version",
    ]  # fmt: skip

    # Who sees and may do what ------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> EntryQuerySet:
        return Entry.objects.visible_to(request.user).defer("search")

    def get_readonly_fields(self, request: HttpRequest, obj: Entry | None = None) -> list[str]:
        return ["slug"] if obj is not None and obj.state != State.DRAFT else []

    def get_fields(self, request: HttpRequest, obj: Entry | None = None) -> Any:
        return [name for name in self.fields if obj is not None or name != "other_is_right"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and obj is not None and obj.state == State.DRAFT

    def formfield_for_foreignkey(self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        """An entry belongs to one of the editor's own units."""
        if db_field.name == "unit":
            units = Unit.objects.active()
            kwargs["queryset"] = units if request.user.is_superuser else units.filter(pk__in=unit_ids(request.user))
        elif db_field.name == "topic":
            kwargs["queryset"] = Topic.objects.active()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    # The form ----------------------------------------------------------------------------------------------

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What a case said, where the address names such a draft; else nothing but the editor's unit."""
        kept = drafts.kept_draft(request)
        units = unit_ids(request.user)
        initial: dict[str, Any] = {"unit": units[0]} if len(units) == 1 else {}
        if kept:
            code = kept.get("language", "ar")
            initial |= {
                f"question_{code}": as_question(kept.get("question", "")),
                f"answer_{code}": kept.get("answer", ""),
                "topic": kept.get("topic", ""),
            }
        return initial

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        kept = drafts.kept_draft(request)
        similar = closest(kept.get("question", ""), limit=SIMILAR) if kept else []
        context = {"kept": kept, "draft": request.GET.get("draft", ""), "similar": [entry for _share, entry in similar]}
        return super().add_view(request, form_url, {**context, **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        matches = list(Match.objects.filter(entry=object_id)[:MONTHS]) if object_id.isdecimal() else []
        return super().change_view(request, object_id, form_url, {"matches": matches, **(extra_context or {})})

    def save_model(self, request: HttpRequest, obj: Entry, form: Any, change: bool) -> None:
        if change:
            right = form.cleaned_data.get("other_is_right", False)
            editing.revise_entry(entry=obj, by=request.user, version=form.cleaned_data["version"], other_is_right=right)
        else:
            editing.write_entry(entry=obj, by=request.user)
            if drafts.kept_draft(request):
                self._count_draft(request, obj)
        if PUBLISH in request.POST and editing.publish_entry(entry=obj, by=request.user):
            messages.success(request, _("It is published, in both languages."))

    def delete_model(self, request: HttpRequest, obj: Entry) -> None:
        editing.discard_draft(entry=obj, by=request.user)

    def _count_draft(self, request: HttpRequest, entry: Entry) -> None:
        """A case asked this question; its draft has done its work."""
        opinions.count_match(slugs=[entry.slug], outcome=Outcome.ASKED)
        kept = dict(request.session.get(drafts.KEY, {}))
        kept.pop(request.GET.get("draft", ""), None)
        request.session[drafts.KEY] = kept

    # Own pages ---------------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path("unhelpful/", wrap(self.unhelpful_view), name="faq_entry_unhelpful"),
            path("<int:pk>/asked/", wrap(require_POST(self.asked_view)), name="faq_entry_asked"),
            path("<int:pk>/do/<slug:verb>/", wrap(require_POST(self.do_view)), name="faq_entry_do"),
        ]
        return own + super().get_urls()

    def _mine(self, request: HttpRequest, pk: Any) -> Entry:
        """The entry, where the user may change it; else the 404 of one that does not exist."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        found = self.get_queryset(request).filter(pk=pk).first() if str(pk).isdecimal() else None
        if found is None:
            raise Http404
        return found

    def do_view(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """One button of the entry's page."""
        entry = self._mine(request, pk)
        done, words = True, ""
        match verb:
            case "hide":
                done, words = editing.hide_entry(entry=entry, by=request.user), _("It is hidden.")
            case "confirm":
                language = request.POST.get("language") or "-"
                done = editing.confirm_language(entry=entry, language=language, by=request.user)
                words = _("Both languages are current.")
            case "review":
                done, words = editing.review_entry(entry=entry, by=request.user), _("Noted: reviewed today.")
            case _:
                raise Http404
        messages.add_message(
            request, messages.SUCCESS if done else messages.WARNING, words if done else _("Nothing had to change.")
        )
        return redirect("admin:faq_entry_change", entry.pk)

    def asked_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A case asked what is published already, by whichever unit; its draft is not needed."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        entry = Entry.objects.published().filter(pk=pk).first()
        if entry is None or not drafts.kept_draft(request):
            raise Http404
        self._count_draft(request, entry)
        messages.success(request, _("Counted: one more message asked this."))
        return redirect("admin:faq_entry_changelist")

    def unhelpful_view(self, request: HttpRequest) -> HttpResponse:
        """The queue of answers that do not help; a button says that somebody acted."""
        if request.method == "POST":
            seen = request.POST.get("seen", "")
            entry = self._mine(request, request.POST.get("entry", ""))
            if seen.isdecimal():
                opinions.deal_with(entry=entry, seen=int(seen), by=request.user)
                messages.success(request, _("Dealt with. What readers say from now on starts afresh."))
            return redirect("admin:faq_entry_unhelpful")
        if not self.has_change_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("Answers that do not help"),
            "opts": self.opts,
            "rows": with_reasons(unhelpful(request.user)),
        }
        return TemplateResponse(request, "participation/faq/desk/unhelpful.html", context)
