"""One case of the past, as rows: what the actions would have written had they been called then.

The actions themselves know only the present. States still follow participation.feedback.states, and clocks are
reckoned by portal.clocks: this module only says what was done when.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from participation.feedback.models import CLAIM_TIME, Case, Message, Rating, Referral
from participation.feedback.states import NOT_ROUTED, TRANSITIONS, UNFINISHED, Priority, ReferralState, State
from portal.audit.models import AuditEvent
from portal.clocks.models import Metric, Pause, PauseReason
from portal.home.demo.plots import Step
from portal.organisations.models import Organisation, Unit
from portal.staff.models import User


@dataclass
class Run:
    """One clock's life: when it started, and when and how it ended, if it did."""

    metric: Metric
    cycle: int
    started_at: datetime
    ended_at: datetime | None = None
    is_cancelled: bool = False


@dataclass
class Team:
    """Who acts on a case."""

    unit: Unit
    officer: User
    lead: User
    authority: Organisation


@dataclass
class Life:
    """A case being told, step by step."""

    case: Case
    texts: dict[str, str]
    messages: list[Message] = field(default_factory=list)
    events: list[AuditEvent] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    referrals: list[Referral] = field(default_factory=list)
    ratings: list[Rating] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)

    def begin(self, by: User | None) -> None:
        """The message came in."""
        data = {"channel": self.case.channel, "kind": self.case.kind}
        self._event("submitted", self.case.received_at, by, data)
        self._start(Metric.ACKNOWLEDGE, at=self.case.received_at)

    def hold(self, at: datetime) -> None:
        """No rule fitted."""
        self._move("hold", at, None)

    def route(self, at: datetime, unit: Unit, priority: str, rule: int | None, by: User | None = None) -> None:
        """The case reached a unit's queue."""
        self.case.unit, self.case.priority, self.case.routed_at = unit, priority, at
        self.case.queue_rank = self.case.rank()
        self._move("route", at, by, unit=unit.code, rule=rule)
        self._stop(at, Metric.ACKNOWLEDGE)
        self._start(Metric.FIRST_REPLY, Metric.RESOLUTION, at=self.case.received_at)

    def confirm_safety(self, at: datetime, by: User, reason: str) -> None:
        """A named person confirmed that public safety is at stake."""
        self.case.priority, self.case.safety_confirmed_by, self.case.safety_reason = Priority.SAFETY, by, reason
        self.case.queue_rank = self.case.rank()
        self._event("safety_confirmed", at, by)

    def act(self, step: Step, team: Team) -> None:
        """Do one step of a plot."""
        verbs: dict[str, Callable[[Step, Team], None]] = {
            "claim": self._claim, "assign": self._assign, "note": self._note, "reply": self._reply,
            "answer": self._answer, "ask": self._ask, "hear": self._hear, "refer": self._refer,
            "accept": self._accept, "pass_on": self._pass_on, "take_back": self._take_back, "close": self._finish,
            "rule_out": self._finish, "remove": self._finish, "withdraw": self._withdraw, "reopen": self._reopen,
            "rate": self._rate,
        }  # fmt: skip
        verbs[step.verb](step, team)

    def _claim(self, step: Step, team: Team) -> None:
        self.case.assignee, self.case.assigned_until = team.officer, step.at + CLAIM_TIME
        self._event("claim", step.at, team.officer)

    def _assign(self, step: Step, team: Team) -> None:
        self.case.assignee, self.case.assigned_until = team.officer, None
        self._event("assign", step.at, team.lead, {"to": team.officer.pk})

    def _note(self, step: Step, team: Team) -> None:
        self._say(step, team, "note", is_internal=True)
        self._event("note", step.at, team.officer)

    def _reply(self, step: Step, team: Team) -> None:
        self._move("reply", step.at, team.officer)
        self._say(step, team, "interim")
        self._stop(step.at, Metric.FIRST_REPLY)

    def _answer(self, step: Step, team: Team) -> None:
        self.case.answered_at = self.case.finished_at = step.at
        self._move("answer", step.at, team.officer)
        self._say(step, team, "second_reply" if self.case.cycle > 1 else "reply")
        self._stop(step.at)

    def _ask(self, step: Step, team: Team) -> None:
        self._move("ask", step.at, team.officer)
        self._say(step, team, "question")
        self._pause(PauseReason.CITIZEN, step.at, team.officer)

    def _hear(self, step: Step, team: Team) -> None:
        self._citizen(step.at, "detail")
        self._move("hear", step.at, None)
        self._event("heard", step.at, None)

    def _refer(self, step: Step, team: Team) -> None:
        self._move("refer", step.at, team.officer, authority=team.authority.code)
        self._say(step, team, "referral")
        self.referrals.append(
            Referral(case=self.case, authority=team.authority, text=self.texts["referral"], sent_at=step.at)
        )
        self._stop(step.at, Metric.FIRST_REPLY)

    def _accept(self, step: Step, team: Team) -> None:
        self.referrals[-1].state, self.referrals[-1].accepted_at = ReferralState.ACCEPTED, step.at
        self._event("referral_accepted", step.at, team.officer, {"authority": team.authority.code})
        self._pause(PauseReason.REFERRAL, step.at, team.officer)

    def _pass_on(self, step: Step, team: Team) -> None:
        self._end_referral(step.at, ReferralState.ANSWERED)
        self.case.answered_at = self.case.finished_at = step.at
        self._move("pass_on", step.at, team.officer)
        self._say(step, team, "reply")
        self._stop(step.at)

    def _take_back(self, step: Step, team: Team) -> None:
        self._end_referral(step.at, ReferralState.RETURNED)
        self._move("take_back", step.at, team.officer)

    def _finish(self, step: Step, team: Team) -> None:
        was_open = self.case.state in UNFINISHED
        self.case.finished_at = step.at
        data = {}
        if step.verb == "remove":
            self.case.ground = self.texts["ground"]
            data["ground"] = self.case.ground
        self._move(step.verb, step.at, team.officer, **data)
        self._say(step, team, step.verb)
        self._stop(step.at, is_cancelled=not (was_open and step.verb == "close"))

    def _withdraw(self, step: Step, team: Team) -> None:
        self.case.finished_at = step.at
        self._move("withdraw", step.at, None)
        self._stop(step.at, is_cancelled=True)

    def _reopen(self, step: Step, team: Team) -> None:
        self.case.reopened_at, self.case.finished_at = step.at, None
        self.case.cycle += 1
        self._move("reopen", step.at, None)
        self._citizen(step.at, "followup")
        self._start(Metric.FIRST_REPLY, Metric.RESOLUTION, at=step.at)

    def _rate(self, step: Step, team: Team) -> None:
        self.ratings.append(Rating(case=self.case, cycle=self.case.cycle, score=step.data["score"], at=step.at))

    def _move(self, verb: str, at: datetime, by: User | None, **data: Any) -> None:
        transition = TRANSITIONS[verb]
        if self.case.state not in transition.sources:
            raise ValueError(f"{verb} from {self.case.state}")
        self.case.state = transition.target
        self._event(verb, at, by, {"to": str(transition.target), **data})
        if State.WAITING in transition.sources:
            self._resume(PauseReason.CITIZEN, at)

    def _event(self, verb: str, at: datetime, by: User | None, data: dict[str, Any] | None = None) -> None:
        self.case.version += 1
        self.events.append(
            AuditEvent(at=at, actor=by, verb=f"case.{verb}", subject_kind="feedback.case", data=data or {})
        )

    def _say(self, step: Step, team: Team, key: str, *, is_internal: bool = False) -> None:
        self.messages.append(
            Message(
                case=self.case,
                author=Message.Author.STAFF,
                staff=team.officer,
                text=self.texts[key],
                is_internal=is_internal,
                sent_at=step.at,
            )
        )

    def _citizen(self, at: datetime, key: str) -> None:
        text = self.texts[key]
        self.messages.append(Message(case=self.case, author=Message.Author.CITIZEN, text=text, sent_at=at))

    def _start(self, *metrics: Metric, at: datetime) -> None:
        self.runs += [Run(metric, self.case.cycle, at) for metric in metrics]

    def _stop(self, at: datetime, *metrics: Metric, is_cancelled: bool = False) -> None:
        for run in self.runs:
            if run.ended_at is None and (not metrics or run.metric in metrics):
                run.ended_at, run.is_cancelled = at, is_cancelled

    def _pause(self, reason: PauseReason, at: datetime, by: User) -> None:
        self.pauses.append(Pause(subject_kind="feedback.case", reason=reason, started_at=at, by=by))

    def _resume(self, reason: PauseReason, at: datetime) -> None:
        for pause in self.pauses:
            if pause.ended_at is None and pause.reason == reason:
                pause.ended_at = at

    def _end_referral(self, at: datetime, state: ReferralState) -> None:
        self.referrals[-1].state, self.referrals[-1].ended_at = state, at
        self._resume(PauseReason.REFERRAL, at)

    @property
    def is_routed(self) -> bool:
        return self.case.state not in (*NOT_ROUTED, State.SUSPECTED)
