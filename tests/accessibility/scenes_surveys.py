"""Building questionnaires, for staff; results, for everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from selenium.webdriver import Chrome

from participation.surveys import letters
from participation.surveys.actions.lifecycle import (
    approve_quote,
    hand_over,
    invite,
    look_early,
    publish_findings,
    send_invitations,
)
from participation.surveys.answers import Profile
from participation.surveys.models import Population, Question, Questionnaire
from portal.organisations.models import Role
from tests.accessibility.scenes import Scene, page, press, sign_in_as, then
from tests.people import World, staff
from tests.questionnaires import (
    FULL,
    cast,
    cast_in,
    closed,
    make_poll,
    make_satisfaction,
    make_survey,
    opened,
    question,
)

EDITING = ["view_questionnaire", "add_questionnaire", "change_questionnaire", "schedule_questionnaire", "look_early"]


def counted_survey(world: World, **fields: object) -> Questionnaire:
    """A closed survey with findings, a quote, an early look and population to compare with."""
    Population.objects.get_or_create(
        governorate="muscat", defaults={"people": 9, "source_ar": "تعداد", "source_en": "Census", "as_of": "2020-12-12"}
    )
    survey = opened(make_survey(world, crossing_first="gender", crossing_second="age_group", **fields))
    for number in range(36):
        told = Profile(["female", "male"][number % 2], ["18-24", "25-34", "35-44"][number % 3], "muscat")
        cast(survey, profile=told, **{**FULL, "ease": 1 + number % 5})
    look_early(questionnaire=survey, reason="Asked for by the council", by=world.officer)
    survey = closed(survey, days=3)
    publish_findings(
        questionnaire=survey, findings_ar="## الخلاصة\n- نقطة", findings_en="## In short\n- A point",
        version=survey.version, by=world.officer,
    )  # fmt: skip
    approve_quote(question=question(survey, "comment"), text="شكرا", language="ar", by=world.officer)
    return survey


def result_scenes(world: World) -> Iterator[Scene]:
    """Results in every way of reading them."""
    survey = counted_survey(world)
    for by in ("", "gender", "crossing"):
        yield Scene(f"findings {by}", page(f"surveys/{survey.slug}/findings/?by={by}"))
    few = opened(make_poll(world))
    cast(few, "Morning")
    yield Scene("results withheld", page(f"polls/{closed(few).slug}/results/"))
    yield Scene("no results yet", page(f"polls/{opened(make_poll(world)).slug}/results/"))
    standing = Questionnaire.objects.filter(slug="satisfaction").first() or make_satisfaction(world)
    month = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    for score in (2, 3, 3, 4, 4, 5):
        cast_in(month, standing, score=score)
    closed(opened(make_poll(world)))  # whatever is over is counted together
    yield Scene("satisfaction results", page("satisfaction/results/"))


def at(name: str, *args: int) -> Callable[[Chrome, str], None]:
    """A page of the builder."""
    return page(reverse(f"admin:surveys_questionnaire_{name}", args=args).removeprefix("/admin/"))


SAVE = "#content form.composer button[type=submit]"


def builder_scenes(world: World) -> Iterator[Scene]:
    """Building, for an editor of the unit who may also read answers."""
    editor = staff("badriya", world.licensing, Role.LEAD, *EDITING, "read_answers")
    draft = make_survey(world)
    first = Question.objects.filter(page__questionnaire=draft).first()
    assert first is not None
    yield Scene("questionnaires", then(sign_in_as(editor), at("changelist")))
    yield Scene("new questionnaire", at("add"))
    yield Scene("new questionnaire with errors", then(at("add"), press("input[name=_save]")))
    yield Scene("draft of a survey", at("change", draft.pk))
    yield Scene("details", at("details", draft.pk))
    yield Scene("question", at("question", draft.pk, first.pk))
    yield Scene("question with errors", then(at("question_add", draft.pk), press(SAVE)))
    yield Scene("page of a survey", at("page_add", draft.pk))
    yield Scene("preview", at("preview", draft.pk))
    yield from after_scenes(world)


def after_scenes(world: World) -> Iterator[Scene]:
    """What follows: early look, findings, quotes, hand-over, invitations."""
    poll = opened(make_poll(world))
    for _ in range(5):
        cast(poll, "Morning")
    yield Scene("open poll", at("change", poll.pk))
    yield Scene("reason for an early look", at("early", poll.pk))
    yield Scene(
        "early look",
        then(
            at("early", poll.pk),
            lambda browser, _base: browser.find_element("name", "reason").send_keys("Asked for by the council"),
            press(SAVE),
        ),
    )
    done = counted_survey(world, on_behalf_of=world.ministry, consent_ar="نوافق", consent_en="We agree")
    hand_over(questionnaire=done, by=world.lead)
    yield Scene("counted survey", at("change", done.pk))
    yield Scene("findings form", at("findings", done.pk))
    yield Scene("free answers", at("answers", done.pk))
    yield Scene("quote with errors", then(at("answers", done.pk), press("section.composer button[type=submit]")))
    yield Scene("hand-over", at("hand_over", done.pk))
    yield Scene("receipt", at("receipt", done.pk, done.hand_overs.get().pk))
    invited = opened(make_survey(world, access="invited"))
    yield Scene("invite", at("invite", invited.pk))


def letters_about_surveys(world: World) -> None:
    """Writes the letters that no page here leads to."""
    world.ministry.email = "ministry@body.example"
    world.ministry.save()
    asked = counted_survey(world, on_behalf_of=world.ministry, consent_ar="نوافق", consent_en="We agree")
    hand_over(questionnaire=asked, by=world.lead)
    letters.to_owner(asked, "outcome_missing", "one", days=20)
    letters.to_owner(asked, "receipt_missing", "two")
    invited = opened(make_survey(world, access="invited"))
    invite(questionnaire=invited, addresses=["a@citizen.example"], by=world.lead)
    send_invitations()
