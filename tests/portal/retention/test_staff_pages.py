"""Holds, early disposals and periods in the staff site."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone, translation

from portal.retention import registry
from portal.retention.actions import place_hold, request_early_disposal
from portal.retention.models import EarlyDisposal, Ground, LegalHold
from portal.staff.models import User
from tests.people import World, open_case, staff
from tests.portal.retention.past import EMAIL, NAME, answered, disposed

pytestmark = pytest.mark.django_db
HOLDS, EARLY, RUNS = (f"/admin/retention/{name}/" for name in ("legalhold", "earlydisposal", "disposalrun"))


def records_officer(world: World, name: str = "rashid") -> User:
    user = staff(name, world.call_centre)
    user.user_permissions.add(*Permission.objects.filter(content_type__app_label="retention"))
    return user


@pytest.fixture
def officer(world: World, client: Client) -> User:
    user = records_officer(world)
    client.force_login(user)
    return user


def test_a_hold_is_placed_by_reference_and_lifted(world: World, client: Client, officer: User) -> None:
    case = answered(world)
    done = client.post(
        f"{HOLDS}add/", {"kind": "feedback.case", "which": case.reference.lower(), "reason": "File 7", "last_day": ""}
    )
    hold = LegalHold.objects.get()
    assert done.url == f"{HOLDS}{hold.pk}/change/"  # type: ignore[attr-defined]
    assert (hold.subject_kind, hold.subject_id, hold.placed_by) == ("feedback.case", str(case.pk), officer)
    page = client.get(done.url).content.decode()  # type: ignore[attr-defined]
    assert case.reference in page
    assert EMAIL not in page
    assert "../lift/" in page
    assert client.get(f"{HOLDS}{hold.pk}/lift/").status_code == 200
    assert LegalHold.objects.active().exists()
    client.post(f"{HOLDS}{hold.pk}/lift/")
    hold.refresh_from_db()
    assert (hold.lifted_by, hold.is_active) == (officer, False)
    assert "../lift/" not in client.get(done.url).content.decode()  # type: ignore[attr-defined]


def test_a_hold_ends_with_its_last_day(world: World, client: Client, officer: User) -> None:
    day = timezone.localdate() + timezone.timedelta(days=3)
    sent = {"kind": "everything", "reason": "File 8", "last_day": f"{day:%d/%m/%Y}"}
    client.post(f"{HOLDS}add/", sent)
    hold = LegalHold.objects.get()
    assert hold.subject_kind == ""
    assert hold.until is not None
    assert timezone.localtime(hold.until).date() == day + timezone.timedelta(days=1)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"which": "no-such"}, "which"), ({"which": ""}, "which"), ({"reason": ""}, "reason"), ({"kind": "x"}, "kind"),
     ({"last_day": "1/1/2020"}, "last_day")],
)  # fmt: skip
def test_what_cannot_be_held_is_said_and_nothing_typed_is_lost(
    world: World, client: Client, officer: User, wrong: dict[str, str], field: str
) -> None:
    sent = {"kind": "organisations.unit", "which": "licensing", "reason": "File 9", "last_day": "", **wrong}
    answer = client.post(f"{HOLDS}add/", sent)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert sent["reason"] in answer.content.decode()
    assert not LegalHold.objects.exists()


def test_one_asks_and_another_approves(world: World, client: Client, officer: User) -> None:
    case = answered(world)
    sent = {"kind": "feedback.case", "which": case.reference, "ground": Ground.PERSON}
    client.post(f"{EARLY}add/", sent)
    early = EarlyDisposal.objects.get()
    assert "/decide/" not in client.get(f"{EARLY}{early.pk}/change/").content.decode()
    client.post(f"{EARLY}{early.pk}/decide/approved/")
    early.refresh_from_db()
    assert early.decision == ""
    again = client.post(f"{EARLY}add/", sent)
    assert again.status_code == 422

    other = records_officer(world, "zahra")
    client.force_login(other)
    assert "../decide/approved/" in client.get(f"{EARLY}{early.pk}/change/").content.decode()
    assert client.get(f"{EARLY}{early.pk}/decide/approved/").status_code == 200
    client.post(f"{EARLY}{early.pk}/decide/approved/")
    early.refresh_from_db()
    assert (early.decision, early.decided_by) == ("approved", other)
    assert client.get(f"{EARLY}{early.pk}/decide/perhaps/").status_code == 404
    assert client.get(f"{EARLY}999/decide/refused/").status_code == 404


def test_an_unfinished_message_is_refused_with_a_sentence(world: World, client: Client, officer: User) -> None:
    sent = {"kind": "feedback.case", "which": open_case(world).reference, "ground": Ground.MISTAKE}
    answer = client.post(f"{EARLY}add/", sent)
    assert answer.status_code == 422
    assert "It is not finished" in answer.content.decode()


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_periods_are_those_of_the_registry(client: Client, officer: User, language: str) -> None:
    User.objects.filter(pk=officer.pk).update(language=language)
    page = client.get(f"{RUNS}periods/").content.decode()
    with translation.override(language):
        from django.utils.html import escape

        for rule in registry.rules():
            assert escape(str(rule.title)) in page
    assert "feedback.contact" in page


def test_runs_are_listed_in_words_and_numbers(world: World, client: Client, officer: User) -> None:
    answered(world)
    disposed(days=400)
    client.force_login(officer)  # sessions were due as well
    for query in ("", "?result=some", "?result=held", "?result=failed", "?rule=feedback.contact"):
        assert client.get(RUNS + query).status_code == 200
    page = client.get(f"{RUNS}?result=some").content.decode()
    assert "Your name, e-mail address and telephone number in a message to us" in page
    assert NAME not in page


@pytest.mark.parametrize("path", [HOLDS, f"{HOLDS}add/", EARLY, f"{EARLY}add/", RUNS, f"{RUNS}periods/"])
def test_who_has_no_permission_is_kept_out(world: World, client: Client, path: str) -> None:
    client.force_login(world.lead)
    assert client.get(path).status_code == 403


def test_who_may_look_may_not_act(world: World, client: Client) -> None:
    looker = staff("noor", world.call_centre, "officer", "view_legalhold", "view_earlydisposal")
    hold = place_hold(reason="x", by=world.administrator)
    early = request_early_disposal(
        kind="feedback.case", key=answered(world).pk, ground=Ground.ORDER, by=world.administrator
    )
    client.force_login(looker)
    assert client.get(f"{HOLDS}{hold.pk}/change/").status_code == 200
    for path in (f"{HOLDS}add/", f"{HOLDS}{hold.pk}/lift/", f"{EARLY}add/", f"{EARLY}{early.pk}/decide/approved/"):
        assert client.post(path).status_code == 403
    assert client.post(f"{HOLDS}{hold.pk}/delete/").status_code == 403


@pytest.mark.parametrize("path", [HOLDS, EARLY, RUNS])
def test_a_list_takes_the_same_number_of_queries_whatever_its_length(
    world: World, client: Client, officer: User, path: str
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for number in (1, 3):
        while LegalHold.objects.count() < number:
            place_hold(reason="x", by=world.administrator)
            case = answered(world, text=f"Message {LegalHold.objects.count()}")
            request_early_disposal(kind="feedback.case", key=case.pk, ground=Ground.ORDER, by=world.administrator)
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
