"""A citizen writes to us: what she sees when all goes well, and when it does not."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile

from participation.feedback.actions.routing import route_by_rules
from participation.feedback.forms import FASTEST
from participation.feedback.models import Case
from participation.feedback.states import Kind, State
from participation.feedback.tokens import FORM_SALT
from portal.attachments.models import Attachment
from portal.references import secret_matches


def form_token(name: str = "one", age: float = FASTEST + 10) -> str:
    return signing.dumps({"id": name, "at": time.time() - age}, salt=FORM_SALT)


def fields(world: Any, **changes: Any) -> dict[str, Any]:
    values = {
        "token": form_token(), "kind": Kind.COMPLAINT, "topic": world.topic.pk, "text": "تأخر تجديد الرخصة منذ أسبوعين",
        "governorate": "", "name": "", "email": "maryam@citizen.example", "phone": "",
    }  # fmt: skip
    return values | changes


def test_it_stores_the_message_and_leads_to_the_confirmation(client, world):
    response = client.post("/ar/contact/", fields(world))
    case = Case.objects.get()
    assert response.status_code == 302
    assert response.url.startswith(f"/ar/contact/sent/{case.reference}/?key=")
    page = client.get(response.url).content.decode()
    secret = re.search(r">([0-9A-Z]{4}-[0-9A-Z]{4})</bdi>", page).group(1)
    assert case.reference in page
    assert secret_matches(secret, case.secret_hash)
    assert case.state == State.RECEIVED
    assert case.language == "ar"


def test_the_confirmation_tells_the_due_time_once_a_unit_has_the_case(client, world):
    url = client.post("/ar/contact/", fields(world)).url
    case = Case.objects.get()
    assert "/due/" not in client.get(url).content.decode()
    route_by_rules(case_id=case.pk)
    page = client.get(url).content.decode()
    assert world.licensing.name_ar in page
    assert "/due/" in page


def test_the_confirmation_opens_with_its_key_only(client, world):
    client.post("/ar/contact/", fields(world))
    reference = Case.objects.get().reference
    for key in ("", "?key=", "?key=nonsense", "?key=%00"):
        assert client.get(f"/ar/contact/sent/{reference}/{key}").status_code == 404


def test_sending_the_same_form_twice_stores_one_case_and_shows_the_same_code(client, world):
    first, second = (client.post("/ar/contact/", fields(world)) for _ in range(2))
    assert Case.objects.count() == 1
    codes = {
        re.search(r">([0-9A-Z]{4}-[0-9A-Z]{4})</bdi>", client.get(r.url).content.decode()).group(1)
        for r in (first, second)
    }
    assert len(codes) == 1


@pytest.mark.parametrize("language", ["ar", "en"])
def test_what_is_missing_is_said_and_what_was_typed_stays(client, world, language):
    response = client.post(f"/{language}/contact/", fields(world, kind="", topic="", email="not an address"))
    page = response.content.decode()
    assert response.status_code == 422
    assert page.count('href="#id_') == 3
    assert 'role="alert"' in page
    assert "تأخر تجديد الرخصة منذ أسبوعين" in page
    assert "not an address" in page
    assert re.search(r"<title>(خطأ:|Error:)", page)
    assert not Case.objects.exists()


def test_a_form_open_for_too_long_comes_back_whole_and_can_be_sent(client, world):
    response = client.post("/en/contact/", fields(world, token=form_token(age=8 * 86400)))
    assert response.status_code == 422
    assert "open for too long" in response.content.decode()
    token = re.search(r'name="token" value="([^"]+)"', response.content.decode()).group(1)
    signed = signing.loads(token, salt=FORM_SALT)
    again = signing.dumps({**signed, "at": signed["at"] - 60}, salt=FORM_SALT)
    assert client.post("/en/contact/", fields(world, token=again)).status_code == 302


@pytest.mark.parametrize(
    ("changes", "sign"),
    [
        ({"website": "http://buy.example"}, "trap"),
        ({"token": "fresh"}, "speed"),
        ({"text": "look " + "http://buy.example " * 6}, "links"),
    ],
)
def test_a_suspicion_holds_the_message_and_tells_the_sender_so(client, world, changes, sign):
    if changes.get("token"):
        changes = {"token": form_token(age=0)}
    response = client.post("/en/contact/", fields(world, **changes))
    case = Case.objects.get()
    assert case.state == State.SUSPECTED
    assert case.suspicion == sign
    assert "A person looks at it first" in client.get(response.url).content.decode()


def test_the_same_text_from_the_same_sender_is_told_its_reference(client, world):
    client.post("/en/contact/", fields(world))
    response = client.post("/en/contact/", fields(world, token=form_token("two")))
    assert response.status_code == 422
    assert Case.objects.get().reference in response.content.decode()
    assert Case.objects.count() == 1


def test_a_public_safety_claim_is_kept_for_corrections_only(client, world):
    client.post("/ar/contact/", fields(world, safety_requested="on"))
    assert not Case.objects.get().safety_requested
    client.post(
        "/ar/contact/", fields(world, token=form_token("two"), kind=Kind.DATA_CORRECTION, safety_requested="on")
    )
    assert Case.objects.get(kind=Kind.DATA_CORRECTION).safety_requested


def test_phone_digits_of_any_script_are_understood(client, world):
    client.post("/ar/contact/", fields(world, email="", phone="٩٢٣٤ ٥٦٧٨"))
    assert Case.objects.get().phone == "+96892345678"


def test_files_survive_a_correction_of_the_form(client, world):
    upload = SimpleUploadedFile("رسالة.txt", "نص".encode(), content_type="text/plain")
    response = client.post("/ar/contact/", fields(world, kind="", uploads=upload))
    assert "رسالة.txt" in response.content.decode()
    kept = re.search(r'name="kept" value="([^"]+)"', response.content.decode()).group(1)
    assert client.post("/ar/contact/", fields(world, kept=kept)).status_code == 302
    assert Case.objects.get().attachments.get().attachment.original_name == "رسالة.txt"
    assert Attachment.objects.count() == 1


def test_an_altered_list_of_kept_files_is_ignored(client, world):
    assert client.post("/ar/contact/", fields(world, kept="WyIxIl0:x:y")).status_code == 302
    assert not Case.objects.get().attachments.exists()


def test_a_case_keeps_its_files(client, world):
    upload = SimpleUploadedFile("رسالة.txt", "نص".encode(), content_type="text/plain")
    client.post("/ar/contact/", fields(world, uploads=upload))
    assert Case.objects.get().attachments.get().attachment.original_name == "رسالة.txt"
    again = SimpleUploadedFile("رسالة.txt", "نص".encode(), content_type="text/plain")
    client.post("/ar/contact/", fields(world, uploads=again))
    assert Attachment.objects.count() == 1


def test_more_messages_than_usual_from_one_address_are_looked_at_first(client, world, settings):
    settings.THROTTLES = {**settings.THROTTLES, "submit": (1, 3600)}
    for number in range(2):
        client.post("/ar/contact/", fields(world, token=form_token(str(number)), text=f"رسالة رقم {number}"))
    assert list(Case.objects.order_by("pk").values_list("state", "suspicion")) == [
        ("received", ""),
        ("suspected", "many"),
    ]


def test_a_flood_has_to_wait_and_loses_nothing(client, world, settings):
    settings.THROTTLES = {**settings.THROTTLES, "flood": (2, 3600)}
    answers = [
        client.post("/ar/contact/", fields(world, token=form_token(str(n)), text=f"رسالة رقم {n}")) for n in range(3)
    ]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert "رسالة رقم 2" in answers[2].content.decode()


def test_an_outage_of_the_cache_silences_nobody(client, world, settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    assert client.post("/ar/contact/", fields(world)).status_code == 302
    assert client.get("/ar/").status_code == 200
