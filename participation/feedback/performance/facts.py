"""What happened in a month, read from cases, clocks, pauses and ratings in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q

from participation.feedback.models import Case, Rating, Referral
from participation.feedback.performance.months import bounds
from participation.feedback.states import Kind, Priority, State
from portal.clocks.models import Clock, ClockState, Metric, Pause
from portal.organisations.models import Unit
from portal.working_days.hours import WorkingHours, elapsed
from portal.working_days.models import Calendar

KIND = "feedback.case"
LEFT_OUT = (State.SUSPECTED, State.OUT_OF_SCOPE, State.REMOVED, State.WITHDRAWN)
"""Messages that stay out of the analysis; all but those still being checked are counted apart."""


@dataclass(frozen=True)
class Run:
    """One promise judged in the month: working minutes used, and those for which it stood still, by reason."""

    case_id: int
    minutes: int
    paused: Mapping[str, int]
    is_excused: bool
    is_late: bool

    @property
    def paused_minutes(self) -> int:
        """All its paused working minutes."""
        return sum(self.paused.values())


@dataclass
class Facts:
    """The messages of one unit that each figure of the month is about, by case id."""

    sets: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    replies: list[Run] = field(default_factory=list)
    resolutions: list[Run] = field(default_factory=list)
    scores: list[tuple[int, int]] = field(default_factory=list)
    """Case and score of each rating."""

    @property
    def cases(self) -> set[int]:
        """Every message that any figure is about."""
        runs = {run.case_id for run in (*self.replies, *self.resolutions)}
        return runs.union(*self.sets.values(), {case for case, _score in self.scores})

    def add(self, other: Facts) -> None:
        """Take in the facts of another unit; a message belongs to one unit only."""
        for name, ids in other.sets.items():
            self.sets[name] |= ids
        self.replies += other.replies
        self.resolutions += other.resolutions
        self.scores += other.scores


def facts_of(month: date) -> dict[int, Facts]:
    """The facts of each unit that had any. What no unit has yet is the call centre's."""
    found = _Collected(month)
    found.cases()
    found.promises()
    found.backlog()
    found.ratings()
    return dict(found.by_unit)


class _Collected:
    def __init__(self, month: date) -> None:
        self.start, self.end = bounds(month)
        triage = Unit.objects.triage()
        self.triage_id = triage.pk if triage else None
        self.by_unit: dict[int, Facts] = defaultdict(Facts)

    def of(self, unit_id: int | None) -> Facts:
        """Where to note what a unit did; what belongs to nobody, in a portal without a call centre, is lost."""
        unit_id = unit_id or self.triage_id
        return Facts() if unit_id is None else self.by_unit[unit_id]

    def within(self, name: str) -> Q:
        return Q(**{f"{name}__gte": self.start, f"{name}__lt": self.end})

    def is_within(self, at: datetime | None) -> bool:
        return at is not None and self.start <= at < self.end

    def cases(self) -> None:
        """Received, acknowledged, reopened, answered out of turn, and left out."""
        moments = ("received_at", "routed_at", "reopened_at", "answered_at", "finished_at")
        touched = Q()
        for name in moments:
            touched |= self.within(name)
        columns = ("pk", "unit_id", "state", "kind", "priority", "jumped_queue", *moments)
        rows = Case.objects.exclude(state=State.SUSPECTED).filter(touched).order_by()
        for row in rows.values_list(*columns, named=True):
            sets = self.of(row.unit_id).sets
            for name in self._counts(row):
                sets[name].add(row.pk)

    def _counts(self, row: Any) -> Iterable[str]:
        if row.state in LEFT_OUT:
            if self.is_within(row.finished_at):
                yield str(row.state)
            return
        for name, at in (
            ("received", row.received_at), ("acknowledged", row.routed_at), ("reopened", row.reopened_at),
        ):  # fmt: skip
            if self.is_within(at):
                yield name
        if self.is_within(row.answered_at) and row.kind == Kind.DATA_CORRECTION:
            if row.jumped_queue:
                yield "jumps"
            elif row.priority == Priority.SAFETY:
                yield "safety_first"

    def promises(self) -> None:
        """First replies and settlements of the month, each with the time it took and stood still."""
        stopped = Clock.objects.filter(
            self.within("stopped_at"),
            subject_kind=KIND,
            state=ClockState.STOPPED,
            metric__in=[Metric.FIRST_REPLY, Metric.RESOLUTION],
        ).order_by()
        subjects = stopped.values("subject_id")
        units = dict(Case.objects.exclude(state__in=LEFT_OUT).filter(pk__in=subjects).values_list("pk", "unit_id"))
        pauses = _pauses(Pause.objects.filter(subject_kind=KIND, subject_id__in=subjects))
        clocks = [clock for clock in stopped if clock.subject_id in units]
        hours = Calendar.objects.working_hours_by_calendar({clock.calendar_id for clock in clocks})
        for clock in clocks:
            facts = self.of(units[clock.subject_id])
            runs = facts.replies if clock.metric == Metric.FIRST_REPLY else facts.resolutions
            runs.append(_run(clock, hours[clock.calendar_id], pauses[clock.subject_id]))

    def backlog(self) -> None:
        """Messages open when the month ended: a promise still ran, or another authority had the message."""
        end = self.end
        open_then = Q(started_at__lt=end) & (Q(stopped_at__isnull=True) | Q(stopped_at__gte=end))
        clocks = Clock.objects.filter(open_then, subject_kind=KIND, subject_id=OuterRef("pk"))
        lasting = Q(started_at__lt=end) & (Q(ended_at__isnull=True) | Q(ended_at__gte=end))
        referred = Q(sent_at__lt=end) & (Q(ended_at__isnull=True) | Q(ended_at__gte=end))
        rows = (
            Case.objects.exclude(state__in=LEFT_OUT)
            .filter(Q(finished_at__isnull=True) | Q(finished_at__gte=end), received_at__lt=end)
            .filter(Exists(clocks) | Exists(Referral.objects.filter(referred, case=OuterRef("pk"))))
            .annotate(
                is_late=Exists(clocks.filter(breached_at__lt=end, excused_at__isnull=True)),
                is_paused=Exists(Pause.objects.filter(lasting, subject_kind=KIND, subject_id=OuterRef("pk"))),
            )
            .order_by()
        )
        for pk, unit_id, is_late, is_paused in rows.values_list("pk", "unit_id", "is_late", "is_paused"):
            sets = self.of(unit_id).sets
            sets["backlog"].add(pk)
            if is_late:
                sets["backlog_late"].add(pk)
            if is_paused:
                sets["backlog_paused"].add(pk)

    def ratings(self) -> None:
        """What people thought of the answers."""
        rows = Rating.objects.filter(self.within("at")).exclude(case__state__in=LEFT_OUT)
        for unit_id, case_id, score in rows.values_list("case__unit_id", "case_id", "score"):
            self.of(unit_id).scores.append((case_id, score))


def _pauses(rows: Iterable[Pause]) -> dict[int, list[Pause]]:
    found: dict[int, list[Pause]] = defaultdict(list)
    for pause in rows:
        found[pause.subject_id].append(pause)
    return found


def _run(clock: Clock, hours: WorkingHours, pauses: Sequence[Pause]) -> Run:
    assert clock.stopped_at is not None
    return Run(
        case_id=clock.subject_id,
        minutes=clock.worked_minutes or 0,
        paused=paused_by_reason(hours, clock.started_at, clock.stopped_at, pauses),
        is_excused=clock.breached_at is not None and clock.excused_at is not None,
        is_late=clock.is_late,
    )


def paused_by_reason(
    hours: WorkingHours, start: datetime, stop: datetime, pauses: Sequence[Pause]
) -> Mapping[str, int]:
    """Whole working minutes in [start, stop) for which a promise stood still.

    Where pauses overlap, the time counts once, for the reason that began first; so the reasons add up.
    """
    found: dict[str, float] = {}
    counted_until = start
    for pause in sorted(pauses, key=lambda pause: (pause.started_at, pause.pk)):
        begins = max(pause.started_at, counted_until)
        ends = min(pause.ended_at or stop, stop)
        if ends > begins:
            found[pause.reason] = found.get(pause.reason, 0) + elapsed(hours, begins, ends)
            counted_until = ends
    return {reason: int(minutes) for reason, minutes in found.items()}
