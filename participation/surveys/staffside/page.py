"""The page of a questionnaire for staff: what is asked, what can be done with it now, what was done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participation.surveys.access import belongs_to, editable_by, may_look_early, may_read_answers
from participation.surveys.actions import lifecycle
from participation.surveys.actions.copying import copy_questionnaire
from participation.surveys.actions.editing import Conflict
from participation.surveys.actions.readiness import WORDS, NotReady, shortcomings
from participation.surveys.kinds import Access, Kind, Phase, State
from participation.surveys.models import Question
from participation.surveys.staffside.frame import Frame, number
from portal.audit.models import AuditEvent

PAGE = "participation/surveys/staff/questionnaire.html"
CHIPS = {Phase.OPEN: "success", Phase.UPCOMING: "info", Phase.WITHDRAWN: "danger", Phase.COUNTING: "warning"}


@dataclass(frozen=True)
class Verb:
    """A button of the page."""

    key: str
    label: Any
    explanation: Any
    perform: Callable[..., Any]
    is_grave: bool = False


SCHEDULE = Verb(
    "schedule", gettext_lazy("Schedule it"),
    gettext_lazy("It appears in public, opens and closes by itself at its times."), lifecycle.schedule,
)  # fmt: skip
WITHDRAW = Verb(
    "withdraw", gettext_lazy("Withdraw it"),
    gettext_lazy("It leaves the public pages at once and takes no more answers. This cannot be undone."),
    lifecycle.withdraw, is_grave=True,
)  # fmt: skip
COPY = Verb(
    "copy", gettext_lazy("Copy it"), gettext_lazy("A new draft that asks the same, with no answers."),
    copy_questionnaire,
)  # fmt: skip


class QuestionnairePage(Frame):
    """The page, and what its buttons ask for."""

    def answer(self) -> HttpResponseBase:
        """Show the page, or do what a button asks."""
        if self.request.method != "POST":
            return self.show()
        verb = next((verb for verb in self._verbs() if verb.key == self.request.POST.get("do")), None)
        if verb is None:
            raise PermissionDenied
        return self._act(verb)

    def _act(self, verb: Verb) -> HttpResponseBase:
        if verb is COPY:
            made = copy_questionnaire(questionnaire=self.questionnaire, by=self.request.user)
            messages.success(self.request, _("This is the copy. Give it an address and times of its own."))
            return redirect("admin:surveys_questionnaire_change", made.pk)
        try:
            verb.perform(
                questionnaire=self.questionnaire, version=number(self.request.POST, "version"),
                by=self.request.user,
            )  # fmt: skip
        except NotReady as error:
            messages.error(self.request, " ".join(error.words))
            return self.back()
        except Conflict as error:
            messages.error(self.request, str(error.message))
            return self.back()
        return self.back(_("Scheduled.") if verb is SCHEDULE else _("Withdrawn."))

    @cached_property
    def _may_change(self) -> bool:
        rows = editable_by(self.request.user).filter(pk=self.questionnaire.pk)
        return self.request.user.has_perm("surveys.change_questionnaire") and rows.exists()

    def _verbs(self) -> list[Verb]:
        user, state = self.request.user, self.questionnaire.state
        found: list[Verb] = []
        if not self._may_change:
            return found
        if user.has_perm("surveys.schedule_questionnaire"):
            found += [SCHEDULE] if state == State.DRAFT else []
            found += [WITHDRAW] if state == State.SCHEDULED and not self.questionnaire.counted_at else []
        if user.has_perm("surveys.add_questionnaire"):
            found.append(COPY)
        return found

    def _missing(self) -> list[str]:
        if self.questionnaire.state != State.DRAFT:
            return []
        return [str(WORDS[code]) for code in shortcomings(self.questionnaire)]

    def show(self) -> HttpResponseBase:
        """The page."""
        questionnaire = self.questionnaire
        phase = questionnaire.phase()
        may_change = self._may_change
        conditions = ("conditions__options", "conditions__asked")
        questions = Question.objects.prefetch_related("options", *conditions)
        return render(self.request, PAGE, self.context(
            title=str(questionnaire),
            phase=phase,
            phase_chip=CHIPS.get(phase, ""),
            missing=self._missing(),
            pages=questionnaire.pages.prefetch_related(*conditions, Prefetch("questions", questions)),
            may_edit=may_change and not questionnaire.is_frozen and questionnaire.state != State.WITHDRAWN,
            is_poll=questionnaire.kind == Kind.POLL,
            is_survey=questionnaire.kind == Kind.SURVEY,
            facts=self._facts(),
            links=self._links(phase, may_change),
            verbs=self._verbs(),
            hand_overs=questionnaire.hand_overs.select_related("organisation"),
            may_receive=belongs_to(self.request.user, questionnaire.on_behalf_of_id),
            events=AuditEvent.objects.about(questionnaire).select_related("actor"),
        ))  # fmt: skip

    def _facts(self) -> list[tuple[str, Any]]:
        questionnaire = self.questionnaire
        facts: list[tuple[str, Any]] = [
            (_("Address"), questionnaire.path),
            (_("Unit"), questionnaire.unit),
            (_("On behalf of"), questionnaire.on_behalf_of),
            (_("Who may answer"), questionnaire.get_access_display()),
            (_("Opens"), _moment(questionnaire.opens_at)),
            (_("Closes"), _moment(questionnaire.closes_at)),
            (_("Counted on"), _moment(questionnaire.counted_at)),
            (_("Respondents"), self._respondents()),
            (_("Single answers destroyed"), _moment(questionnaire.raw_destroyed_at)),
        ]
        return [(label, value) for label, value in facts if value not in (None, "")]

    def _respondents(self) -> int | None:
        """How many answered; not shown where they are few, nor of months that are not published one by one."""
        number, questionnaire = self.questionnaire.respondents, self.questionnaire
        is_shown = number is not None and number >= questionnaire.threshold and questionnaire.kind != Kind.SATISFACTION
        return number if is_shown else None

    def _links(self, phase: Phase, may_change: bool) -> list[dict[str, str]]:
        """Pages one may go to now."""
        user, questionnaire = self.request.user, self.questionnaire
        counted = phase == Phase.PUBLISHED
        wanted = [
            ("details", _("Title, times, who may answer"), may_change and questionnaire.state != State.WITHDRAWN),
            ("preview", _("Preview"), questionnaire.pages.exists()),
            ("findings", _("Findings"), may_change and counted),
            ("invite", _("Invite people"), may_change and questionnaire.access == Access.INVITED
             and questionnaire.state == State.SCHEDULED),
            ("early", _("Look at results early"), phase == Phase.OPEN and may_look_early(user, questionnaire)),
            ("answers", _("Free answers"), may_read_answers(user, questionnaire)),
            ("raw", _("All single answers as a file"), may_read_answers(user, questionnaire)),
            ("hand_over", _("Hand over single answers"), may_change and counted
             and questionnaire.on_behalf_of_id is not None and questionnaire.raw_destroyed_at is None),
        ]  # fmt: skip
        names = {key: f"admin:surveys_questionnaire_{key}" for key, _label, _on in wanted}
        links = [
            {"label": label, "url": reverse(names[key], args=[questionnaire.pk])} for key, label, on in wanted if on
        ]
        if counted:
            links.append(
                {
                    "label": _("Results as published"),
                    "url": f"/{self.request.LANGUAGE_CODE}{questionnaire.results_path}",
                }
            )  # type: ignore[attr-defined]
        return links


def _moment(at: Any) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT") if at else ""
