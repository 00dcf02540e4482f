"""One case for staff: everything about it, and the buttons for what may be done with it now."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from participation.feedback.access import granted, possible, visible_case
from participation.feedback.actions.moving import Conflict
from participation.feedback.actions.work import OutOfTurn
from participation.feedback.models import Case, Message, ReplyTemplate
from participation.feedback.reply_templates import reply_from
from participation.feedback.staffside.facts import clock_rows, events_of, pauses_of
from participation.feedback.staffside.forms import VerbForm
from participation.feedback.staffside.verbs import QUICK, VERBS, Verb, open_referral
from portal.attachments.views import serve
from portal.audit.actions import record
from portal.clocks.explanation import explain_clock
from portal.clocks.models import Clock
from portal.staff.drafts import keep_draft

PAGE = "participation/feedback/desk/case.html"
PREVIEW = "participation/feedback/desk/preview.html"
LOST = "participation/feedback/desk/lost.html"


class CasePage:
    """The page of one case for one request."""

    def __init__(self, site: AdminSite, request: HttpRequest, pk: int | str) -> None:
        self.site, self.request = site, request
        self.case = visible_case(request.user, pk)

    def answer(self) -> HttpResponseBase:
        """Show the page, or do what a button asks."""
        if self.request.method != "POST":
            return self.show()
        key = self.request.POST.get("do", "")
        if key == "question":
            return self._draft_question()
        if key == "contact" and key in granted(self.request.user, self.case):
            record(verb="case.contact_viewed", subject=self.case, by=self.request.user)
            return self.show(contact_shown=True)
        if key not in VERBS or key not in granted(self.request.user, self.case):
            raise PermissionDenied
        return self._act(VERBS[key])

    def _draft_question(self) -> HttpResponse:
        """Question and last answer as a draft for the questions and answers, where the user may write there."""
        if not self._may_draft():
            raise PermissionDenied
        answers = [message.text for message in _thread(self.case) if _is_answer(message)]
        key = keep_draft(
            self.request,
            {
                "question": self.case.text,
                "answer": answers[-1] if answers else "",
                "topic": str(self.case.topic.pk),
                "language": self.case.language,
            },
        )
        return redirect(f"{reverse('admin:faq_entry_add')}?{urlencode({'draft': key})}")

    def _may_draft(self) -> bool:
        return self.request.user.has_perm("faq.add_entry")

    def _act(self, verb: Verb) -> HttpResponseBase:
        form = self._form(verb, self.request.POST)
        if not form.is_valid():
            return self.show(failed=(verb, form), status=422)
        if verb.key not in possible(self.request.user, self.case, open_referral(self.case)):
            return self._conflict(verb)
        step = self.request.POST.get("step", "")
        if verb.is_letter and step != "send":
            return self.show(failed=(verb, form)) if step == "edit" else self._preview(verb, form)
        try:
            verb.perform(self.case, self.request.user, form.cleaned_data)
        except Conflict:
            return self._conflict(verb)
        except OutOfTurn:
            form = self._form(verb, self.request.POST)
            form.ask_reason()  # type: ignore[attr-defined]
            return self.show(failed=(verb, form), status=422)
        messages.success(self.request, str(verb.done))
        return self._done()

    def _done(self) -> HttpResponse:
        """Back to the case, or to the desk where it went to somebody else."""
        if Case.objects.visible_to(self.request.user).filter(pk=self.case.pk).exists():
            return redirect("admin:feedback_case_change", self.case.pk)
        return redirect("admin:index")

    def _form(self, verb: Verb, data: Any = None, **initial: Any) -> VerbForm:
        initial = {"version": self.case.version, "seen": self._last_event(), **initial}
        return verb.form(self.case, data, auto_id=f"id_{verb.key}_%s", initial=initial)

    def _last_event(self) -> int:
        if not hasattr(self, "_events"):
            self._events = events_of(self.case)
        return self._events[-1].pk if self._events else 0

    def _preview(self, verb: Verb, form: VerbForm) -> HttpResponse:
        skipped = {"version", "seen"}
        shown = [field for field in form if field.name not in skipped | {"text"}]
        context = {"verb": verb, "form": form, "text": form.cleaned_data["text"], "choices": _chosen(form, shown)}
        return render(self.request, PREVIEW, {**self._frame(), **context})

    def _conflict(self, verb: Verb) -> HttpResponse:
        """Somebody was quicker: say what happened since, and give the typed text back."""
        seen = self.request.POST.get("seen", "")
        typed = typed_in(self.request)
        try:
            self.case = visible_case(self.request.user, self.case.pk)
        except Http404:
            return not_yours(self.site, self.request)
        self.__dict__.pop("_events", None)
        self._last_event()
        since = [event for event in self._events if seen.isdecimal() and event.pk > int(seen)]
        data = self.request.POST.copy()
        data["version"], data["seen"] = str(self.case.version), str(self._last_event())
        form = self._form(verb, data)
        form.is_valid()
        return self.show(
            failed=(verb, form), status=409, conflict={"message": Conflict.message, "since": since, "text": typed}
        )

    def _frame(self) -> dict[str, Any]:
        site = self.site.each_context(self.request)
        return {
            **site,
            "case": self.case,
            "title": self.case.reference,
            "opts": Case._meta,
            "version": self.case.version,
        }

    def show(
        self,
        *,
        failed: tuple[Verb, VerbForm] | None = None,
        status: int = 200,
        conflict: dict[str, Any] | None = None,
        contact_shown: bool = False,
    ) -> HttpResponse:
        """The page; `failed` is a form to be shown again, open and filled in."""
        referral = open_referral(self.case)
        verbs = possible(self.request.user, self.case, referral)
        last_event = self._last_event()
        forms = self._forms(verbs, failed)
        context = {
            **self._frame(),
            "thread": (thread := list(_thread(self.case))),
            "may_draft_question": self._may_draft() and any(_is_answer(message) for message in thread),
            "first_files": self.case.attachments.filter(message=None).select_related("attachment"),
            "clocks": clock_rows(self.case),
            "pauses": pauses_of(self.case),
            "events": self._events,
            "seen": last_event,
            "referrals": self.case.referrals.select_related("authority"),
            "ratings": self.case.ratings.all(),
            "quick": [VERBS[key] for key in QUICK if key in verbs],
            "composer": next((item for item in forms if item["verb"].key == "reply"), None),
            "others": [item for item in forms if item["verb"].key != "reply"],
            "templates": ReplyTemplate.objects.filter(is_active=True) if "reply" in verbs else [],
            "chosen_template": self.request.GET.get("template", ""),
            "may_see_contact": "contact" in verbs,
            "contact_shown": contact_shown,
            "conflict": conflict,
            "failed_form": failed[1] if failed else None,
        }
        return TemplateResponse(self.request, PAGE, context, status=status)

    def _forms(self, verbs: set[str], failed: tuple[Verb, VerbForm] | None) -> list[dict[str, Any]]:
        items = []
        for verb in VERBS.values():
            again = failed is not None and failed[0] is verb
            if verb.key in QUICK or (verb.key not in verbs and not again):
                continue
            form = failed[1] if again and failed else self._form(verb, **self._prefilled(verb))
            items.append({"verb": verb, "form": form, "open": again, "possible": verb.key in verbs})
        return items

    def _prefilled(self, verb: Verb) -> dict[str, str]:
        """The text of the template the address names; only the reply takes one."""
        chosen = self.request.GET.get("template", "")
        if verb.key != "reply" or not chosen.isdecimal():
            return {}
        template = ReplyTemplate.objects.filter(pk=chosen, is_active=True).first()
        return {"text": reply_from(template, self.case)} if template else {}

    def explain(self, clock_id: int) -> HttpResponse:
        """Why one of its clocks is due when it is."""
        clock = (
            Clock.objects.about("feedback.case", self.case.pk).select_related("calendar").filter(pk=clock_id).first()
        )
        if clock is None:
            raise Http404
        context = {**self._frame(), "clock": clock, "rows": explain_clock(clock)}
        return render(self.request, "participation/feedback/desk/due.html", context)

    def file(self, public_id: uuid.UUID) -> HttpResponseBase:
        """One of its files."""
        kept = self.case.attachments.select_related("attachment").filter(attachment__public_id=public_id).first()
        if kept is None:
            raise Http404
        return serve(kept.attachment)

    def history(self) -> HttpResponse:
        """Django's history page knows nothing of the verbs; the case's own does."""
        return redirect(reverse("admin:feedback_case_change", args=[self.case.pk]) + "#history")


def typed_in(request: HttpRequest) -> str:
    """The words somebody wrote into whichever form was sent."""
    return request.POST.get("text", "") or request.POST.get("reason", "")


def not_yours(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """The 404 of a sent form: the case went to another unit, or never existed. The text is given back."""
    context = {**site.each_context(request), "title": _("This case is not with your unit"), "text": typed_in(request)}
    return render(request, LOST, context, status=404)


def _is_answer(message: Message) -> bool:
    """Whether the citizen reads it as the unit's words."""
    return message.author == Message.Author.STAFF and not message.is_internal


def _thread(case: Case) -> Any:
    rows = case.messages.select_related("staff")
    return rows.prefetch_related(Prefetch("attachments", case.attachments.model.objects.select_related("attachment")))


def _chosen(form: VerbForm, fields: list[Any]) -> list[dict[str, str]]:
    """What was chosen besides the text, in words."""
    chosen = []
    for field in fields:
        value = form.cleaned_data.get(field.name)
        words = dict(getattr(field.field, "choices", [])).get(value, value) if isinstance(value, str) else value
        if words:
            chosen.append({"label": field.label, "value": str(words)})
    return chosen
