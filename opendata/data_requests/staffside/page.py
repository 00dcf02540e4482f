"""One request for staff: everything about it, and a page for each thing that may be done with it now."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from opendata.data_requests.access import ANSWERS, granted, possible, visible_request
from opendata.data_requests.actions.answering import answered_before, as_shown
from opendata.data_requests.actions.moving import Conflict, NotPossible
from opendata.data_requests.choices import State
from opendata.data_requests.listing import answers_of
from opendata.data_requests.models import DataRequest
from opendata.data_requests.promises import SUBJECT
from opendata.data_requests.staffside.answer_forms import AnswerForm
from opendata.data_requests.staffside.verb_forms import VerbForm
from opendata.data_requests.staffside.verbs import ORDER, QUICK, VERBS, Verb
from portal.audit.actions import record
from portal.audit.models import AuditEvent
from portal.bilingual import LANGUAGE_CODES
from portal.clocks.explanation import explain_clock
from portal.clocks.models import Clock
from portal.clocks.time_left import measure

FOLDER = "opendata/data_requests/desk"


class RequestPage:
    """The page of one request for one HTTP request."""

    def __init__(self, site: AdminSite, request: HttpRequest, pk: int | str) -> None:
        self.site, self.request = site, request
        self.asked = visible_request(request.user, pk)

    def show(self) -> HttpResponse:
        """The page; a POST asks for the contact, which is noted."""
        contact_shown = self.request.method == "POST"
        verbs = possible(self.request.user, self.asked)
        if contact_shown:
            if "contact" not in verbs:
                raise PermissionDenied
            record(verb="datarequest.contact_viewed", subject=self.asked, by=self.request.user)
        context = {
            **self._frame(),
            "title": self.asked.reference,
            "answers": answers_of(self.asked),
            "events": self.asked.events.all(),
            "clocks": _clock_rows(self.asked),
            "trail": self._trail(),
            "seen": self._last_event(),
            "quick": [VERBS[key] for key in QUICK if key in verbs],
            "verbs": [verb for verb in ORDER if verb.key in verbs and verb.key not in QUICK],
            "may_see_contact": "contact" in verbs,
            "contact_shown": contact_shown,
            "may_not_reconsider": self._may_not_reconsider(),
            "is_published_now": DataRequest.objects.now_published().filter(pk=self.asked.pk).exists(),
        }
        return TemplateResponse(self.request, f"{FOLDER}/request.html", context)

    def act(self, key: str) -> HttpResponse:
        """Ask what a verb needs to know, show what would be public, then do it. Nothing typed is lost on the way."""
        if key not in VERBS:
            raise Http404
        if key not in granted(self.request.user, self.asked):
            raise PermissionDenied
        verb = VERBS[key]
        fits = key in possible(self.request.user, self.asked)
        if self.request.method != "POST":
            if not fits or key in QUICK:
                messages.info(self.request, _("This does not fit the request as it is now."))
                return self._back()
            return self._ask(verb, verb.form(self.asked, self.request.user, seen=self._last_event()))
        form = verb.form(self.asked, self.request.user, self.request.POST)
        if not form.is_valid():
            return self._ask(verb, form, 422)
        if not fits:
            return self._not_any_more(verb)
        step = self.request.POST.get("step", "")
        if verb.has_preview and step != "send":
            return self._ask(verb, form) if step == "edit" else self._preview(verb, form)
        return self._perform(verb, form)

    def _perform(self, verb: Verb, form: VerbForm) -> HttpResponse:
        try:
            verb.perform(asked=self.asked, by=self.request.user, version=form.cleaned_data["version"],
                         **form.arguments())  # fmt: skip
        except Conflict:
            return self._not_any_more(verb)
        except NotPossible as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            return self._ask(verb, form, 422)
        messages.success(self.request, str(verb.done))
        return self._back()

    def _not_any_more(self, verb: Verb) -> HttpResponse:
        """Somebody was quicker: the form with all that was typed, and what has happened since."""
        if self._may_not_reconsider() and verb.key in ANSWERS:
            form = verb.form(self.asked, self.request.user, self.request.POST)
            form.add_error(None, _("You answered this request before. Somebody else has to reconsider it."))
            return self._ask(verb, form, 409)
        try:
            self.asked = visible_request(self.request.user, self.asked.pk)
        except Http404:
            return lost(self.site, self.request)
        typed = self.request.POST.copy()
        seen = typed.get("seen", "")
        typed["version"], typed["seen"] = str(self.asked.version), str(self._last_event())
        form = verb.form(self.asked, self.request.user, typed)
        form.add_error(None, str(Conflict.message))
        since = [event for event in self._trail() if seen.isdecimal() and event.pk > int(seen)]
        return self._ask(verb, form, 409, since=since, fits=verb.key in possible(self.request.user, self.asked))

    def _may_not_reconsider(self) -> bool:
        return self.asked.state == State.REVIEWING and self.request.user.pk in answered_before(self.asked)

    def _back(self) -> HttpResponse:
        """Back to the request, or to the list where it went to another unit."""
        if DataRequest.objects.visible_to(self.request.user).filter(pk=self.asked.pk).exists():
            return redirect("admin:data_requests_datarequest_change", self.asked.pk)
        return redirect("admin:data_requests_datarequest_changelist")

    def _ask(self, verb: Verb, form: VerbForm, status: int = 200, **more: Any) -> HttpResponse:
        context = {**self._frame(), "title": verb.label, "verb": verb, "form": form, "fits": True, **more}
        return render(self.request, f"{FOLDER}/act.html", context, status=status)

    def _preview(self, verb: Verb, form: VerbForm) -> HttpResponse:
        answer = as_shown(self.asked, form.reply()) if isinstance(form, AnswerForm) else None
        context = {
            **self._frame(), "title": verb.label, "verb": verb, "form": form, "answer": answer,
            "languages": LANGUAGE_CODES, "unit": form.cleaned_data.get("unit"),
            "into_schedule": form.cleaned_data.get("into_schedule"),
            "wording": None if answer else form.cleaned_data,
        }  # fmt: skip
        return render(self.request, f"{FOLDER}/preview.html", context)

    def explain(self, clock_id: int) -> HttpResponse:
        """Why one of its clocks is due when it is."""
        clock = Clock.objects.about(SUBJECT, self.asked.pk).select_related("calendar").filter(pk=clock_id).first()
        if clock is None:
            raise Http404
        context = {**self._frame(), "clock": clock, "rows": explain_clock(clock)}
        return render(self.request, f"{FOLDER}/due.html", context)

    def _frame(self) -> dict[str, Any]:
        return {**self.site.each_context(self.request), "asked": self.asked, "opts": DataRequest._meta}

    def _trail(self) -> list[AuditEvent]:
        return list(AuditEvent.objects.about(self.asked).select_related("actor").order_by("pk"))

    def _last_event(self) -> int:
        newest = AuditEvent.objects.about(self.asked).order_by("-pk").values_list("pk", flat=True).first()
        return newest or 0


def typed_in(request: HttpRequest) -> list[str]:
    """The words somebody wrote into whichever form was sent."""
    skipped = {"csrfmiddlewaretoken", "version", "seen", "step"}
    return [str(value) for name, value in request.POST.items() if name not in skipped and value]


def lost(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """The 404 of a sent form: the request went to another unit, or never existed. What was typed is given back."""
    context = {**site.each_context(request), "title": _("This request is not with your unit"),
               "typed": typed_in(request)}  # fmt: skip
    return render(request, f"{FOLDER}/lost.html", context, status=404)


def _clock_rows(asked: DataRequest) -> list[dict[str, Any]]:
    clocks = list(Clock.objects.about(SUBJECT, asked.pk).prefetch_related("escalations").order_by("-cycle", "minutes"))
    left = measure((clock.pk, clock.due_at, clock.calendar_id) for clock in clocks if clock.is_open)
    return [{"clock": clock, "left": left.get(clock.pk), "escalations": clock.escalations.all()} for clock in clocks]
