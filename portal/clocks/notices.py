"""Telling staff of warnings and escalations: one letter a person and run, however many cases it is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from portal.clocks.models import Clock, EscalationStep, StepRole
from portal.clocks.registry import SubjectInfo
from portal.mail.actions import compose, hurry
from portal.mail.models import OutgoingMail
from portal.organisations.models import Membership, Role, Unit


@dataclass(frozen=True)
class Notice:
    """One step of one clock, to be told to people."""

    clock: Clock
    step: EscalationStep
    info: SubjectInfo


class Reader(NamedTuple):
    """Somebody to write to."""

    email: str
    language: str


def write_notices(notices: list[Notice]) -> list[int]:
    """Store the letters; returns how many people each notice was told to.

    Nobody in the role: the next higher role is told, then the unit's own address. A person who is told of
    many things at once gets one letter that lists them, each clock once.
    """
    if not notices:
        return []
    people = _people(notices)
    letters: dict[Reader, dict[int, Notice]] = defaultdict(dict)
    told = []
    for notice in notices:
        readers = _readers(notice, people)
        told.append(len(readers))
        for reader in readers:
            letters[reader][notice.clock.pk] = notice
    OutgoingMail.objects.bulk_create(
        compose(
            to=reader.email,
            language=reader.language,
            template="escalation",
            context={"notices": about, "count": len(about), "first": about[0]},
        )
        for reader, about in ((reader, list(by_clock.values())) for reader, by_clock in letters.items())
    )
    hurry()
    return told


@dataclass(frozen=True)
class People:
    """Who works where, for all the units concerned."""

    by_unit_and_role: dict[tuple[int, str], list[Reader]]
    by_user: dict[int, Reader]
    unit_address: dict[int, Reader]
    triage_unit_id: int | None

    def in_role(self, unit_id: int, role: str) -> list[Reader]:
        return self.by_unit_and_role.get((unit_id, role), [])


def _people(notices: Iterable[Notice]) -> People:
    triage = Unit.objects.triage()
    unit_ids = {notice.info.unit_id for notice in notices} - {None} | ({triage.pk} if triage else set())
    by_unit_and_role: dict[tuple[int, str], list[Reader]] = defaultdict(list)
    by_user: dict[int, Reader] = {}
    members = Membership.objects.filter(unit__in=unit_ids, user__is_active=True).select_related("user")
    for member in members:
        if member.user.email:
            reader = Reader(member.user.email, member.user.language)
            by_unit_and_role[member.unit_id, member.role].append(reader)
            by_user[member.user_id] = reader
    addresses = Unit.objects.filter(pk__in=unit_ids).exclude(email="").values_list("pk", "email")
    unit_address = {pk: Reader(email, "ar") for pk, email in addresses}
    return People(by_unit_and_role, by_user, unit_address, triage.pk if triage else None)


def _readers(notice: Notice, people: People) -> list[Reader]:
    """The people of the step's role, or of the next role up that has any; the call centre's where no unit has it."""
    if notice.step.role == StepRole.AUTHORITY:
        return [Reader(notice.step.email, "ar")]
    if notice.step.role == StepRole.ASSIGNEE and notice.info.assignee_id in people.by_user:
        return [people.by_user[notice.info.assignee_id]]
    unit_id = notice.info.unit_id or people.triage_unit_id
    if unit_id is None:
        return []
    ladder = [Role.OFFICER, Role.LEAD, Role.HEAD]
    first = {StepRole.ASSIGNEE: 0, StepRole.LEAD: 1, StepRole.HEAD: 2}[StepRole(notice.step.role)]
    found = (people.in_role(unit_id, role) for role in ladder[first:])
    address = [people.unit_address[unit_id]] if unit_id in people.unit_address else []
    return next((readers for readers in chain(found, [address]) if readers), [])
