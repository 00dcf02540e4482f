"""Polls and surveys of the demonstration: over, open and to come, with the ballots of people who never were."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Sum
from django.utils import timezone

from participation.surveys.actions.counting import count, uncounted_months
from participation.surveys.kinds import Kind, QuestionKind, State
from participation.surveys.models import (
    Ballot,
    Condition,
    Option,
    Page,
    Population,
    Publication,
    Question,
    Questionnaire,
    Row,
    Tally,
)
from participation.surveys.months import month_of, next_month, started_at
from participation.surveys.structure import Given, Structure, load_structure
from portal.audit.models import AuditEvent
from portal.home.demo.content import load
from portal.home.demo.opinions import Crowd, Person
from portal.organisations.models import Membership, Organisation, Role, Unit
from portal.staff.models import User

TEXTS = ("title", "introduction", "thanks", "consent")
QUESTION = ("kind", "least", "most", "is_required")
LABELS = ("text", "hint", "low_label", "high_label")
COUNTED_AFTER = timedelta(minutes=1)
REMINDED_AFTER = timedelta(days=14)
ANSWER = "ballot_id, question_id, row_id, option_id, number, date, text"
GIVEN = ("question", "row", "option", "number", "date", "text")
"""The parts of an answer, in the order of those columns."""


def tell_surveys(now: datetime | None = None) -> int:
    """Store the questionnaires of the demonstration that are not there yet; returns how many."""
    content = load("surveys")
    _populations(content["population"])
    known = set(Questionnaire.objects.values_list("slug", flat=True))
    standing = Questionnaire.objects.filter(kind=Kind.SATISFACTION).exists()
    teller = Teller(now or timezone.now(), content["people"])
    plans = [plan for plan in content["questionnaires"] if plan["slug"] not in known]
    plans = [plan for plan in plans if plan["kind"] != Kind.SATISFACTION or not standing]
    for plan in plans:
        teller.tell(plan)
    return len(plans)


def _populations(content: dict[str, Any]) -> None:
    shared = {name: content[name] for name in ("as_of", "source_ar", "source_en")}
    for governorate, people in content["people"].items():
        Population.objects.get_or_create(governorate=governorate, defaults={**shared, "people": people})


class Teller:
    """Knows who works where, and makes questionnaires of plans."""

    def __init__(self, now: datetime, people: dict[str, Any]) -> None:
        self.now = now
        self.people = people
        self.units = {unit.code: unit for unit in Unit.objects.all()}
        self.organisations = {organisation.code: organisation for organisation in Organisation.objects.all()}
        leading = Membership.objects.filter(role=Role.LEAD).select_related("user")
        self.leads: dict[int, User] = {member.unit_id: member.user for member in leading}

    def tell(self, plan: dict[str, Any]) -> None:
        """One questionnaire with its questions, its ballots and, where it is over, its results."""
        crowd = Crowd(Random(f"musharaka {plan['slug']}"), self.people)  # noqa: S311 - dice, no secrets
        questionnaire = self._questionnaire(plan)
        keys = _pages(questionnaire, plan)
        structure = load_structure(questionnaire)
        plans = {keys[question["key"]].pk: question for page in plan["pages"] for question in page["questions"]}
        ballots = Ballots(questionnaire, structure, plans, crowd)
        for start, end, number in self._spans(questionnaire, plan):
            ballots.cast(start, end, number)
        ballots.store()
        self._count(questionnaire)
        if "findings_ar" in plan:
            self._findings(questionnaire, plan, keys)

    def _questionnaire(self, plan: dict[str, Any]) -> Questionnaire:
        lead = self.leads.get(self.units[plan["unit"]].pk)
        opens_at, closes_at = self._times(plan)
        crossing = [*plan["crossing"], "", ""]
        texts = {f"{name}_{code}": plan.get(f"{name}_{code}", "") for name in TEXTS for code in ("ar", "en")}
        made = Questionnaire.objects.create(
            kind=plan["kind"],
            slug=plan["slug"],
            unit=self.units[plan["unit"]],
            on_behalf_of=self.organisations.get(plan.get("on_behalf_of", "")),
            state=State.SCHEDULED,
            opens_at=opens_at,
            closes_at=closes_at,
            crossing_first=crossing[0],
            crossing_second=crossing[1],
            keep_raw_days=plan.get("keep_raw_days", 180),
            created_by=lead,
            created_at=min(opens_at, self.now) - timedelta(days=9),
            **{f"asks_{cut}": True for cut in plan["asks"]},
            **texts,
        )
        _note(made, "scheduled", min(opens_at, self.now) - timedelta(days=4), lead)
        return made

    def _times(self, plan: dict[str, Any]) -> tuple[datetime, datetime | None]:
        """When it opens and closes: on whole days, at eight in the morning and at two in the afternoon."""
        if "months" in plan:
            return started_at(self._months(plan)[0]), None
        return self._day(plan["opened"], 8), self._day(plan["closed"], 14)

    def _day(self, days_ago: int, hour: int) -> datetime:
        day = timezone.localtime(self.now) - timedelta(days=days_ago)
        return day.replace(hour=hour, minute=0, second=0, microsecond=0)

    def _months(self, plan: dict[str, Any]) -> list[date]:
        """The past months of the standing survey, oldest first."""
        months, month = [], month_of(self.now)
        for _number in plan["months"]:
            month = month_of(started_at(month) - timedelta(days=1))
            months.append(month)
        return months[::-1]

    def _spans(self, questionnaire: Questionnaire, plan: dict[str, Any]) -> Iterable[tuple[datetime, datetime, int]]:
        """From when until when how many answered."""
        for month, number in zip(self._months(plan), plan["months"], strict=True) if "months" in plan else ():
            yield started_at(month), started_at(next_month(month)) - timedelta(hours=1), number
        if plan["ballots"]:
            assert questionnaire.opens_at is not None
            assert questionnaire.closes_at is not None
            last = min(questionnaire.closes_at, self.now) - timedelta(hours=1)
            yield questionnaire.opens_at, last, plan["ballots"]

    def _count(self, questionnaire: Questionnaire) -> None:
        """Count what is over, and date the count to when it would have been."""
        if questionnaire.kind == Kind.SATISFACTION:
            for month in uncounted_months(questionnaire, self.now):
                count(questionnaire=questionnaire, period=month)
                self._date(questionnaire, month, started_at(next_month(month)) + COUNTED_AFTER)
        elif count(questionnaire=questionnaire):
            assert questionnaire.closes_at is not None
            at = questionnaire.closes_at + COUNTED_AFTER
            reminded_at = questionnaire.closes_at + REMINDED_AFTER
            Questionnaire.objects.filter(pk=questionnaire.pk).update(
                counted_at=at, reminded_at=reminded_at if reminded_at <= self.now else None
            )
            self._date(questionnaire, None, at)

    def _date(self, questionnaire: Questionnaire, period: date | None, at: datetime) -> None:
        Publication.objects.filter(questionnaire=questionnaire, period=period).update(published_at=at)
        named = period.isoformat() if period else None
        events = AuditEvent.objects.about(questionnaire).filter(verb="questionnaire.counted")
        events.filter(data__contains={"period": named}).update(at=at)

    def _findings(self, questionnaire: Questionnaire, plan: dict[str, Any], keys: dict[str, Question]) -> None:
        """The findings, with the figures the totals give."""
        figures = _figures(questionnaire, keys)
        at = self._day(plan["findings"], 11)
        texts = {name: plan[name].format(**figures) for name in ("findings_ar", "findings_en")}
        Questionnaire.objects.filter(pk=questionnaire.pk).update(findings_published_at=at, **texts)
        _note(questionnaire, "findings", at, self.leads.get(questionnaire.unit_id))


def _note(questionnaire: Questionnaire, verb: str, at: datetime, by: User | None) -> None:
    kind = questionnaire._meta.label_lower
    AuditEvent.objects.create(
        verb=f"questionnaire.{verb}", subject_kind=kind, subject_id=str(questionnaire.pk), actor=by, at=at
    )


def _pages(questionnaire: Questionnaire, plan: dict[str, Any]) -> dict[str, Question]:
    """Store what is asked; returns the questions by the keys of the content file."""
    keys: dict[str, Question] = {}
    for number, row in enumerate(plan["pages"], start=1):
        page = Page.objects.create(
            questionnaire=questionnaire, position=number, title_ar=row["title_ar"], title_en=row["title_en"]
        )
        if "only_if" in row:
            _condition(page, row["only_if"], keys)
        for place, asked in enumerate(row["questions"], start=1):
            keys[asked["key"]] = _question(page, place, asked)
    return keys


def _question(page: Page, position: int, row: dict[str, Any]) -> Question:
    values = {name: row[name] for name in QUESTION if name in row}
    labels = {f"{name}_{code}": row.get(f"{name}_{code}", "") for name in LABELS for code in ("ar", "en")}
    question = Question.objects.create(page=page, position=position, **values, **labels)
    for model, name in ((Option, "options"), (Row, "rows")):
        model._default_manager.bulk_create(
            model(
                question=question,
                position=place,
                **{key: value for key, value in line.items() if hasattr(model, key)},
            )
            for place, line in enumerate(row.get(name, []), start=1)
        )
    return question


def _condition(page: Page, row: dict[str, Any], keys: dict[str, Question]) -> None:
    asked = keys[row["asked"]]
    condition = Condition.objects.create(page=page, asked=asked, is_negated=row["is_negated"])
    condition.options.set(asked.options.filter(position__in=row["options"]))


class Ballots:
    """The ballots of one questionnaire, made one by one and stored together."""

    def __init__(
        self, questionnaire: Questionnaire, structure: Structure, plans: dict[int, dict[str, Any]], crowd: Crowd
    ) -> None:
        self.questionnaire = questionnaire
        self.structure = structure
        self.plans = plans
        self.crowd = crowd
        self.ballots: list[Ballot] = []
        self.said: list[list[Given]] = []

    def cast(self, start: datetime, end: datetime, number: int) -> None:
        """So many ballots between two moments."""
        asks = [cut.value for cut in self.structure.cuts]
        for _number in range(number):
            self._one(self.crowd.person(asks), self.crowd.moment(start, end))

    def _one(self, person: Person, at: datetime) -> None:
        key = hashlib.sha256(f"demonstration {self.questionnaire.slug} {len(self.ballots)}".encode()).hexdigest()
        profile = person.profile
        ballot = Ballot(
            questionnaire=self.questionnaire, voter_key=key, cast_hour=at, language=person.language,
            gender=profile.gender, age_group=profile.age_group, governorate=profile.governorate,
        )  # fmt: skip
        today = at.date()
        said = [
            given
            for asked in self.structure.questions
            for given in self.crowd.say(asked, self.plans[asked.pk], person, today)
        ]
        self.ballots.append(ballot)
        self.said.append(self.structure.kept(said))

    def store(self) -> None:
        """Write them all; the first freezes what is asked."""
        if not self.ballots:
            return
        Ballot.objects.bulk_create(self.ballots, batch_size=2000)
        with connection.cursor() as cursor, cursor.copy(f"COPY surveys_answer ({ANSWER}) FROM STDIN") as copy:
            for ballot, said in zip(self.ballots, self.said, strict=True):
                for given in said:
                    copy.write_row((ballot.pk, *(getattr(given, name) for name in GIVEN)))
        first = min(ballot.cast_hour for ballot in self.ballots)
        Questionnaire.objects.filter(pk=self.questionnaire.pk).update(frozen_at=first)
        self.questionnaire.frozen_at = first


def _figures(questionnaire: Questionnaire, keys: dict[str, Question]) -> dict[str, str]:
    """What findings cite: `use_1`, the share in per cent of the first option of `use`; `daily_45`, of its fourth and
    fifth together; `trust_mean`, the mean of a scale."""
    found: dict[str, str] = {}
    for key, question in keys.items():
        rows = Tally.objects.filter(questionnaire=questionnaire, question=question, row=None)
        counts = _summed(rows)
        answered = counts.get((None, ""), 0) or 1
        if question.kind == QuestionKind.SINGLE:
            shares = {place: number for (place, _value), number in counts.items() if place is not None}
            top = sorted(shares)[-2:]
            found |= {f"{key}_{place}": f"{100 * number / answered:.0f}" for place, number in shares.items()}
            found[f"{key}_{''.join(map(str, top))}"] = f"{100 * sum(shares[place] for place in top) / answered:.0f}"
        if question.kind == QuestionKind.SCALE:
            total = sum(float(value) * number for (_place, value), number in counts.items() if value)
            found[f"{key}_mean"] = f"{total / answered:.1f}"
    return found


def _summed(rows: QuerySet[Tally]) -> dict[tuple[int | None, str], int]:
    """How many said what, by the position of the option and the value, whoever they are."""
    sums = rows.values_list("option__position", "value").annotate(total=Sum("count")).order_by()
    return {(place, value): total for place, value, total in sums}
