"""Working on a case through its page: replies, conflicts, referrals, what is kept and what is told."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from participation.feedback.actions import work
from participation.feedback.actions.citizen import hear_citizen
from participation.feedback.actions.routing import route_case
from participation.feedback.models import Case, Message, Referral, ReplyTemplate
from participation.feedback.reply_templates import fill, unknown_variables
from participation.feedback.states import ReferralState, State
from portal.audit.models import AuditEvent
from portal.mail.models import OutgoingMail
from tests.people import World, open_case, submitted

pytestmark = pytest.mark.django_db
LIST = "/admin/feedback/case/"


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(case: Case) -> str:
    return f"{LIST}{case.pk}/change/"


def act(client: Client, case: Case, verb: str, **data: Any) -> Any:
    last = AuditEvent.objects.about(case).order_by("-pk").first()
    return client.post(page(case), {"do": verb, "version": case.version, "seen": last.pk, **data})


@pytest.fixture
def template(db: None) -> ReplyTemplate:
    return ReplyTemplate.objects.create(
        name_ar="رد", name_en="Answer", body_ar="السلام عليكم {name}، رقمكم {reference} لدى {unit}. {unknown}",
        body_en="Dear {name}, {reference}",
    )  # fmt: skip


def test_an_officer_claims_previews_and_answers(world: World, template: ReplyTemplate) -> None:
    case = open_case(world)
    client = signed_in(world.officer)
    assert act(client, case, "claim").status_code == 302
    case.refresh_from_db()
    assert case.holder == world.officer
    html = client.get(page(case), {"template": template.pk}).content.decode()
    assert f"السلام عليكم مريم، رقمكم {case.reference}" in html

    text = "السلام عليكم مريم،\nجُددت الرخصة اليوم."
    preview = act(client, case, "reply", is_final="final", text=text)
    assert preview.status_code == 200
    assert "جُددت الرخصة اليوم." in preview.content.decode()
    assert not Message.objects.exists()

    edited = act(client, case, "reply", is_final="final", text=text, step="edit")
    assert "جُددت الرخصة اليوم." in edited.content.decode()
    assert not Message.objects.exists()

    assert act(client, case, "reply", is_final="final", text=text, step="send").status_code == 302
    case.refresh_from_db()
    assert case.state == State.ANSWERED
    assert case.messages.get().text == text
    assert "جُددت الرخصة اليوم." in OutgoingMail.objects.get(template="feedback/reply").text


def test_news_on_the_way_leaves_the_case_open(world: World) -> None:
    case = open_case(world)
    act(signed_in(world.officer), case, "reply", is_final="interim", text="نعمل عليها.", step="send")
    case.refresh_from_db()
    assert case.state == State.OPEN
    assert case.messages.get().text == "نعمل عليها."


def test_it_refuses_a_text_with_a_placeholder_left_in_it(world: World) -> None:
    case = open_case(world)
    answer = act(signed_in(world.officer), case, "reply", is_final="final", text="الجواب: [اكتب هنا]", step="send")
    assert answer.status_code == 422
    assert "[اكتب هنا]" in answer.content.decode()
    assert not Message.objects.exists()


def test_the_second_of_two_is_told_what_changed_and_keeps_the_text(world: World) -> None:
    case = open_case(world)
    stale = Case.objects.get(pk=case.pk)
    last = AuditEvent.objects.about(case).order_by("-pk").first()
    work.set_priority(case=case, priority="high", by=world.lead)
    answer = signed_in(world.officer).post(
        page(case), {"do": "reply", "version": stale.version, "seen": last.pk, "is_final": "final",
                     "text": "نص طويل كتبته", "step": "send"},
    )  # fmt: skip
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "نص طويل كتبته" in html
    assert "Priority changed" in html
    assert not Message.objects.exists()
    case.refresh_from_db()
    again = act(signed_in(world.officer), case, "reply", is_final="final", text="نص طويل كتبته", step="send")
    assert again.status_code == 302


def test_a_text_is_kept_when_the_case_is_already_answered(world: World) -> None:
    case = open_case(world)
    stale = case.version
    work.reply_to_case(case=case, text="جواب الزميل", by=world.colleague)
    answer = signed_in(world.officer).post(
        page(case),
        {"do": "reply", "version": stale, "seen": 1, "is_final": "final", "text": "جوابي أنا", "step": "send"},
    )
    assert answer.status_code == 409
    assert "جوابي أنا" in answer.content.decode()
    assert case.messages.count() == 1


def test_a_text_is_given_back_when_the_case_left_the_unit_meanwhile(world: World) -> None:
    case = open_case(world)
    route_case(case=Case.objects.get(pk=case.pk), unit=world.other_unit, by=world.lead)
    answer = act(signed_in(world.officer), case, "reply", is_final="final", text="لا تضيع", step="send")
    assert answer.status_code == 404
    assert "لا تضيع" in answer.content.decode()
    assert not Message.objects.exists()


def test_it_claims_once_for_two(world: World) -> None:
    case = open_case(world)
    assert act(signed_in(world.officer), case, "claim").status_code == 302
    assert act(signed_in(world.colleague), case, "claim").status_code == 409
    case.refresh_from_db()
    assert case.holder == world.officer
    assert act(signed_in(world.officer), case, "give_back").status_code == 302
    case.refresh_from_db()
    assert case.holder is None


def test_a_lead_assigns_for_good(world: World) -> None:
    case = open_case(world)
    act(signed_in(world.lead), case, "assign", to=world.colleague.pk)
    case.refresh_from_db()
    assert (case.assignee, case.assigned_until) == (world.colleague, None)
    assert act(signed_in(world.lead), case, "assign", to=world.outsider.pk).status_code == 422


def test_routing_to_another_unit_leads_back_to_the_desk(world: World) -> None:
    case = open_case(world)
    answer = act(signed_in(world.officer), case, "route", unit=world.other_unit.pk)
    assert answer.headers["Location"] == "/admin/"
    assert signed_in(world.officer).get(page(case)).status_code == 404
    assert signed_in(world.outsider).get(page(case)).status_code == 200


def test_a_question_waits_for_its_answer(world: World) -> None:
    case = open_case(world)
    client = signed_in(world.officer)
    act(client, case, "ask", text="ما رقم الطلب؟", step="send")
    case.refresh_from_db()
    assert case.state == State.WAITING
    hear_citizen(case=case, text="رقم ١٢٣", form_token="heard")
    assert "رقم ١٢٣" in client.get(page(case)).content.decode()


def test_a_referral_goes_out_is_accepted_and_answered(world: World) -> None:
    case = open_case(world)
    client = signed_in(world.officer)
    act(client, case, "refer", authority=world.authority.pk, text="أحلناها إلى الهيئة.", step="send")
    for verb, data in [("accept_referral", {}), ("end_referral", {"text": "أجابت الهيئة بكذا.", "step": "send"})]:
        case.refresh_from_db()
        assert act(client, case, verb, **data).status_code == 302
    case.refresh_from_db()
    assert case.state == State.ANSWERED
    assert Referral.objects.get().state == ReferralState.ANSWERED


def test_a_referral_that_comes_back_is_worked_on_again(world: World) -> None:
    case = open_case(world)
    client = signed_in(world.officer)
    act(client, case, "refer", authority=world.authority.pk, text="أحلناها.", step="send")
    case.refresh_from_db()
    act(client, case, "take_back")
    case.refresh_from_db()
    assert case.state == State.OPEN


@pytest.mark.parametrize(("verb", "state", "more"), [
    ("close", State.CLOSED, {}), ("rule_out", State.OUT_OF_SCOPE, {}), ("remove", State.REMOVED, {"ground": "spam"}),
])  # fmt: skip
def test_a_case_ends_with_a_text(world: World, verb: str, state: State, more: dict[str, str]) -> None:
    case = open_case(world)
    client = signed_in(world.lead)
    assert act(client, case, verb, text="", step="send", **more).status_code == 422
    assert act(client, case, verb, text="السبب كذا.", step="send", **more).status_code == 302
    case.refresh_from_db()
    assert case.state == state


def test_a_jump_over_older_corrections_needs_a_reason_and_keeps_the_text(world: World) -> None:
    open_case(world, kind="data_correction")
    newer = open_case(world, kind="data_correction")
    client = signed_in(world.officer)
    answer = act(client, newer, "reply", is_final="final", text="صححنا الرقم", step="send")
    assert answer.status_code == 422
    assert "صححنا الرقم" in answer.content.decode()
    act(client, newer, "reply", is_final="final", text="صححنا الرقم", reason="طلب عاجل", step="send")
    newer.refresh_from_db()
    assert newer.jumped_queue


def test_public_safety_is_confirmed_by_a_named_lead(world: World) -> None:
    case = open_case(world, kind="data_correction", safety_requested=True)
    act(signed_in(world.lead), case, "safety", reason="رقم طوارئ خاطئ")
    case.refresh_from_db()
    assert (case.priority, case.safety_confirmed_by) == ("safety", world.lead)


def test_a_triager_releases_what_was_held(world: World) -> None:
    from participation.feedback.actions.intake import submit_case
    from tests.people import entry

    case = submit_case(entry=entry(world), form_token="held", suspicion="trap").case
    assert act(signed_in(world.triager), case, "release").status_code == 302
    case.refresh_from_db()
    assert case.state == State.RECEIVED


def test_a_note_stays_inside(world: World) -> None:
    case = open_case(world)
    act(signed_in(world.officer), case, "note", text="للزملاء فقط")
    message = case.messages.get()
    assert message.is_internal
    assert not OutgoingMail.objects.filter(template="feedback/reply").exists()


@pytest.mark.parametrize(
    "name", ["{{ 7*7 }}", "{reference}", "<b>x</b>", "a\nBcc: b@c.example", "\u202eevil\u2066", "{0.__class__}"]
)
def test_a_name_in_a_template_is_inert(world: World, template: ReplyTemplate, name: str) -> None:
    case = open_case(world, name=name)
    filled = fill("Dear {name}, {unknown} {{ case.email }} {name.x}", case)
    assert "\n" not in filled
    assert not set(filled) & set("\u202e\u2066")
    assert filled.endswith("{unknown} {{ case.email }} {name.x}")
    assert "49" not in filled
    if name == "{reference}":
        assert filled.startswith("Dear {reference},")
    html = signed_in(world.officer).get(page(case), {"template": template.pk}).content.decode()
    assert "<b>x</b>" not in html


def test_a_template_names_only_known_variables(world: World) -> None:
    assert unknown_variables("{name} {due} {nmae} { unit } {{ x }}") == ["nmae", "unit", "x"]
    client = signed_in(world.administrator)
    data = {"name_ar": "ا", "name_en": "a", "body_ar": "{nmae}", "body_en": "{name}", "is_active": "on"}
    answer = client.post("/admin/feedback/replytemplate/add/", data)
    assert answer.status_code == 200
    assert "{nmae}" in answer.content.decode()
    assert not ReplyTemplate.objects.exists()
    client.post("/admin/feedback/replytemplate/add/", {**data, "body_ar": "{name}"})
    assert ReplyTemplate.objects.count() == 1


def test_several_cases_are_assigned_at_once(world: World) -> None:
    mine = [open_case(world) for _ in range(3)]
    client = signed_in(world.lead)
    picked = {"action": "assign_selected", "_selected_action": [case.pk for case in mine]}
    asked = client.post(LIST, picked).content.decode()
    assert all(case.reference in asked for case in mine)
    work.set_priority(case=mine[0], priority="high", by=world.head)
    versions = {f"version_{case.pk}": case.version for case in mine[1:]} | {
        f"version_{mine[0].pk}": mine[0].version - 1
    }
    client.post(LIST, {**picked, **versions, "assign": "yes", "to": world.colleague.pk})
    assert set(Case.objects.filter(assignee=world.colleague)) == set(mine[1:])


def test_an_officer_cannot_assign_in_bulk(world: World) -> None:
    case = open_case(world)
    data = {"action": "assign_selected", "_selected_action": [case.pk], "assign": "yes", "to": world.colleague.pk}
    signed_in(world.officer).post(LIST, data)
    case.refresh_from_db()
    assert case.assignee is None


def test_a_phoned_message_is_the_same_record_and_its_code_is_read_out_once(world: World) -> None:
    client = signed_in(world.triager)
    form = client.get(f"{LIST}register/").context["form"]
    data = {
        "token": form["token"].value(), "channel": "phone", "language": "ar", "kind": "complaint",
        "topic": world.topic.pk, "text": "اتصل يشكو من التأخير", "phone": "٩٢١٢٣٤٥٦",
    }  # fmt: skip
    answer = client.post(f"{LIST}register/", data)
    assert answer.status_code == 302
    again = client.post(f"{LIST}register/", data)
    assert again.status_code == 302
    case = Case.objects.get()
    assert (case.channel, case.registered_by, case.phone) == ("phone", world.triager, "+96892123456")
    shown = client.get(answer.headers["Location"]).content.decode()
    assert case.reference in shown
    assert client.get(answer.headers["Location"]).status_code == 302


@pytest.mark.parametrize("name", ["officer", "head", "outsider"])
def test_only_who_may_registers_messages(world: World, name: str) -> None:
    assert signed_in(getattr(world, name)).get(f"{LIST}register/").status_code == 403


def test_a_case_page_asks_as_often_for_a_long_thread(world: World, django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    case = open_case(world)
    client = signed_in(world.officer)
    work.add_note(case=case, text="1", by=world.officer)
    client.get(page(case))
    with CaptureQueriesContext(
        connection,
    ) as short:
        client.get(page(case))
    for number in range(5):
        work.add_note(case=case, text=str(number), by=world.colleague)
    with django_assert_num_queries(len(short)):
        client.get(page(case))


def test_it_explains_in_both_languages_why_it_is_due_then(world: World) -> None:
    from portal.clocks.models import Clock

    case = open_case(world)
    clock = Clock.objects.about("feedback.case", case.pk).get(metric="first_reply")
    client = signed_in(world.officer)
    english = client.get(f"{LIST}{case.pk}/due/{clock.pk}/").content.decode()
    arabic = client.get(f"{LIST}{case.pk}/due/{clock.pk}/?language=ar").content.decode()
    assert "21:00" in english
    assert "21:00" in arabic
    assert 'dir="rtl"' in arabic


def test_an_unrouted_case_is_routed_by_hand(world: World) -> None:
    case = submitted(world, kind="comment").case
    answer = act(signed_in(world.triager), case, "route", unit=world.licensing.pk)
    assert answer.status_code == 302
    case.refresh_from_db()
    assert case.unit == world.licensing
