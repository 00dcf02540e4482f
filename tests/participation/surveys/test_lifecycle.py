"""From a draft to its outcome: who may do what when, and what becomes of the answers."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from participation.surveys.access import (
    editable_by,
    looked_early,
    may_look_early,
    may_read_answers,
    readable_ballots,
    sees_results,
)
from participation.surveys.actions.counting import recount
from participation.surveys.actions.lifecycle import (
    Conflict,
    NotReady,
    approve_quote,
    copy_questionnaire,
    look_early,
    publish_findings,
    remind_missing_outcomes,
    schedule,
    shortcomings,
    withdraw,
)
from participation.surveys.kinds import Kind, State
from participation.surveys.models import EarlyLook, Questionnaire, Quote
from participation.surveys.structure import load_structure
from portal import agenda
from portal.audit.models import AuditEvent
from portal.mail.models import OutgoingMail
from portal.organisations.models import Role
from tests.at_once import at_once
from tests.people import World, build_world, staff
from tests.questionnaires import (
    DAY,
    FULL,
    add_page,
    add_question,
    cast,
    cast_in,
    closed,
    make_poll,
    make_questionnaire,
    make_satisfaction,
    make_survey,
    opened,
    over,
    question,
    show_only_if,
    upcoming,
)


def timed(questionnaire: Questionnaire) -> Questionnaire:
    """A draft with times to come."""
    now = timezone.now()
    return opened(questionnaire, state=State.DRAFT, opens_at=now + DAY, closes_at=now + 8 * DAY)


# Scheduling and withdrawing


@pytest.mark.parametrize("make", [make_poll, make_survey])
def test_a_draft_that_is_complete_is_scheduled(world: World, make: Any) -> None:
    draft = timed(make(world))
    assert shortcomings(draft) == []
    schedule(questionnaire=draft, version=draft.version, by=world.lead)
    assert draft.state == State.SCHEDULED
    assert draft.version == 2
    assert AuditEvent.objects.about(draft).get().actor == world.lead
    with pytest.raises(Conflict):
        schedule(questionnaire=draft, version=draft.version, by=world.lead)


def test_it_says_everything_that_is_still_missing(world: World) -> None:
    poll = make_questionnaire(world, Kind.POLL, title_en="", on_behalf_of=world.authority)
    add_page(poll)
    page = add_page(poll)
    add_question(page, options=["Only one"])
    add_question(page, "matrix", options=["A", "B"])
    add_question(page, "multiple", options=["A", "B"], least=3)
    with pytest.raises(NotReady) as caught:
        schedule(questionnaire=poll, version=poll.version, by=world.lead)
    assert set(caught.value.codes) == {
        "no_title", "no_consent", "no_times", "empty_page", "one_page_only", "poll_has_one_question",
        "poll_has_choices", "too_few_options", "no_lines", "impossible_bounds",
    }  # fmt: skip
    assert len(caught.value.words) == 10
    poll.refresh_from_db()
    assert (poll.state, poll.version) == (State.DRAFT, 1)
    assert shortcomings(make_questionnaire(world, Kind.SURVEY)) == ["no_times", "no_questions"]


def test_what_is_written_in_one_language_is_written_in_the_other_too(world: World) -> None:
    poll = timed(make_poll(world))
    asked = question(poll)
    for row, name in [(poll, "thanks"), (asked, "hint")]:
        setattr(row, f"{name}_en", "In English only")
        row.save()
        assert shortcomings(poll) == ["one_language"]
        setattr(row, f"{name}_ar", "وبالعربية أيضًا")
        row.save()
        assert shortcomings(poll) == []


def test_times_must_be_ahead_and_in_order(world: World) -> None:
    now = timezone.now()
    poll = timed(make_poll(world))
    poll.opens_at, poll.closes_at = now - 3 * DAY, now - DAY
    assert shortcomings(poll) == ["closed_already"]
    poll.opens_at, poll.closes_at = now + 3 * DAY, now + DAY
    assert shortcomings(poll) == ["closes_before_opening"]


def test_a_condition_must_ask_for_a_choice_on_an_earlier_page(world: World) -> None:
    survey = make_questionnaire(world, Kind.SURVEY)
    first, second = add_page(survey), add_page(survey)
    early, late = (add_question(page, options=["Yes", "No"]) for page in (first, second))
    beside = add_question(first, "short")
    timed(survey)
    show_only_if(second, early, "Yes")
    assert shortcomings(survey) == []
    condition = show_only_if(beside, late, "Yes")
    assert shortcomings(survey) == ["condition_too_late"]
    condition.delete()
    condition = show_only_if(beside, early, "Yes")  # the same page is not yet answered
    assert shortcomings(survey) == ["condition_too_late"]
    condition.delete()
    show_only_if(late, early)  # of no option
    assert shortcomings(survey) == ["condition_too_late"]


def test_there_is_one_satisfaction_survey_without_an_end(world: World) -> None:
    make_satisfaction(world)
    second = make_satisfaction(world, slug="second", state=State.DRAFT)
    assert shortcomings(second) == ["one_standing"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Questionnaire.objects.filter(pk=second.pk).update(state=State.SCHEDULED)


def test_the_second_of_two_to_schedule_is_told(world: World) -> None:
    draft = timed(make_poll(world))
    seen = draft.version
    schedule(questionnaire=Questionnaire.objects.get(pk=draft.pk), version=seen, by=world.lead)
    with pytest.raises(Conflict):
        schedule(questionnaire=draft, version=seen, by=world.lead)


def test_what_is_not_counted_can_be_withdrawn(world: World) -> None:
    for poll in (opened(make_poll(world)), upcoming(make_poll(world)), over(make_poll(world))):
        withdraw(questionnaire=poll, version=poll.version, by=world.lead)
        assert poll.state == State.WITHDRAWN
    for poll in (make_poll(world), closed(make_poll(world))):
        with pytest.raises(Conflict):
            withdraw(questionnaire=poll, version=poll.version, by=world.lead)


# Copying


def test_a_copy_asks_the_same_and_has_no_answers(world: World) -> None:
    survey = opened(make_survey(world, slug="use-of-services", on_behalf_of=world.authority, consent_ar="أوافق",
                                consent_en="I agree"))  # fmt: skip
    cast(survey, **FULL)
    closed(survey)
    Questionnaire.objects.filter(pk=survey.pk).update(findings_ar="نتائج", findings_en="Findings", legal_hold="court")
    survey.refresh_from_db()

    copy = copy_questionnaire(questionnaire=survey, by=world.officer)

    copy.refresh_from_db()
    assert (copy.slug, copy.state, copy.version) == ("use-of-services-2", State.DRAFT, 1)
    assert (copy.title_ar, copy.title_en, copy.consent_en) == (survey.title_ar, survey.title_en, "I agree")
    assert copy.on_behalf_of == world.authority
    assert copy.created_by == world.officer
    untouched = ("opens_at", "closes_at", "frozen_at", "counted_at", "respondents")
    assert [getattr(copy, name) for name in untouched] == [None] * 5
    assert (copy.findings_ar, copy.findings_en, copy.legal_hold) == ("", "", "")
    assert copy_questionnaire(questionnaire=survey, by=world.officer).slug == "use-of-services-3"
    assert outline(copy) == outline(survey)
    assert not copy.ballots.exists()
    assert recount(survey) == []


def outline(questionnaire: Questionnaire) -> list[Any]:
    """What is asked, in words and positions alone."""
    structure = load_structure(questionnaire)
    names = {option.pk: option.label_en for asked in structure.questions for option in asked.options}
    texts = {asked.pk: asked.question.text_en for asked in structure.questions}

    def rules(thing: Any) -> list[Any]:
        return [(texts[rule.asked], sorted(names[pk] for pk in rule.options), rule.is_negated) for rule in thing.rules]

    return [
        (sheet.page.title_ar, rules(sheet), [
            (asked.question.text_ar, asked.kind, asked.least, asked.most, asked.is_required, rules(asked),
             [(option.label_ar, option.takes_text, option.is_exclusive) for option in asked.options],
             [row.label_ar for row in asked.rows], asked.question.low_label_ar)
            for asked in sheet.questions
        ])
        for sheet in structure.pages
    ]  # fmt: skip


# Who sees what


@pytest.fixture
def readers(world: World) -> World:
    """The world, in which some may look early and read single answers."""
    world.lead = staff("latifa", world.licensing, Role.LEAD, "look_early", "read_answers")
    world.outsider = staff("sultan", world.other_unit, Role.OFFICER, "look_early", "read_answers")
    return world


def test_while_open_nobody_sees_results_but_who_gave_a_reason(readers: World) -> None:
    poll = opened(make_poll(readers))
    cast(poll, "Morning")
    people = [readers.lead, readers.head, readers.administrator]
    assert not any(sees_results(person, poll) or may_read_answers(person, poll) for person in people)
    assert may_look_early(readers.lead, poll)
    assert may_look_early(readers.administrator, poll)
    assert not may_look_early(readers.head, poll)
    assert not may_look_early(readers.outsider, poll)

    look_early(questionnaire=poll, reason=" Rumours of fraud ", by=readers.lead)

    assert sees_results(readers.lead, poll)
    assert looked_early(readers.lead, poll)
    assert not any(sees_results(person, poll) for person in people[1:])
    assert EarlyLook.objects.get().reason == "Rumours of fraud"
    assert AuditEvent.objects.about(poll).filter(verb="questionnaire.early_look").exists()
    closed(poll)
    assert all(sees_results(person, poll) for person in people)


@pytest.mark.parametrize("phase", [lambda poll: poll, upcoming, closed])
def test_an_early_look_is_for_the_time_of_answering_and_has_a_reason(readers: World, phase: Any) -> None:
    poll = phase(make_poll(readers))
    assert not may_look_early(readers.lead, poll)
    with pytest.raises(Conflict):
        look_early(questionnaire=poll, reason="curious", by=readers.lead)
    with pytest.raises(Conflict):
        look_early(questionnaire=opened(make_poll(readers)), reason="  ", by=readers.lead)


def test_single_answers_are_for_staff_of_the_organisation_they_were_collected_for(readers: World) -> None:
    ours = closed(make_poll(readers))
    theirs = closed(make_poll(readers, on_behalf_of=readers.other_unit.organisation, consent_ar="أ", consent_en="A"))
    assert may_read_answers(readers.lead, ours)
    assert not may_read_answers(readers.lead, theirs)
    assert may_read_answers(readers.outsider, theirs)
    assert not may_read_answers(readers.outsider, ours)
    assert not may_read_answers(readers.head, ours)  # has no such permission
    assert not may_read_answers(readers.administrator, ours)  # is no member
    assert not may_read_answers(readers.administrator, theirs)


def test_answers_of_the_standing_survey_are_read_when_their_month_is_over(readers: World) -> None:
    survey = make_satisfaction(readers)
    past = cast_in((timezone.localdate().replace(day=1) - DAY).replace(day=1), survey, score=3)
    cast(survey, score=5)
    assert list(readable_ballots(readers.lead, survey)) == [past]
    assert not readable_ballots(readers.outsider, survey).exists()
    assert readable_ballots(readers.lead, closed(make_poll(readers))).count() == 0


def test_staff_edit_what_their_units_ask(world: World) -> None:
    poll = make_poll(world)
    assert list(editable_by(world.officer)) == [poll]
    assert not editable_by(world.outsider).exists()
    assert list(editable_by(world.administrator)) == [poll]


# Findings and outcome


def test_findings_are_published_in_both_languages_once_it_is_counted(world: World) -> None:
    poll = closed(make_poll(world))
    with pytest.raises(Conflict):
        publish_findings(questionnaire=poll, findings_ar="", findings_en="x", version=poll.version, by=world.lead)
    poll.refresh_from_db()
    publish_findings(
        questionnaire=poll, findings_ar="نتائج", findings_en="Findings", version=poll.version, by=world.lead
    )
    first = poll.findings_published_at
    assert first is not None
    publish_findings(questionnaire=poll, findings_ar="تصحيح", findings_en="Better", version=poll.version, by=world.lead)
    assert (poll.findings_en, poll.findings_published_at) == ("Better", first)
    with pytest.raises(Conflict):  # an old version
        publish_findings(questionnaire=poll, findings_ar="ن", findings_en="F", version=1, by=world.lead)
    early = opened(make_poll(world))
    with pytest.raises(Conflict):
        publish_findings(questionnaire=early, findings_ar="ن", findings_en="F", version=early.version, by=world.lead)


def test_a_quote_is_what_somebody_approved_and_names_no_ballot(world: World) -> None:
    survey = opened(make_survey(world))
    cast(survey, **FULL)
    comment = question(survey, "comment")
    with pytest.raises(Conflict):
        approve_quote(question=comment, text="شكرا", language="ar", by=world.lead)
    closed(survey)
    comment.refresh_from_db()
    approve_quote(question=question(survey, "comment"), text=" شكرا ", language="ar", by=world.lead)
    assert Quote.objects.get().text == "شكرا"
    assert "شكرا" not in str(AuditEvent.objects.about(survey).filter(verb="questionnaire.quoted").get().data)


def test_the_owner_is_reminded_once_of_a_missing_outcome(world: World) -> None:
    for name in ("two-weeks", "found"):
        closed(make_poll(world, slug=name), days=15)
    closed(make_poll(world, slug="fresh"), days=13)
    over(make_poll(world, slug="uncounted"), days=15)
    make_satisfaction(world)
    Questionnaire.objects.filter(slug="found").update(findings_published_at=timezone.now(), findings_en="x")

    assert remind_missing_outcomes() == 1
    assert remind_missing_outcomes() == 0

    letters = OutgoingMail.objects.filter(template="surveys/outcome_missing")
    assert sorted(letter.to for letter in letters) == ["hilal@staff.example", "layla@staff.example"]
    letter = letters[0]
    assert "15 days" in letter.text
    assert "/en/polls/two-weeks/results/" in letter.text
    assert Questionnaire.objects.get(slug="two-weeks").reminded_at is not None


def test_an_outcome_registered_elsewhere_counts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    poll = closed(make_poll(world), days=20)
    outcome = agenda.Outcome("Done", "/outcomes/1/", timezone.now())
    monkeypatch.setattr(agenda, "_lookups", [lambda paths: {path: outcome for path in paths if path == poll.path}])
    assert remind_missing_outcomes() == 0
    poll.refresh_from_db()
    assert poll.reminded_at is None


def test_two_workers_remind_once(transactional_db: None) -> None:
    world = build_world()
    closed(make_poll(world), days=20)
    assert sum(at_once(4, lambda _number: remind_missing_outcomes())) == 1
    assert OutgoingMail.objects.filter(template="surveys/outcome_missing").count() == 2
