"""Who sees and does what: every role against every staff address of a case."""

from __future__ import annotations

import io
import re
import uuid

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from participation.feedback.models import Case, CaseAttachment, Message
from participation.feedback.staffside.verbs import VERBS
from participation.feedback.states import State
from portal.attachments.actions import accept_upload
from portal.attachments.content import check_upload
from portal.audit.models import AuditEvent
from portal.clocks.models import Clock
from tests.people import World, open_case, submitted

pytestmark = pytest.mark.django_db
LIST = "/admin/feedback/case/"
PERSONS = ["officer", "colleague", "lead", "head", "triager", "outsider", "administrator"]
MEMBERS = ["officer", "colleague", "lead", "head"]


def signed_in(world: World, name: str) -> Client:
    client = Client()
    client.force_login(getattr(world, name))
    return client


def with_file(case: Case) -> uuid.UUID:
    upload = check_upload(SimpleUploadedFile("note.txt", "نص".encode(), "text/plain"))
    attachment = accept_upload(upload)
    CaseAttachment.objects.create(case=case, attachment=attachment)
    return attachment.public_id


def same(html: str, pk: int) -> str:
    """A page without what differs between any two requests: the address asked for and the CSRF token."""
    return re.sub(r'csrfmiddlewaretoken" value="\w+"', "", html).replace(f"/{pk}/", "/N/")


def page(case: Case) -> str:
    return f"{LIST}{case.pk}/change/"


@pytest.mark.parametrize("name", PERSONS)
def test_it_opens_a_case_to_its_unit_only(world: World, name: str) -> None:
    case = open_case(world)
    clock = Clock.objects.about("feedback.case", case.pk).first()
    addresses = [page(case), f"{LIST}{case.pk}/due/{clock.pk}/", f"{LIST}{case.pk}/files/{with_file(case)}/"]
    wanted = 200 if name in MEMBERS else 404
    client = signed_in(world, name)
    for address in addresses:
        assert client.get(address).status_code == wanted, address
    assert client.get(f"{LIST}{case.pk}/history/").status_code == (302 if name in MEMBERS else 404)


@pytest.mark.parametrize("name", PERSONS)
def test_it_shows_an_unrouted_case_to_the_call_centre_only(world: World, name: str) -> None:
    case = submitted(world, kind="comment").case
    wanted = 200 if name == "triager" else 404
    assert signed_in(world, name).get(page(case)).status_code == wanted


@pytest.mark.parametrize("name", ["outsider", "triager", "administrator"])
def test_it_refuses_every_verb_on_a_case_of_another_unit(world: World, name: str) -> None:
    case = open_case(world)
    client = signed_in(world, name)
    for verb in [*VERBS, "contact", "delete"]:
        data = {"do": verb, "version": case.version, "text": "x", "step": "send"}
        answer, nowhere = client.post(page(case), data), client.post(f"{LIST}999999/change/", data)
        assert (answer.status_code, nowhere.status_code) == (404, 404), verb
        assert same(answer.content.decode(), case.pk) == same(nowhere.content.decode(), 999999), verb
    assert Case.objects.get(pk=case.pk).version == case.version
    assert not AuditEvent.objects.about(case).filter(actor=getattr(world, name)).exists()


@pytest.mark.parametrize("verb", ["assign", "priority", "safety", "remove", "release"])
def test_it_keeps_verbs_of_leads_and_triagers_from_officers(world: World, verb: str) -> None:
    case = open_case(world)
    answer = signed_in(world, "officer").post(page(case), {"do": verb, "version": case.version, "priority": "high"})
    assert answer.status_code == 403
    assert Case.objects.get(pk=case.pk).version == case.version


def test_it_offers_each_role_its_buttons(world: World) -> None:
    case = open_case(world)
    offered = {}
    for name in ("officer", "lead", "head"):
        html = signed_in(world, name).get(page(case)).content.decode()
        offered[name] = {key for key in VERBS if f'name="do" value="{key}"' in html}
    assert offered["officer"] == {"claim", "reply", "ask", "note", "route", "refer", "close", "rule_out"}
    assert offered["lead"] == offered["head"] == offered["officer"] | {"assign", "priority", "remove"}


def test_it_shows_a_viewer_without_the_right_to_change_no_button(world: World) -> None:
    case = open_case(world)
    world.officer.user_permissions.set(Permission.objects.filter(codename="view_case"))
    html = signed_in(world, "officer").get(page(case)).content.decode()
    assert 'name="do"' not in html
    answer = signed_in(world, "officer").post(page(case), {"do": "claim", "version": case.version})
    assert answer.status_code == 403


def test_it_sends_anonymous_visitors_to_the_sign_in_page(world: World) -> None:
    case = open_case(world)
    clock = Clock.objects.about("feedback.case", case.pk).first()
    addresses = [
        "/admin/", LIST, page(case), f"{LIST}{case.pk}/due/{clock.pk}/", f"{LIST}{case.pk}/history/",
        f"{LIST}{case.pk}/files/{with_file(case)}/", f"{LIST}register/", f"{LIST}registered/",
        "/admin/feedback/routingrule/try/",
    ]  # fmt: skip
    for address in addresses:
        answer = Client().get(address)
        assert answer.status_code == 302, address
        assert answer.headers["Location"].startswith("/admin/login/"), address
    assert Client().post(f"{LIST}export/csv/").headers["Location"].startswith("/admin/login/")
    assert Client().post(page(case), {"do": "claim"}).headers["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("name", PERSONS)
def test_it_lists_and_finds_only_what_the_reader_may_see(world: World, name: str) -> None:
    mine = open_case(world, text="رسوم السجل التجاري مرتفعة", email="sender@citizen.example")
    unrouted = submitted(world, kind="comment", text="رسوم السجل في التعليق", email="sender@citizen.example").case
    client = signed_in(world, name)
    for query in ["", "?q=السجل", "?q=sender@citizen.example", f"?q={mine.reference}", f"?q={unrouted.reference}"]:
        html = client.get(LIST + query).content.decode()
        rows = html.partition('id="result_list"')[2]
        assert not (mine.reference in rows and name not in MEMBERS), query
        assert not (unrouted.reference in rows and name != "triager"), query
    expected = {"triager": unrouted.reference}.get(name, mine.reference if name in MEMBERS else "")
    assert expected in client.get(LIST).content.decode()


def test_it_offers_only_the_readers_own_units_as_filter(world: World) -> None:
    open_case(world)
    html = signed_in(world, "officer").get(f"{LIST}?unit={world.other_unit.pk}").content.decode()
    assert str(world.other_unit.name_en) not in html
    assert signed_in(world, "officer").get(f"{LIST}?secret_hash__startswith=a").status_code == 400


def test_it_completes_no_reference_of_another_unit(world: World) -> None:
    case = open_case(world)
    query = {"term": case.reference, "app_label": "feedback", "model_name": "message", "field_name": "case"}
    for name in PERSONS:
        answer = signed_in(world, name).get("/admin/autocomplete/", query).content.decode()
        assert (case.reference in answer) == (name in MEMBERS), name


def test_it_exports_what_the_reader_sees_and_notes_it(world: World) -> None:
    mine = open_case(world, text="=1+1 رسوم")
    submitted(world, kind="comment", text="another one")
    answer = signed_in(world, "lead").post(f"{LIST}export/csv/?kind=complaint")
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert body.count("\r\n") == 2
    assert mine.reference in body
    assert "\"'=1+1" in body
    assert "maryam" not in body
    assert "مريم" not in body
    event = AuditEvent.objects.get(verb="case.exported")
    assert event.actor == world.lead
    assert event.data == {"count": 1, "format": "csv", "filters": {"kind": "complaint"}}


def test_it_exports_an_arabic_sheet(world: World) -> None:
    from openpyxl import load_workbook

    open_case(world)
    world.lead.language = "ar"
    world.lead.save()
    answer = signed_in(world, "lead").post(f"{LIST}export/xlsx/")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert sheet.sheet_view.rightToLeft
    assert sheet.max_row == 2


@pytest.mark.parametrize("name", ["officer", "triager", "outsider"])
def test_it_exports_nothing_without_the_permission(world: World, name: str) -> None:
    open_case(world)
    assert signed_in(world, name).post(f"{LIST}export/csv/").status_code == 403
    assert not AuditEvent.objects.filter(verb="case.exported").exists()


def test_it_exports_by_post_only(world: World) -> None:
    assert signed_in(world, "lead").get(f"{LIST}export/csv/").status_code == 405


def test_it_shows_an_administrator_no_case_at_all(world: World) -> None:
    case = open_case(world)
    html = signed_in(world, "administrator").get(LIST).content.decode()
    assert case.reference not in html
    body = b"".join(signed_in(world, "administrator").post(f"{LIST}export/csv/").streaming_content).decode()
    assert case.reference not in body


def test_it_notes_who_looked_at_a_contact(world: World) -> None:
    case = open_case(world, phone="+96892123456")
    client = signed_in(world, "officer")
    assert "maryam@citizen.example" not in client.get(page(case)).content.decode()
    html = client.post(page(case), {"do": "contact"}).content.decode()
    assert "maryam@citizen.example" in html
    assert "+96892123456" in html
    assert AuditEvent.objects.about(case).filter(verb="case.contact_viewed", actor=world.officer).count() == 1


@pytest.mark.parametrize("typed", ["MARYAM@citizen.example ", "9212 3456", "٩٢١٢٣٤٥٦"])
def test_it_finds_by_contact_and_notes_that_but_not_what(world: World, typed: str) -> None:
    case = open_case(world, phone="+96892123456")
    html = signed_in(world, "officer").get(LIST, {"q": typed}).content.decode()
    assert case.reference in html
    event = AuditEvent.objects.get(verb="case.contact_search")
    assert (event.actor, event.data) == (world.officer, {})


def test_it_finds_a_reference_however_it_is_typed(world: World) -> None:
    case = open_case(world)
    arabic = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    typed = case.reference.replace("-", " ").lower().translate(arabic)
    assert case.reference in signed_in(world, "officer").get(LIST, {"q": typed}).content.decode()


def test_it_finds_words_of_notes_and_replies_in_both_languages(world: World) -> None:
    case = open_case(world, text="The licence fee is wrong")
    Message.objects.all().delete()
    client = signed_in(world, "officer")
    client.post(page(case), {"do": "note", "version": case.version, "text": "راجعنا الرسوم والبيانات"})
    for word in ["fees", "licences", "بيانات", "رسوم"]:
        assert case.reference in client.get(LIST, {"q": word}).content.decode(), word
    assert case.reference not in client.get(LIST, {"q": "مدرسة"}).content.decode()


def test_it_never_deletes_a_case(world: World) -> None:
    case = open_case(world)
    for name in ("head", "administrator"):
        assert signed_in(world, name).post(f"{LIST}{case.pk}/delete/", {"post": "yes"}).status_code in (302, 403, 404)
    assert Case.objects.filter(pk=case.pk, state=State.OPEN).exists()
