"""Telling the cases of the past and storing them, many rows at a time and without a letter to anybody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from participation.feedback.actions.intake import index_case
from participation.feedback.actions.routing import matching_rule
from participation.feedback.models import Case, Message, Rating, Referral, RoutingRule
from participation.feedback.states import Channel, State
from portal.audit.models import AuditEvent
from portal.clocks import registry
from portal.clocks.models import Clock, Escalation, Metric, Pause
from portal.encryption import blind_index, normalise_email, normalise_phone
from portal.home.demo.cast import Part, cast
from portal.home.demo.clocks import ClockWork
from portal.home.demo.life import Life, Team
from portal.home.demo.phrases import phrases
from portal.home.demo.plots import PLOTS, Pace
from portal.organisations.models import Membership, Organisation, Role, Topic, Unit
from portal.references import ALPHABET, check_symbol, hash_secret, secret_from
from portal.staff.models import User
from portal.working_days.models import Calendar

TOKEN = "demo-"  # noqa: S105 - names a form, opens nothing
"""Cases whose form token begins so were made here; any other is real."""
NOT_ROUTED = ("received", "suspected", "unrouted")


def tell_cases(now: datetime | None = None) -> int:
    """Store the demonstration's cases, arrived in the four months before `now`; returns how many."""
    teller = Teller(now or timezone.now())
    lives = [teller.tell(part) for part in cast(teller.random, teller.now)]
    store(lives, teller.clockwork)
    return len(lives)


class Teller:
    """Knows who works where, and makes lives of parts."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.random = Random(f"musharaka {timezone.localdate(now)}")  # noqa: S311 - dice, no secrets
        self.clockwork = ClockWork(Calendar.objects.default(), now)
        self.topics = {topic.slug: topic for topic in Topic.objects.all()}
        self.authorities = {body.code: body for body in Organisation.objects.filter(is_external=True)}
        self.call_centre = Unit.objects.get(is_triage=True)
        self.by_hand = Unit.objects.get(code="consumer-services")
        self.people: dict[tuple[int, str], User] = {
            (member.unit_id, member.role): member.user for member in Membership.objects.select_related("user")
        }
        self.rules: dict[tuple[str, str], RoutingRule | None] = {}

    def tell(self, part: Part) -> Life:
        """One case with everything that happened to it up to now."""
        life = Life(self._case(part), phrases(part))
        life.begin(by=life.case.registered_by)
        if part.plot not in NOT_ROUTED:
            self._route(life, part)
        elif part.plot == "unrouted":
            life.hold(part.arrived_at + timedelta(seconds=40))
        if life.is_routed and part.plot in PLOTS:
            self._play(life, part)
        return life

    def _play(self, life: Life, part: Part) -> None:
        case = life.case
        assert case.unit is not None
        assert case.routed_at is not None
        promise = self.clockwork.policies(case)[Metric.FIRST_REPLY].minutes
        pace = Pace(self.random, self.clockwork.hours, case.routed_at, promise)
        team = self._team(case.unit, part)
        for step in PLOTS[part.plot](pace):
            if step.at > self.now:
                break
            life.act(step, team)

    def _team(self, unit: Unit, part: Part) -> Team:
        code = part.source.get("refer_to")
        authority = self.authorities[code] if code else self.random.choice(list(self.authorities.values()))
        return Team(unit, self.people[unit.pk, Role.OFFICER], self.people[unit.pk, Role.LEAD], authority)

    def _route(self, life: Life, part: Part) -> None:
        at = part.arrived_at + timedelta(seconds=self.random.randint(1, 40))
        rule = self._rule(life.case, part)
        if rule is None:
            life.hold(at)
            agent = self.people[self.call_centre.pk, Role.OFFICER]
            pace = Pace(self.random, self.clockwork.hours, at, 60)
            routed_at = pace.working(0.1, 0.7)
            if routed_at < self.now:
                life.route(routed_at, self.by_hand, life.case.priority, None, by=agent)
            return
        life.route(at, rule.unit, rule.priority, rule.pk)
        if part.source.get("public_safety"):
            pace = Pace(self.random, self.clockwork.hours, at, 60)
            confirmed_at = pace.working(0.2, 0.5)
            if confirmed_at < self.now:
                lead = self.people[rule.unit_id, Role.LEAD]
                life.confirm_safety(confirmed_at, lead, life.texts["safety"])

    def _rule(self, case: Case, part: Part) -> RoutingRule | None:
        key = (part.source["message"], case.governorate)
        if key not in self.rules:
            self.rules[key] = matching_rule(case)
        return self.rules[key]

    def _case(self, part: Part) -> Case:
        source, token = part.source, f"{TOKEN}{part.number:04}"
        contact = self._contact(part)
        channel = self._channel(part)
        agent = self.people[self.call_centre.pk, Role.OFFICER]
        case = Case(
            reference=self._reference(),
            secret_hash=hash_secret(secret_from(token)),
            form_token=token,
            kind=source["kind"],
            topic=self.topics[source["topic"]],
            governorate=source["governorate"] or "",
            language=source["language"],
            text=part.text,
            name=part.name if contact else "",
            channel=channel,
            registered_by=None if channel == Channel.WEB else agent,
            suspicion=source["suspicion"] if part.plot == "suspected" else "",
            state=State.SUSPECTED if part.plot == "suspected" else State.RECEIVED,
            safety_requested=bool(source.get("public_safety")),
            received_at=part.arrived_at,
            version=0,
            **contact,
        )
        case.queue_rank = case.rank()
        return case

    def _contact(self, part: Part) -> dict[str, str]:
        """Mostly an e-mail address, sometimes a telephone or nothing; nothing where a worker would write at once."""
        if part.plot == "received" or self.random.random() < 0.12:
            return {}
        if self.random.random() < 0.2:
            phone = f"9000{part.number:04}"
            return {"phone": phone, "phone_index": blind_index(normalise_phone(phone))}
        email = f"citizen{part.number}@citizen.example"
        return {"email": email, "email_index": blind_index(normalise_email(email))}

    def _channel(self, part: Part) -> Channel:
        if part.plot in ("suspected", "received"):
            return Channel.WEB
        return self.random.choices(list(Channel), [70, 13, 8, 5, 4])[0]

    def _reference(self) -> str:
        body = "".join(self.random.choices(ALPHABET, k=8))
        return f"{body[:4]}-{body[4:]}-{check_symbol(body)}"


def store(lives: list[Life], clockwork: ClockWork) -> None:
    """Write the rows of all lives."""
    Case.objects.bulk_create(life.case for life in lives)
    for life in lives:
        rows: list[Any] = [*life.messages, *life.referrals, *life.ratings]
        for row in rows:
            row.case_id = life.case.pk
        for event in life.events:
            event.subject_id = str(life.case.pk)
        for pause in life.pauses:
            pause.subject_id = life.case.pk
    _create(Message, (row for life in lives for row in life.messages))
    _create(Referral, (row for life in lives for row in life.referrals))
    _create(Rating, (row for life in lives for row in life.ratings))
    _create(Pause, (row for life in lives for row in life.pauses))
    _create(AuditEvent, sorted((row for life in lives for row in life.events), key=lambda event: event.at))
    made = [clockwork.clocks(life) for life in lives]
    _create(Clock, (clock for clocks, _escalations in made for clock in clocks))
    escalations = [row for _clocks, rows in made for row in rows]
    for escalation in escalations:
        escalation.clock_id = escalation.clock.pk
    _create(Escalation, escalations)
    for life in lives:
        index_case(life.case)
    registry.subject("feedback.case").sync([life.case.pk for life in lives])


def _create(model: Any, rows: Iterable[Any]) -> None:
    model.objects.bulk_create(rows, batch_size=500)
