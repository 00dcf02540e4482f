"""Staff draft, publish and change what their own units promise - and nobody else's."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from participation.outcomes.actions import change_status
from participation.outcomes.models import Commitment
from participation.outcomes.staffside.forms import page_of_the_portal
from portal.audit.models import AuditEvent
from portal.staff.models import User
from tests.participation.outcomes.conftest import days_ago, make, published
from tests.people import World

pytestmark = pytest.mark.django_db
LIST = "/admin/outcomes/commitment/"
NAMES = ["add_commitment", "change_commitment", "view_commitment", "delete_commitment", "publish_commitment"]


def signed_in(user: User, *names: str) -> Client:
    user.user_permissions.add(*Permission.objects.filter(codename__in=names or NAMES))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def officer(world: World) -> Client:
    return signed_in(world.officer)


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def typed(world: World, **changes: Any) -> dict[str, Any]:
    """What an officer fills in for a new commitment."""
    inline = {"TOTAL_FORMS": 1, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
    return {
        "slug": "open-data", "title_ar": "بيانات مفتوحة", "title_en": "Open data", "asked_ar": "طلبتم البيانات.",
        "asked_en": "You asked for data.", "decided_ar": "ننشرها.", "decided_en": "We publish it.", "evidence_ar": "",
        "evidence_en": "", "decision": "accepted", "status": "promised",
        "due_on": (timezone.localdate() + timedelta(days=30)).isoformat(), "unit": world.licensing.pk, "topic": "",
        "based_on": "", **{f"links-{name}": value for name, value in inline.items()}, "links-0-path": "", **changes,
    }  # fmt: skip


def note(commitment: Commitment, **changes: Any) -> dict[str, Any]:
    """What an officer fills in to change the status."""
    return {
        "version": commitment.version, "decision": "accepted", "status": "under_way",
        "due_on": f"{commitment.due_on:%d/%m/%Y}" if commitment.due_on else "", "note_ar": "بدأ العمل.",
        "note_en": "Work has begun.", "evidence_ar": "", "evidence_en": "", **changes,
    }  # fmt: skip


def test_an_officer_drafts_one_with_the_poll_it_answers(officer: Client, world: World) -> None:
    data = typed(world, **{"links-0-path": "https://elsewhere.example/ar/contact/"})
    response = officer.post(f"{LIST}add/", data)
    assert response.status_code == 200
    assert "of this portal" in text(response)
    assert not Commitment.objects.exists()
    response = officer.post(f"{LIST}add/", {**data, "links-0-path": "/ar/contact/?kind=comment"})
    assert response.status_code == 302, text(response)
    commitment = Commitment.objects.get()
    assert not commitment.is_published
    assert [link.path for link in commitment.links.all()] == ["/contact/"]
    verbs = AuditEvent.objects.about(commitment).values_list("verb", flat=True)
    assert list(verbs) == ["commitment.drafted", "commitment.linked"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title_ar": ""}, "This field is required"),
        ({"due_on": ""}, "Give the day by which it will be done"),
        ({"decision": "declined"}, "leave the due date empty"),
        ({"decision": "in_study", "status": "kept"}, "cannot be kept yet"),
        ({"status": ""}, "Choose where it stands"),
        ({"evidence_en": "Here."}, "in both languages, or in neither"),
        ({"links-0-path": "/nowhere/at-all/"}, "There is no such page"),
        ({"links-0-path": "/track/secret-token/"}, "not for everybody"),
        ({"links-0-path": "/admin/"}, "There is no such page"),
    ],
    ids=str,
)
def test_the_form_says_what_does_not_fit(officer: Client, world: World, changes: dict[str, Any], message: str) -> None:
    response = officer.post(f"{LIST}add/", typed(world, **changes))
    assert response.status_code == 200
    assert message in text(response)
    assert not Commitment.objects.exists()


def test_a_decline_drops_the_status(officer: Client, world: World) -> None:
    officer.post(f"{LIST}add/", typed(world, decision="declined", due_on=""))
    assert Commitment.objects.get().status == ""


def test_it_is_read_in_both_languages_before_it_is_published(officer: Client, world: World) -> None:
    draft = make(world, "draft")
    page = officer.get(f"{LIST}{draft.pk}/publish/")
    assert "طلبتم أن تبقى" in text(page)
    assert "You asked for offices" in text(page)
    assert not Commitment.objects.published().exists()
    assert officer.post(f"{LIST}{draft.pk}/publish/").status_code == 302
    assert Commitment.objects.published().get().history.get().by == world.officer
    assert officer.post(f"{LIST}{draft.pk}/publish/").status_code == 302
    assert draft.history.count() == 1


def test_a_published_one_is_read_and_not_edited(officer: Client, world: World, commitment: Commitment) -> None:
    change = f"{LIST}{commitment.pk}/change/"
    page = text(officer.get(change))
    assert 'name="title_en"' not in page
    assert "You asked for offices" in page
    assert "/en/outcomes/longer-hours/" in page
    officer.post(change, typed(world, slug="other", title_en="Something else"))
    fresh = Commitment.objects.get()
    assert (fresh.slug, fresh.title_en) == ("longer-hours", "Longer hours longer-hours")


def test_a_draft_read_before_it_was_published_is_not_saved(officer: Client, world: World) -> None:
    draft = make(world, "draft")
    assert officer.get(f"{LIST}{draft.pk}/change/").status_code == 200
    published_by_another = signed_in(world.colleague)
    published_by_another.post(f"{LIST}{draft.pk}/publish/")
    officer.post(f"{LIST}{draft.pk}/change/", typed(world, title_en="Something else"))
    assert Commitment.objects.get().title_en == "Longer hours draft"


def test_the_status_is_previewed_and_then_changed(officer: Client, world: World, commitment: Commitment) -> None:
    address = f"{LIST}{commitment.pk}/status/"
    assert 'value="accepted" selected' in text(officer.get(address))
    preview = officer.post(address, note(commitment, note_en="Work has *begun*."))
    assert "Work has <em>begun</em>." in text(preview)
    assert commitment.history.count() == 1
    again = officer.post(address, note(commitment, step="edit"))
    assert "Work has begun." in text(again)
    assert officer.post(address, note(commitment, step="send")).status_code == 302
    assert commitment.history.last().by == world.officer
    assert Commitment.objects.get().status == "under_way"


def test_a_new_date_is_shown_beside_the_old_one(officer: Client, commitment: Commitment) -> None:
    later = commitment.due_on + timedelta(days=30)
    address = f"{LIST}{commitment.pk}/status/"
    assert "so far" in text(officer.post(address, note(commitment, due_on=f"{later:%d/%m/%Y}")))
    officer.post(address, note(commitment, due_on=f"{later:%d/%m/%Y}", step="send"))
    assert Commitment.objects.get().due_on == later


@pytest.mark.parametrize("step", ["", "send"])
def test_a_change_without_a_note_comes_back(officer: Client, commitment: Commitment, step: str) -> None:
    response = officer.post(f"{LIST}{commitment.pk}/status/", note(commitment, note_ar="", step=step))
    assert response.status_code == 422
    assert "There is a problem" in text(response)
    assert commitment.history.count() == 1


def test_the_second_of_two_is_told_what_changed(officer: Client, world: World, commitment: Commitment) -> None:
    mine = note(commitment, note_en="My own words.", step="send")
    notes = {"note_ar": "اكتمل.", "note_en": "It is complete."}
    change_status(commitment=commitment, by=world.colleague, status="kept", **notes)
    response = officer.post(f"{LIST}{commitment.pk}/status/", mine)
    assert response.status_code == 409
    assert "It is complete." in text(response)
    assert "My own words." in text(response)
    assert Commitment.objects.get().status == "kept"
    mine["version"] = 2
    assert officer.post(f"{LIST}{commitment.pk}/status/", mine).status_code == 302


def test_nothing_of_another_unit_is_seen_or_done(world: World, commitment: Commitment) -> None:
    stranger = signed_in(world.outsider)
    assert "Longer hours" not in text(stranger.get(LIST))
    assert stranger.get(f"{LIST}{commitment.pk}/change/").status_code == 302
    for page in ("status", "publish"):
        assert stranger.get(f"{LIST}{commitment.pk}/{page}/").status_code == 404
        assert stranger.post(f"{LIST}{commitment.pk}/{page}/", note(commitment, step="send")).status_code == 404
    response = stranger.post(f"{LIST}add/", typed(world))
    assert "Select a valid choice" in text(response)
    assert commitment.history.count() == 1


def test_publishing_needs_its_own_permission(world: World, commitment: Commitment) -> None:
    writer = signed_in(world.officer, "view_commitment", "change_commitment")
    for page in ("status", "publish"):
        assert writer.get(f"{LIST}{commitment.pk}/{page}/").status_code == 403
    assert "Change the status" not in text(writer.get(f"{LIST}{commitment.pk}/change/"))


def test_a_draft_can_be_deleted_and_a_published_one_cannot(
    officer: Client, world: World, commitment: Commitment
) -> None:
    draft = make(world, "draft")
    assert officer.post(f"{LIST}{draft.pk}/delete/", {"post": "yes"}).status_code == 302
    assert officer.post(f"{LIST}{commitment.pk}/delete/", {"post": "yes"}).status_code == 403
    assert [row.slug for row in Commitment.objects.all()] == ["longer-hours"]


def test_a_link_can_be_taken_away_and_another_added_after_publication(
    officer: Client, world: World, commitment: Commitment
) -> None:
    from participation.outcomes.actions import link

    wrong = link(commitment=commitment, path="/track/", by=None)
    data = {
        "links-TOTAL_FORMS": 2, "links-INITIAL_FORMS": 1, "links-0-id": wrong.pk, "links-0-commitment": commitment.pk,
        "links-0-DELETE": "on", "links-1-path": "/contact/",
    }  # fmt: skip
    assert officer.post(f"{LIST}{commitment.pk}/change/", data).status_code == 302
    assert [row.path for row in commitment.links.all()] == ["/contact/"]


def test_a_link_that_led_here_is_filled_in(officer: Client, world: World) -> None:
    page = text(officer.get(f"{LIST}add/?path=/polls/hours/&title_en=Hours"))
    assert 'name="links-0-path" value="/polls/hours/"' in page
    assert 'name="title_en" value="Hours"' in page


def test_an_address_of_the_portal_is_taken_in_any_shape(settings: Any) -> None:
    settings.SITE_URL = "https://portal.example"
    for typed_in in ("/contact/", "contact", "/en/contact/", "https://portal.example/ar/contact/?kind=comment#top"):
        assert page_of_the_portal(typed_in) == "/contact/"


def test_the_desk_shows_what_is_due_soon_or_late(world: World) -> None:
    officer, stranger = signed_in(world.officer), signed_in(world.outsider)
    published(world, "far", due_on=timezone.localdate() + timedelta(days=15))
    panel = lambda client: next(  # noqa: E731
        (panel for panel in client.get("/admin/").context["desk_panels"] if panel.key == "commitments"), None
    )
    assert panel(officer) is None
    published(world, "soon", due_on=timezone.localdate() + timedelta(days=14))
    assert not panel(officer).is_urgent
    published(world, "late", due_on=days_ago(2))
    found = panel(officer)
    assert [row.slug for row in found.context["commitments"]] == ["late", "soon"]
    assert (found.is_urgent, found.count) == (True, "2")
    assert "2 days late" in text(officer.get("/admin/"))
    assert panel(stranger) is None
    html = text(officer.get(found.url))
    assert "Longer hours soon" in html
    assert "Longer hours far" not in html


@pytest.mark.parametrize("address", ["/admin/", LIST])
def test_it_asks_as_often_for_three_as_for_one(
    officer: Client, world: World, address: str, django_assert_num_queries: Any
) -> None:
    published(world, "one", due_on=days_ago(1))
    officer.get(address)
    with CaptureQueriesContext(connection) as one:
        officer.get(address)
    for slug in ("two", "three"):
        published(world, slug, due_on=days_ago(1))
    with django_assert_num_queries(len(one)):
        officer.get(address)


def test_the_pages_have_one_heading_each(officer: Client, world: World, commitment: Commitment) -> None:
    draft = make(world, "draft")
    for page in (f"{draft.pk}/publish/", f"{commitment.pk}/status/", f"{commitment.pk}/change/", "add/", ""):
        assert len(re.findall("<h1", officer.get(LIST + page).content.decode())) == 1, page
