"""What staff see and do: roles by units, buttons and previews, two at once, contacts, panels, in both languages."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from opendata.data_requests.actions.answering import answer_request
from opendata.data_requests.actions.work import route_request
from opendata.data_requests.choices import Outcome, State
from opendata.data_requests.models import Answer, DataRequest
from opendata.data_requests.staffside.verbs import VERBS
from portal.audit.models import AuditEvent
from portal.organisations.models import Role
from portal.staff.models import User
from tests.opendata.data_requests.asking import (
    ADMIN,
    EMAIL,
    OWN_WORDS,
    accepted,
    answered,
    asset,
    officer,
    officers,
    reply,
    reviewing,
    sent,
    signed_in,
    version,
)
from tests.people import World

pytestmark = pytest.mark.django_db
MEMBERS = ("officer", "colleague", "lead", "head")


@pytest.fixture
def people(world: World) -> dict[str, User]:
    return {**officers(world), "administrator": world.administrator}


def page(asked: DataRequest) -> str:
    return f"{ADMIN}{asked.pk}/change/"


def do(asked: DataRequest, key: str) -> str:
    return f"{ADMIN}{asked.pk}/do/{key}/"


def act(user: User, asked: DataRequest, key: str, **data: Any) -> Any:
    """Press a button with what was typed, as one who has seen the request as it is now."""
    fresh = DataRequest.objects.get(pk=asked.pk)
    return signed_in(user).post(do(asked, key), {"version": fresh.version, "seen": 0, "step": "send", **data})


WORDING = {"public_title_ar": "الجسور", "public_title_en": "Bridges", "public_summary_ar": "", "public_summary_en": ""}
TEXTS = {"text_ar": "نص الجواب", "text_en": "Text of the answer"}
BASIS = {"reason": "law", "legal_basis_ar": "قانون", "legal_basis_en": "Some law"}


# Who sees what -------------------------------------------------------------------------------------------------


def test_everybody_sees_their_units_requests_and_the_call_centre_what_has_none(
    world: World, people: dict[str, User]
) -> None:
    ours, free = accepted(world), sent().asked
    wanted = {**dict.fromkeys(MEMBERS, (200, 404)), "triager": (404, 200)}
    for name, user in people.items():
        client = signed_in(user)
        found = (client.get(page(ours)).status_code, client.get(page(free)).status_code)
        assert found == wanted.get(name, (404, 404)), name
        listed = client.get(ADMIN).content.decode()
        assert (ours.reference in listed, free.reference in listed) == tuple(code == 200 for code in found), name
        search = client.get(ADMIN, {"q": ours.reference}).content.decode()
        assert (f"/{ours.pk}/change/" in search) == (found[0] == 200), name


def test_every_verb_on_a_request_of_another_unit_is_refused_like_one_that_is_not_there(
    world: World, people: dict[str, User]
) -> None:
    asked = accepted(world)
    for name in ("outsider", "triager", "administrator"):
        client = signed_in(people[name])
        for key in [*VERBS, "contact"]:
            for method in (client.get, client.post):
                assert method(do(asked, key)).status_code == 404, (name, key)
        assert client.post(page(asked)).status_code == 404
    assert DataRequest.objects.get(pk=asked.pk).version == asked.version


def test_who_may_only_look_changes_nothing(world: World) -> None:
    asked = accepted(world)
    viewer = officer("viewer", world.licensing)
    viewer.user_permissions.set(viewer.user_permissions.filter(codename="view_datarequest"))
    client = signed_in(User.objects.get(pk=viewer.pk))
    text = client.get(page(asked)).content.decode()
    assert "/do/" not in text
    for key in VERBS:
        assert client.post(do(asked, key), {"version": asked.version}).status_code == 403, key
    assert client.post(page(asked)).status_code == 403


def test_officers_do_not_assign_or_remove_and_leads_do(world: World, people: dict[str, User]) -> None:
    asked = accepted(world)
    for key in ("assign", "remove"):
        assert act(world.officer, asked, key).status_code == 403
    act(world.lead, asked, "assign", to=world.colleague.pk)
    asked.refresh_from_db()
    assert asked.assignee == world.colleague
    assert act(world.lead, asked, "assign", to=world.outsider.pk).status_code == 422


@pytest.mark.parametrize("key", sorted(VERBS))
def test_every_button_of_the_page_opens_and_no_other_does(world: World, people: dict[str, User], key: str) -> None:
    for asked in (accepted(world), answered(world), reviewing(world)):
        client = signed_in(world.head)
        text = client.get(page(asked)).content.decode()
        offered = f'href="{do(asked, key)}"' in text
        assert (client.get(do(asked, key)).status_code == 200) == offered


def test_an_unknown_button_is_not_found(world: World, people: dict[str, User]) -> None:
    assert signed_in(world.officer).get(do(accepted(world), "fly")).status_code == 404


# What they do --------------------------------------------------------------------------------------------------


def test_the_call_centre_words_a_free_request_and_hands_it_on(world: World, people: dict[str, User]) -> None:
    asked = sent().asked
    client = signed_in(world.triager)
    data = {"version": asked.version, "unit": world.licensing.pk, **WORDING}
    preview = client.post(do(asked, "accept"), data).content.decode()
    assert 'lang="ar" dir="rtl"' in preview
    assert "Bridges" in preview
    assert DataRequest.objects.get(pk=asked.pk).state == State.RECEIVED
    response = client.post(do(asked, "accept"), {**data, "step": "send"})
    assert response.url == ADMIN
    asked.refresh_from_db()
    assert (asked.state, asked.unit, asked.organisation) == (State.ACCEPTED, world.licensing, world.ministry)


def test_editing_after_the_preview_keeps_everything(world: World, people: dict[str, User]) -> None:
    asked = sent().asked
    data = {"version": asked.version, "unit": world.licensing.pk, **WORDING, "step": "edit"}
    text = signed_in(world.triager).post(do(asked, "accept"), data).content.decode()
    assert 'value="Bridges"' in text


ANSWERS = {
    "released": {}, "partly": BASIS, "refused": BASIS, "planned": {"planned_on": "31/12/2090"},
    "not_held": {"holder_ar": "جهة", "holder_en": "Some body"},
}  # fmt: skip


@pytest.mark.parametrize("kind", list(Outcome))
def test_each_kind_of_answer_has_a_preview_in_both_languages_and_is_stored_once(
    world: World, people: dict[str, User], kind: str
) -> None:
    made = version(world)
    asked = accepted(world)
    data = {**TEXTS, **ANSWERS[kind], "version": asked.version}
    if kind in ("released", "partly"):
        data["dataset"] = made.dataset_id
    client = signed_in(world.officer)
    preview = html.unescape(client.post(do(asked, f"answer_{kind}"), data).content.decode())
    assert "نص الجواب" in preview
    assert "Text of the answer" in preview
    assert not Answer.objects.exists()
    for _click in range(2):
        client.post(do(asked, f"answer_{kind}"), {**data, "step": "send"})
    answer = Answer.objects.get()
    assert (answer.kind, answer.by) == (kind, world.officer)
    assert answer.version == (made if kind in ("released", "partly") else None)


@pytest.mark.parametrize("kind", list(Outcome))
def test_an_empty_answer_names_every_field_and_keeps_the_rest(world: World, people: dict[str, User], kind: str) -> None:
    asked = accepted(world)
    response = act(world.officer, asked, f"answer_{kind}", text_ar="نصي محفوظ")
    text = response.content.decode()
    assert response.status_code == 422
    assert "نصي محفوظ" in text
    assert "text_en" in re.findall(r'href="#id_(\w+)"', text)
    assert not Answer.objects.exists()


def test_only_datasets_of_ones_own_organisation_are_offered(world: World, people: dict[str, User]) -> None:
    other = version(world, of=asset(world, unit=world.other_unit, state="published", published_at=timezone.now()))
    asked = accepted(world)
    assert other.dataset.title_en not in signed_in(world.officer).get(do(asked, "answer_released")).content.decode()
    assert act(world.officer, asked, "answer_released", dataset=other.dataset_id, **TEXTS).status_code == 422


def test_a_plan_offers_the_schedule_only_to_who_may_set_it(world: World, people: dict[str, User]) -> None:
    asked = accepted(world, asset=asset(world))
    data = {**TEXTS, "planned_on": "31/12/2090", "into_schedule": "on"}
    assert "into_schedule" not in signed_in(world.officer).get(do(asked, "answer_planned")).content.decode()
    steward = officer("steward", world.licensing, Role.OFFICER, "decide_asset")
    assert "into_schedule" in signed_in(steward).get(do(asked, "answer_planned")).content.decode()
    act(steward, asked, "answer_planned", **data)
    asked.asset.refresh_from_db()
    assert asked.asset.state == "scheduled"


def test_who_answered_is_not_offered_to_reconsider_and_is_told_why(world: World, people: dict[str, User]) -> None:
    asked = reviewing(world)
    text = signed_in(world.officer).get(page(asked)).content.decode()
    assert "Somebody else has to reconsider" in text
    assert "answer_planned" not in text
    response = act(world.officer, asked, "answer_planned", **TEXTS, planned_on="31/12/2090")
    assert response.status_code == 409
    assert "Text of the answer" in response.content.decode()
    assert Answer.objects.count() == 1
    assert act(world.colleague, asked, "answer_planned", **TEXTS, planned_on="31/12/2090").status_code == 302


def test_the_second_of_two_officers_is_told_what_happened_and_keeps_the_text(
    world: World, people: dict[str, User]
) -> None:
    asked = accepted(world)
    seen = AuditEvent.objects.about(asked).order_by("-pk").first().pk
    data = {**TEXTS, **BASIS, "version": asked.version, "seen": seen, "step": "send"}
    answer_request(asked=DataRequest.objects.get(pk=asked.pk), reply=reply(), by=world.colleague)
    response = signed_in(world.officer).post(do(asked, "answer_refused"), data)
    text = html.unescape(response.content.decode())
    assert response.status_code == 409
    assert "Text of the answer" in text
    assert "Khalid" in text
    assert "no longer possible" in text
    assert Answer.objects.count() == 1


def test_a_text_for_a_request_that_went_elsewhere_is_given_back(world: World, people: dict[str, User]) -> None:
    asked = accepted(world)
    route_request(asked=DataRequest.objects.get(pk=asked.pk), unit=world.other_unit, by=world.colleague)
    data = {**TEXTS, **BASIS, "version": asked.version, "step": "send"}
    response = signed_in(world.officer).post(do(asked, "answer_refused"), data)
    assert response.status_code == 404
    assert "Text of the answer" in response.content.decode()


def test_merging_by_a_wrong_reference_says_so(world: World, people: dict[str, User]) -> None:
    response = act(world.officer, accepted(world), "merge", reference="0000-0000-1")
    assert response.status_code == 422
    assert "No public request has this reference" in response.content.decode()


def test_looking_at_the_contact_is_noted_and_searching_by_it_too(world: World, people: dict[str, User]) -> None:
    asked = accepted(world)
    client = signed_in(world.officer)
    assert EMAIL not in client.get(page(asked)).content.decode()
    assert EMAIL in client.post(page(asked)).content.decode()
    assert AuditEvent.objects.about(asked).filter(verb="datarequest.contact_viewed", actor=world.officer).exists()
    for term in (EMAIL, "90000012"):
        assert f"/{asked.pk}/change/" in client.get(ADMIN, {"q": term}).content.decode()
    events = AuditEvent.objects.filter(verb="datarequest.contact_search")
    assert events.count() == 2
    assert EMAIL not in str(list(events.values()))


def test_nothing_a_requester_wrote_is_in_the_trail(world: World) -> None:
    asked = reviewing(world)
    assert OWN_WORDS not in str(list(AuditEvent.objects.values()))
    assert asked.name


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_pages_open_in_both_languages(world: World, people: dict[str, User], language: str) -> None:
    User.objects.filter(pk=world.head.pk).update(language=language)
    client = signed_in(User.objects.get(pk=world.head.pk))
    client.cookies["django_language"] = language
    for asked in (accepted(world), answered(world), reviewing(world)):
        assert client.get(page(asked)).status_code == 200
    assert client.get(ADMIN).status_code == 200
    assert client.get("/admin/").status_code == 200


def test_the_list_and_the_desk_ask_as_often_for_three_as_for_one(world: World, people: dict[str, User]) -> None:
    accepted(world)
    client = signed_in(world.officer)
    counts: list[list[int]] = []
    for _round in range(2):
        counts.append([])
        for path in (ADMIN, "/admin/"):
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            counts[-1].append(len(queries))
        accepted(world)
        accepted(world)
    assert counts[0] == counts[1]


def test_the_desk_says_when_what_was_planned_is_published(world: World, people: dict[str, User]) -> None:
    row = asset(world)
    asked = accepted(world, asset=row)
    answer_request(asked=asked, reply=reply(Outcome.PLANNED), by=world.officer)
    client = signed_in(world.colleague)
    words = "The data is published now: answer these"
    assert words not in client.get("/admin/").content.decode()
    version(world, of=row)
    desk: Client = client
    assert words in desk.get("/admin/").content.decode()
    assert asked.reference in desk.get(ADMIN, {"queue": "published"}).content.decode()
    assert words not in signed_in(world.outsider).get("/admin/").content.decode()


def test_late_requests_are_marked_in_the_list(world: World, people: dict[str, User]) -> None:
    asked = accepted(world)
    DataRequest.objects.filter(pk=asked.pk).update(due_at=timezone.now() - timedelta(days=1))
    assert '<span class="chip danger">late</span>' in signed_in(world.officer).get(ADMIN).content.decode()
