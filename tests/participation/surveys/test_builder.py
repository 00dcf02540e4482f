"""Staff build a questionnaire in the admin, page by page, and nothing they type is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from participation.surveys.kinds import State
from participation.surveys.models import Condition, Option, Page, Question, Questionnaire
from portal.organisations.models import Role
from tests.people import staff
from tests.questionnaires import FULL, cast, make_poll, make_survey, opened

MORNING = {"Which hours suit you?": "Morning"}
PERMISSIONS = [
    "view_questionnaire",
    "add_questionnaire",
    "change_questionnaire",
    "schedule_questionnaire",
    "look_early",
]


@pytest.fixture
def builder(world, client):
    """An editor of the licensing unit, signed in."""
    user = staff("badr", world.licensing, Role.OFFICER, *PERMISSIONS)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


def details(world, **changes):
    now = timezone.localtime() + timedelta(days=1)
    values = {
        "kind": "survey", "slug": "new-survey", "title_ar": "استبانة جديدة", "title_en": "New survey",
        "introduction_ar": "", "introduction_en": "", "thanks_ar": "", "thanks_en": "", "consent_ar": "",
        "consent_en": "", "unit": world.licensing.pk, "access": "anyone", "threshold": 5, "keep_raw_days": 180,
        "opens_at_0": now.strftime("%Y-%m-%d"), "opens_at_1": "08:00",
        "closes_at_0": (now + timedelta(days=9)).strftime("%Y-%m-%d"), "closes_at_1": "14:30", "seen": 1,
    }  # fmt: skip
    return values | changes


def asked(version, **changes):
    values = {
        "version": version, "kind": "single", "text_ar": "ما رأيكم؟", "text_en": "What do you think?",
        "options_ar": "جيد\nسيئ", "options_en": "Good\nBad",
    }  # fmt: skip
    return values | changes


def address(name, *args):
    return reverse(f"admin:surveys_questionnaire_{name}", args=args)


def built(client, world, **changes):
    response = client.post(address("add"), details(world, **changes))
    assert response.status_code == 302, response.context["adminform"].form.errors
    return Questionnaire.objects.get()


def test_it_leads_from_the_details_to_the_first_question_and_to_a_scheduled_survey(client, world, builder):
    survey = built(client, world)
    assert survey.created_by == builder
    assert client.post(address("question_add", survey.pk), asked(survey.version)).status_code == 302
    survey.refresh_from_db()
    assert [option.label_en for option in Option.objects.all()] == ["Good", "Bad"]
    page = client.post(address("change", survey.pk), {"do": "schedule", "version": survey.version}, follow=True)
    survey.refresh_from_db()
    assert survey.state == State.SCHEDULED, page.content.decode()


def test_it_says_what_is_missing_before_scheduling(client, world, builder):
    survey = built(client, world)
    page = client.post(address("change", survey.pk), {"do": "schedule", "version": survey.version}, follow=True)
    assert "Add at least one question." in page.content.decode()
    survey.refresh_from_db()
    assert survey.state == State.DRAFT


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"options_en": "Good"}, "There are 2 lines in Arabic and 1 in English"),
        ({"options_ar": "جيد", "options_en": "Good"}, "Write at least two options"),
        ({"options_ar": "جيد\nجيد"}, "Two lines are the same"),
        ({"text_en": ""}, "Fill this in"),
        ({"kind": "scale", "least": "3", "most": "5"}, "A scale begins at 0 or 1"),
        ({"kind": "multiple", "least": "3"}, "There are not so many options"),
        ({"kind": "matrix"}, "Write at least one line"),
    ],
)
def test_a_question_that_cannot_be_comes_back_with_the_reason_and_what_was_typed(client, world, builder, changes, told):
    survey = built(client, world)
    response = client.post(address("question_add", survey.pk), asked(survey.version, **changes))
    assert response.status_code == 422
    assert told in response.content.decode()
    assert "ما رأيكم؟" in response.content.decode()
    assert not Question.objects.exists()


def test_a_corrected_option_stays_the_same_row_and_so_does_one_that_moves(client, world, builder):
    survey = built(client, world)
    client.post(address("question_add", survey.pk), asked(survey.version))
    first = Option.objects.order_by("position").first()
    for options in (
        {"options_ar": "جيد جدًا\nسيئ", "options_en": "Very good\nBad"},
        {"options_ar": "سيئ\nجيد جدًا\nأخرى", "options_en": "Bad\nVery good\nOther", "has_other": "on"},
    ):
        survey.refresh_from_db()
        where = address("question", survey.pk, first.question_id)
        assert client.post(where, asked(survey.version, **options)).status_code == 302
    labels = dict(Option.objects.values_list("position", "label_en"))
    assert labels == {1: "Bad", 2: "Very good", 3: "Other"}
    assert Option.objects.get(position=2).pk == first.pk
    assert Option.objects.get(takes_text=True).label_en == "Other"


def test_a_page_may_depend_on_an_earlier_answer_and_loses_that_when_moved_before_it(client, world, builder):
    survey = built(client, world)
    client.post(address("question_add", survey.pk), asked(survey.version))
    survey.refresh_from_db()
    option = Option.objects.first()
    values = {"version": survey.version, "title_ar": "المزيد", "title_en": "More", "show_if": [option.pk]}
    assert client.post(address("page_add", survey.pk), values).status_code == 302
    assert Condition.objects.get().options.get() == option
    survey.refresh_from_db()
    second = Page.objects.get(position=2)
    client.post(address("arrange", survey.pk), {"do": "up", "item": f"page-{second.pk}", "version": survey.version})
    second.refresh_from_db()
    assert second.position == 1
    assert not Condition.objects.exists()


def test_two_editors_of_one_question_the_second_is_told_and_keeps_what_was_typed(client, world, builder):
    survey = built(client, world)
    client.post(address("question_add", survey.pk), asked(survey.version))
    question = Question.objects.get()
    survey.refresh_from_db()
    client.post(address("question", survey.pk, question.pk), asked(survey.version, text_en="First"))
    response = client.post(address("question", survey.pk, question.pk), asked(survey.version, text_en="Second"))
    assert response.status_code == 422
    assert "Somebody else changed" in response.content.decode()
    assert "Second" in response.content.decode()
    question.refresh_from_db()
    assert question.text_en == "First"
    survey.refresh_from_db()
    again = client.post(address("question", survey.pk, question.pk), asked(survey.version, text_en="Second"))
    assert again.status_code == 302


def test_what_is_asked_freezes_with_the_first_answer(client, world, builder):
    poll = opened(make_poll(world))
    question = Question.objects.get()
    cast(poll, **MORNING)
    poll.refresh_from_db()
    response = client.post(address("question", poll.pk, question.pk), asked(poll.version, text_en="Other words"))
    assert "Somebody has answered" in response.content.decode()
    page = client.get(address("change", poll.pk)).content.decode()
    assert address("question", poll.pk, question.pk) not in page
    form = client.get(address("details", poll.pk)).content.decode()
    assert 'name="title_en"' not in form
    assert 'name="thanks_en"' in form


def test_staff_of_another_unit_find_nothing(client, world, builder):
    poll = opened(make_poll(world))
    stranger = staff("samira", world.other_unit, Role.HEAD, *PERMISSIONS)
    client.force_login(stranger, backend="django.contrib.auth.backends.ModelBackend")
    assert poll.title not in client.get(address("changelist")).content.decode()
    for name in ("details", "question_add", "page_add", "preview", "findings", "early"):
        assert client.get(address(name, poll.pk)).status_code in (302, 403, 404), name
    assert client.get(address("change", poll.pk)).status_code == 404


def test_an_early_look_wants_a_reason_and_shows_totals_only(client, world, builder):
    poll = opened(make_poll(world))
    for _ in range(6):
        cast(poll, **MORNING)
    assert client.post(address("early", poll.pk), {"reason": "short"}).status_code == 422
    assert not poll.early_looks.exists()
    reason = {"reason": "The minister answers a question in the council"}
    page = client.post(address("early", poll.pk), reason, follow=True).content.decode()
    assert "6 people answered so far" in page
    assert poll.early_looks.get().by == builder
    cast(poll, "Evening")
    assert "6 people answered so far" in client.get(address("early", poll.pk)).content.decode()
    again = client.post(address("early", poll.pk), reason, follow=True).content.decode()
    assert "6 people answered so far" in again, "one more answer must not be told apart"


def test_an_early_look_opens_no_single_answer(client, world, builder):
    survey = opened(make_survey(world))
    cast(survey, **FULL)
    builder.user_permissions.add(*Permission.objects.filter(codename="read_answers"))
    client.post(address("early", survey.pk), {"reason": "The minister answers a question"})
    for name in ("answers", "raw"):
        assert client.get(address(name, survey.pk)).status_code == 403


def test_the_details_are_saved_as_the_page_sends_them(client, world, builder):
    survey = built(client, world)
    form = client.get(address("details", survey.pk)).context["adminform"].form
    sent = {name: value for name, value in details(world).items() if name != "seen"}
    sent |= {"seen": form["seen"].value(), "thanks_en": "Thank you", "thanks_ar": "شكرًا"}
    page = client.get(address("details", survey.pk)).content.decode()
    assert 'name="seen"' in page
    assert client.post(address("details", survey.pk), sent).status_code == 302
    survey.refresh_from_db()
    assert survey.thanks_en == "Thank you"
    late = client.post(address("details", survey.pk), sent | {"thanks_en": "Late"})
    assert late.status_code == 200
    assert "Stored now: Thank you" in late.content.decode()
    assert "Late" in late.content.decode()


def test_an_option_taken_away_takes_no_other_options_condition(client, world, builder):
    survey = built(client, world)
    options = {"options_ar": "سيارة\nحافلة\nلا شيء", "options_en": "Car\nBus\nNone"}
    client.post(address("question_add", survey.pk), asked(survey.version, **options))
    survey.refresh_from_db()
    bus = Option.objects.get(label_en="Bus")
    values = {"version": survey.version, "title_ar": "المزيد", "title_en": "More", "show_if": [bus.pk]}
    client.post(address("page_add", survey.pk), values)
    survey.refresh_from_db()
    fewer = asked(survey.version, options_ar="حافلة\nلا شيء", options_en="Bus\nNone")
    client.post(address("question", survey.pk, bus.question_id), fewer)
    assert Condition.objects.get().options.get().label_en == "Bus"
    survey.refresh_from_db()
    client.post(address("question", survey.pk, bus.question_id), asked(survey.version))
    assert Option.objects.count() == 2


def test_what_is_scheduled_stays_fit_to_be_answered(client, world, builder):
    poll = opened(make_poll(world))
    question = Question.objects.get()
    page = client.post(
        address("arrange", poll.pk), {"do": "delete", "item": f"question-{question.pk}", "version": poll.version},
        follow=True,
    )  # fmt: skip
    assert "Add at least one question." in page.content.decode()
    assert Question.objects.filter(pk=question.pk).exists()


@pytest.mark.parametrize("odd", ["change/abc", "receipt/0"])
def test_odd_addresses_are_not_found(client, world, builder, odd):
    poll = make_poll(world)
    path = {"change/abc": "/admin/surveys/questionnaire/abc/change/",
            "receipt/0": f"/admin/surveys/questionnaire/{poll.pk}/receipt/0/"}[odd]  # fmt: skip
    assert client.get(path).status_code in (403, 404)
    for version in ("", "x", "9" * 5000):
        data = {"do": "up", "item": f"page-{poll.pages.get().pk}", "version": version}
        assert client.post(address("arrange", poll.pk), data).status_code == 302


def test_the_preview_shows_the_other_language_in_its_direction(client, world, builder):
    poll = make_poll(world)
    arabic = client.get(address("preview", poll.pk) + "?in=ar").content.decode()
    assert '<div lang="ar" dir="rtl">' in arabic
    question = Question.objects.get()
    assert question.text_ar in arabic
    assert question.text_en in client.get(address("preview", poll.pk) + "?in=en").content.decode()


def test_the_list_asks_the_same_number_of_queries_at_one_and_three_rows(
    client, world, builder, django_assert_max_num_queries
):
    make_poll(world)
    client.get(address("changelist"))
    with django_assert_max_num_queries(30) as few:
        client.get(address("changelist"))
    for _ in range(2):
        make_poll(world)
    with django_assert_max_num_queries(len(few)):
        client.get(address("changelist"))
