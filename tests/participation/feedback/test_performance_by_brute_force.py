"""The stored figures agree with counting minute by minute and message by message, over random cases."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from participation.feedback.models import Case, MonthlyFigures, Rating
from participation.feedback.performance.storing import compute_figures
from participation.feedback.states import Ground, Kind, Priority, State
from portal.clocks.models import Clock, ClockState, Incident, Metric, Pause, PauseReason, Policy
from portal.working_days.actions import announce_closure
from portal.working_days.models import Calendar
from tests.people import World

MUSCAT = ZoneInfo("Asia/Muscat")
FIRST, AFTER = datetime(2025, 11, 20, tzinfo=MUSCAT), datetime(2026, 3, 1, tzinfo=MUSCAT)
NOW = datetime(2026, 3, 4, 6, tzinfo=MUSCAT)
HOLIDAY = date(2026, 1, 15)
MONTHS = [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
EDGES = [datetime(2025, 12, 1, tzinfo=MUSCAT), datetime(2026, 1, 1, tzinfo=MUSCAT), datetime(2026, 2, 1, tzinfo=MUSCAT)]
MINUTE = timedelta(minutes=1)
COUNT = 160


def is_working(at: datetime) -> bool:
    weekday = at.weekday() not in (4, 5)
    return weekday and at.date() != HOLIDAY and (7, 30) <= (at.hour, at.minute) < (14, 30)


@cache
def minutes(start: datetime, stop: datetime) -> list[datetime]:
    """Every working minute of a span, one by one."""
    return [at for n in range(int((stop - start) / MINUTE)) if is_working(at := start + n * MINUTE)]


@dataclass
class Told:
    """A random case as the oracle sees it."""

    case: Case
    clocks: list[Clock] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    ratings: list[Rating] = field(default_factory=list)

    def pause_at(self, at: datetime) -> Pause | None:
        covering = [p for p in self.pauses if p.started_at <= at and (p.ended_at is None or at < p.ended_at)]
        return min(covering, key=lambda pause: pause.started_at, default=None)


class Dice:
    """Makes cases with every combination of moments the model allows, many of them at a month's first minute."""

    def __init__(self, seed: int, world: World) -> None:
        self.random, self.world = Random(seed), world
        self.calendar = Calendar.objects.default()
        self.policies = Policy.objects.matching("feedback.case", "", "")
        self.incident = Incident.objects.create(
            title_ar="عطل", title_en="Incident", opened_at=FIRST, opened_by=world.administrator
        )

    def moment(self, after: datetime) -> datetime:
        if self.random.random() < 0.15 and (edges := [edge for edge in EDGES if edge >= after]):
            return max(after, edges[0] - self.random.choice([timedelta(0), timedelta(0), MINUTE]))
        return after + timedelta(minutes=self.random.randint(1, 60 * 24 * 12))

    def tell(self, number: int) -> Told:
        received = max(FIRST, self.moment(FIRST + timedelta(days=self.random.uniform(0, 90))).replace(second=0))
        case = Case(
            reference=f"R{number}", secret_hash="x", form_token=f"t{number}", topic=self.world.topic, language="ar",
            kind=self.random.choice([Kind.COMPLAINT, Kind.DATA_CORRECTION]), text="نص",
            received_at=self.minute(received),
        )  # fmt: skip
        told = Told(case)
        if self.random.random() < 0.9:
            self.route(told)
        else:
            self.end_in(told, State.UNROUTED, None)
            told.clocks.append(self.clock(told, Metric.ACKNOWLEDGE, case.received_at, None))
        return told

    def minute(self, at: datetime) -> datetime:
        return at.replace(second=0, microsecond=0)

    def route(self, told: Told) -> None:
        case = told.case
        case.unit = self.random.choice([self.world.licensing, self.world.licensing, self.world.other_unit])
        case.routed_at = self.minute(self.moment(case.received_at))
        told.clocks.append(self.clock(told, Metric.ACKNOWLEDGE, case.received_at, case.routed_at))
        self.pauses(told, case.routed_at)
        self.cycle(told, case.received_at, case.routed_at)
        if case.answered_at and self.random.random() < 0.3:
            case.reopened_at, case.finished_at, case.cycle = self.minute(self.moment(case.answered_at)), None, 2
            self.cycle(told, case.reopened_at, case.reopened_at)
        if case.kind == Kind.DATA_CORRECTION and self.random.random() < 0.5:
            case.priority = self.random.choice([Priority.SAFETY, Priority.NORMAL])
            case.jumped_queue = case.priority == Priority.NORMAL
            if case.priority == Priority.SAFETY:
                case.safety_reason, case.safety_confirmed_by = "خطر", self.world.lead

    def cycle(self, told: Told, start: datetime, earliest: datetime) -> None:
        replied = self.minute(self.moment(earliest)) if self.random.random() < 0.85 else None
        resolved = self.minute(self.moment(replied)) if replied and self.random.random() < 0.8 else None
        told.clocks.append(self.clock(told, Metric.FIRST_REPLY, start, replied))
        told.clocks.append(self.clock(told, Metric.RESOLUTION, start, resolved))
        if resolved is None:
            state = self.random.choice([State.OPEN, State.OPEN, State.WITHDRAWN, State.REMOVED, State.OUT_OF_SCOPE])
            self.end_in(told, state, self.minute(self.moment(replied or earliest)))
            return
        told.case.answered_at = told.case.finished_at = resolved
        self.end_in(told, State.ANSWERED, resolved)
        if self.random.random() < 0.5:
            at = self.minute(self.moment(resolved))
            told.ratings.append(Rating(cycle=told.case.cycle, score=self.random.randint(1, 5), at=at))

    def end_in(self, told: Told, state: State, at: datetime | None) -> None:
        told.case.state = state
        if state in (State.WITHDRAWN, State.REMOVED, State.OUT_OF_SCOPE):
            told.case.finished_at = at
            told.case.ground = Ground.SPAM if state == State.REMOVED else ""
            for clock in told.clocks:
                if clock.stopped_at is None:
                    clock.state, clock.stopped_at = ClockState.CANCELLED, max(at or clock.started_at, clock.started_at)

    def clock(self, told: Told, metric: Metric, start: datetime, stop: datetime | None) -> Clock:
        policy = self.policies[metric]
        missed = self.random.random() < 0.3
        breached = self.moment(start) if missed else None
        clock = Clock(
            subject_kind="feedback.case", metric=metric, cycle=told.case.cycle, policy=policy, policy_version=1,
            minutes=60, warn_minutes=1, calendar=self.calendar, calendar_version=1, started_at=start, stopped_at=stop,
            state=ClockState.STOPPED if stop else ClockState.RUNNING,
            breached_at=breached, excused_at=NOW if breached and self.random.random() < 0.3 else None,
        )  # fmt: skip
        if stop:
            clock.worked_minutes = sum(told.pause_at(at) is None for at in minutes(start, stop))
        return clock

    def pauses(self, told: Told, after: datetime) -> None:
        for reason in PauseReason.values:
            if self.random.random() < 0.3:
                start = self.minute(self.moment(after - timedelta(days=self.random.choice([0, 0, 3]))))
                end = self.minute(self.moment(start)) if self.random.random() < 0.8 else None
                incident = self.incident if reason == PauseReason.INCIDENT else None
                if start not in {pause.started_at for pause in told.pauses}:
                    told.pauses.append(
                        Pause(subject_kind="feedback.case", reason=reason, incident=incident, started_at=start,
                              ended_at=end)
                    )  # fmt: skip


def store(stories: list[Told]) -> None:
    Case.objects.bulk_create(told.case for told in stories)
    for told in stories:
        for row in (*told.clocks, *told.pauses):
            row.subject_id = told.case.pk
        for rating in told.ratings:
            rating.case = told.case
    Clock.objects.bulk_create(clock for told in stories for clock in told.clocks)
    Pause.objects.bulk_create(pause for told in stories for pause in told.pauses)
    Rating.objects.bulk_create(rating for told in stories for rating in told.ratings)


def at_most(values: list[int], share: int) -> int | None:
    """The smallest of the values that at least `share` percent of them do not exceed."""
    enough = [one for one in sorted(values) if 100 * sum(other <= one for other in values) >= share * len(values)]
    return enough[0] if values else None


def judged(stories: list[Told], metric: Metric, within: Any) -> list[tuple[Told, Clock]]:
    return [(told, c) for told in stories for c in told.clocks if c.metric == metric and within(c.stopped_at)]


def promised(stories: list[Told], metric: Metric, within: Any, names: tuple[str, str, str]) -> dict[str, Any]:
    """The columns of one promise."""
    count, judgement, time = names
    done = judged(stories, metric, within)
    spans = [(told, minutes(clock.started_at, clock.stopped_at)) for told, clock in done]
    worked = [sum(told.pause_at(at) is None for at in span) for told, span in spans]
    row: dict[str, Any] = {
        count: len(done),
        f"{judgement}_on_time": sum(clock.breached_at is None for _told, clock in done),
        f"{judgement}_excused": sum(clock.excused_at is not None for _told, clock in done),
    }
    for label, share in (("median", 50), ("p90", 90)):
        row[f"{time}_{label}"] = at_most(worked, share)
        row[f"{time}_{label}_with_pauses"] = at_most([len(span) for _told, span in spans], share)
    return row


OUT = (State.OUT_OF_SCOPE, State.REMOVED, State.WITHDRAWN)


def expected(stories: list[Told], month: date) -> dict[str, Any]:
    """The columns of one row, by the plainest means."""
    start = datetime(month.year, month.month, 1, tzinfo=MUSCAT)
    end = datetime(month.year + month.month // 12, month.month % 12 + 1, 1, tzinfo=MUSCAT)

    def within(at: datetime | None) -> bool:
        return at is not None and start <= at < end

    inside = [told for told in stories if told.case.state not in OUT]
    scores = [rating.score for told in inside for rating in told.ratings if within(rating.at)]
    return {
        **{
            state.value: sum(told.case.state == state and within(told.case.finished_at) for told in stories)
            for state in OUT
        },
        **moments(inside, within),
        **promised(inside, Metric.FIRST_REPLY, within, ("first_replies", "replies", "reply")),
        **promised(inside, Metric.RESOLUTION, within, ("resolutions", "resolutions", "resolution")),
        **stood_still(inside, within),
        **left_open(inside, end),
        "ratings": len(scores),
        "rating_sum": sum(scores),
    }


def moments(stories: list[Told], within: Any) -> dict[str, int]:
    """What is counted by one moment of the case."""
    corrections = [t for t in stories if t.case.kind == Kind.DATA_CORRECTION and within(t.case.answered_at)]
    return {
        "received": sum(within(told.case.received_at) for told in stories),
        "acknowledged": sum(within(told.case.routed_at) for told in stories),
        "reopened": sum(within(told.case.reopened_at) for told in stories),
        "jumps": sum(told.case.jumped_queue for told in corrections),
        "safety_first": sum(told.case.priority == Priority.SAFETY for told in corrections),
    }


def stood_still(stories: list[Told], within: Any) -> dict[str, Any]:
    """The pauses of what was settled."""
    spans = [(t, minutes(c.started_at, c.stopped_at)) for t, c in judged(stories, Metric.RESOLUTION, within)]
    reasons = [[pause.reason for at in span if (pause := told.pause_at(at))] for told, span in spans]
    paused = [found for found in reasons if found]
    return {
        "paused": len(paused),
        "paused_median": at_most([len(found) for found in paused], 50),
        **{f"paused_{reason}": sum(found.count(reason) for found in paused) for reason in PauseReason.values},
    }


def left_open(stories: list[Told], end: datetime) -> dict[str, int]:
    """What was open when the month ended."""
    lasting = [
        (told, clocks)
        for told in stories
        if told.case.received_at < end
        and (clocks := [c for c in told.clocks if c.started_at < end and (c.stopped_at is None or c.stopped_at >= end)])
    ]
    return {
        "backlog": len(lasting),
        "backlog_late": sum(
            any(c.breached_at and c.breached_at < end and not c.excused_at for c in clocks) for _t, clocks in lasting
        ),
        "backlog_paused": sum(
            any(p.started_at < end and (p.ended_at is None or p.ended_at >= end) for p in told.pauses)
            for told, _clocks in lasting
        ),
    }


@pytest.mark.parametrize("seed", [1, 2])
def test_every_figure_agrees_with_counting_by_hand(world, seed):
    announce_closure(
        calendar=Calendar.objects.default(), name_ar="إجازة", name_en="Holiday", first_day=HOLIDAY, last_day=HOLIDAY,
        status="confirmed", by=world.administrator,
    )  # fmt: skip
    dice = Dice(seed, world)
    stories = [dice.tell(number) for number in range(COUNT)]
    store(stories)
    assert compute_figures(NOW) == len(MONTHS)
    owners = {unit.pk: unit for unit in (world.licensing, world.other_unit, world.call_centre)}
    for month in MONTHS:
        rows = {row.unit_id: row for row in MonthlyFigures.objects.filter(month=month)}
        for owner in (None, *owners):
            mine = [t for t in stories if owner in (None, t.case.unit_id or world.call_centre.pk)]
            wanted = expected(mine, month)
            if owner not in rows:
                assert not any(value for value in wanted.values()), (owner, month)
                continue
            assert {name: getattr(rows[owner], name) for name in wanted} == wanted, (owner, month)


def test_the_random_cases_reach_every_figure(world):
    dice = Dice(1, world)
    store([dice.tell(number) for number in range(COUNT)])
    compute_figures(NOW)
    total = MonthlyFigures.objects.overall()
    names = [column.name for column in MonthlyFigures._meta.concrete_fields]
    for name in names:
        if name not in ("id", "unit", "withheld"):
            assert any(getattr(row, name) for row in total), name
