"""Everything staff can edit: pages open, changes go through the actions, calendars show what would move first."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.audit.models import AuditEvent
from portal.clocks.models import Clock, EscalationStep, Incident, Pause, Policy
from portal.organisations.models import Membership
from portal.staff.models import User
from portal.working_days.models import Calendar, Closure, SpecialHours
from tests.people import World, open_case, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(world: World) -> Client:
    client = Client()
    client.force_login(world.administrator)
    return client


def management(prefix: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    data: dict[str, Any] = {
        f"{prefix}-TOTAL_FORMS": len(rows),
        f"{prefix}-INITIAL_FORMS": sum("id" in row for row in rows),
    }
    data |= {f"{prefix}-MIN_NUM_FORMS": 0, f"{prefix}-MAX_NUM_FORMS": 1000}
    return data | {f"{prefix}-{n}-{key}": value for n, row in enumerate(rows) for key, value in row.items()}


def test_every_page_opens_in_both_languages(client: Client, world: World) -> None:
    open_case(world)
    for model in admin.site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        for language in ("ar", "en"):
            assert client.get(reverse(f"admin:{name}_changelist"), {"language": language}).status_code == 200, name
        if name == "feeds_subscription":
            continue  # counted, never read: it has no other page
        assert client.get(reverse(f"admin:{name}_add")).status_code in (200, 403), name
        found = model._default_manager.first()
        if found is not None and name != "feedback_case":
            assert client.get(reverse(f"admin:{name}_change", args=[found.pk])).status_code == 200, name


def test_no_page_has_inline_script_or_style(client: Client, world: World) -> None:
    for address in ["/admin/", "/admin/feedback/case/", "/admin/working_days/closure/add/", "/admin/staff/user/add/"]:
        html = client.get(address).content.decode()
        assert "<style" not in html
        assert ' style="' not in html
        assert " on" not in [part[:3] for part in html.split("<script")[1:]]
        assert all("src=" in part.partition(">")[0] or "json" in part for part in html.split("<script")[1:]), address


def test_the_audit_trail_is_read_only(client: Client, world: World) -> None:
    open_case(world)
    event = AuditEvent.objects.first()
    address = reverse("admin:audit_auditevent_change", args=[event.pk])
    assert client.post(address, {"verb": "x"}).status_code == 403
    assert client.post(reverse("admin:audit_auditevent_delete", args=[event.pk]), {"post": "yes"}).status_code == 403
    assert client.get(reverse("admin:audit_auditevent_add")).status_code == 403


def test_an_incident_is_opened_and_closed_through_its_actions(client: Client, world: World) -> None:
    case = submitted(world, kind="data_correction").case
    client.post("/admin/clocks/incident/add/", {"title_ar": "تعطل", "title_en": "Down"})
    incident = Incident.objects.get()
    assert incident.opened_by == world.administrator
    assert Pause.objects.open().filter(subject_id=case.pk, incident=incident).exists()
    client.post("/admin/clocks/incident/", {"action": "close_selected", "_selected_action": [incident.pk]})
    assert not Pause.objects.open().exists()
    incident.refresh_from_db()
    assert incident.closed_at is not None


def test_a_changed_service_level_counts_its_version_up(client: Client, world: World) -> None:
    policy = Policy.objects.filter(kind="complaint").first()
    data = {"subject_kind": policy.subject_kind, "kind": policy.kind, "priority": "", "metric": policy.metric,
            "minutes": 600, "warn_minutes": 60, "is_active": "on"}  # fmt: skip
    client.post(reverse("admin:clocks_policy_change", args=[policy.pk]), data)
    policy.refresh_from_db()
    assert (policy.minutes, policy.version) == (600, 2)
    assert AuditEvent.objects.filter(verb="policy.changed", actor=world.administrator).exists()


def test_an_escalation_step_can_be_added(client: Client) -> None:
    data = {"level": 4, "role": "authority", "minutes_after_due": 420, "email": "a@body.example", "is_active": "on"}
    client.post("/admin/clocks/escalationstep/add/", data)
    assert EscalationStep.objects.filter(level=4).exists()


def test_names_are_wanted_in_both_languages(client: Client) -> None:
    answer = client.post("/admin/organisations/topic/add/", {"slug": "x", "name_ar": "موضوع", "position": 1})
    assert answer.status_code == 200
    assert answer.context["errors"]


def test_a_unit_has_one_head_and_the_form_says_who(client: Client, world: World) -> None:
    data = {"user": world.officer.pk, "unit": world.licensing.pk, "role": "head"}
    member = Membership.objects.get(user=world.officer)
    answer = client.post(reverse("admin:organisations_membership_change", args=[member.pk]), data)
    assert "Hilal" in answer.content.decode()
    member.refresh_from_db()
    assert member.role == "officer"


def test_a_member_of_staff_is_added_with_a_name_in_each_language(client: Client) -> None:
    data = {"username": "noor", "usable_password": "true", "name_ar": "نور", "name_en": "Noor", "language": "ar"}
    data |= {
        "password1": "correct-horse-7",
        "password2": "correct-horse-7",
        "email": "n@staff.example",
        "is_staff": "on",
    }
    client.post("/admin/staff/user/add/", data)
    assert User.objects.get(username="noor").name_ar == "نور"
    assert (
        client.post(reverse("admin:staff_user_delete", args=[User.objects.first().pk]), {"post": "yes"}).status_code
        == 403
    )


# Calendars -------------------------------------------------------------------------------------------------


def closure_data(calendar: Calendar, first: date, last: date, **more: Any) -> dict[str, Any]:
    days = {"first_day": f"{first:%d/%m/%Y}", "last_day": f"{last:%d/%m/%Y}"}
    return {
        "calendar": calendar.pk,
        "name_ar": "عطلة",
        "name_en": "Holiday",
        "status": "confirmed",
        "source": "",
        **days,
        **more,
    }


def test_a_closure_is_saved_only_after_a_look_at_what_moves(client: Client, world: World) -> None:
    open_case(world)
    calendar = Calendar.objects.default()
    today = timezone.localdate()
    data = closure_data(calendar, today, today + timedelta(days=30))
    answer = client.post("/admin/working_days/closure/add/", data)
    html = answer.content.decode()
    assert "2 open promises would be due at another time" in html
    assert not Closure.objects.exists()
    calendar.refresh_from_db()
    version = calendar.version
    client.post("/admin/working_days/closure/add/", {**data, "_confirmed": "yes"})
    closure = Closure.objects.get()
    calendar.refresh_from_db()
    assert calendar.version > version
    assert AuditEvent.objects.filter(verb="closure.announced", subject_id=str(closure.pk)).exists()
    assert Clock.objects.out_of_date().count() == 2


def test_a_closure_far_away_moves_nothing(client: Client, world: World) -> None:
    open_case(world)
    far = timezone.localdate() + timedelta(days=900)
    answer = client.post("/admin/working_days/closure/add/", closure_data(Calendar.objects.default(), far, far))
    assert "No open promise would move" in answer.content.decode()


def test_a_mistake_comes_back_as_a_form(client: Client, world: World) -> None:
    today = timezone.localdate()
    data = closure_data(Calendar.objects.default(), today, today, name_en="")
    answer = client.post("/admin/working_days/closure/add/", data)
    assert answer.context["errors"]


def test_a_closure_is_confirmed_moved_and_withdrawn_but_never_deleted(client: Client, world: World) -> None:
    calendar = Calendar.objects.default()
    day = timezone.localdate() + timedelta(days=10)
    client.post(
        "/admin/working_days/closure/add/", {**closure_data(calendar, day, day, status="tentative"), "_confirmed": "y"}
    )
    closure = Closure.objects.get()
    address = reverse("admin:working_days_closure_change", args=[closure.pk])
    later = day + timedelta(days=1)
    client.post(address, {**closure_data(calendar, later, later), "_confirmed": "y"})
    closure.refresh_from_db()
    assert (closure.status, closure.first_day) == ("confirmed", later)
    client.post(address, {**closure_data(calendar, later, later, status="withdrawn"), "_confirmed": "y"})
    closure.refresh_from_db()
    assert closure.status == "withdrawn"
    assert client.post(address, {**closure_data(calendar, day, day), "_confirmed": "y"}).status_code == 403
    assert (
        client.post(reverse("admin:working_days_closure_delete", args=[closure.pk]), {"post": "yes"}).status_code == 403
    )
    verbs = set(AuditEvent.objects.filter(subject_id=str(closure.pk)).values_list("verb", flat=True))
    assert verbs >= {"closure.announced", "closure.confirmed", "closure.withdrawn"}


def test_special_hours_are_set_changed_and_removed(client: Client, world: World) -> None:
    open_case(world)
    calendar = Calendar.objects.default()
    today = timezone.localdate()
    data = closure_data(calendar, today, today + timedelta(days=30), opens="09:00", closes="13:00")
    asked = client.post("/admin/working_days/specialhours/add/", data).content.decode()
    assert "would be due at another time" in asked
    assert not SpecialHours.objects.exists()
    client.post("/admin/working_days/specialhours/add/", {**data, "_confirmed": "y"})
    special = SpecialHours.objects.get()
    address = reverse("admin:working_days_specialhours_change", args=[special.pk])
    client.post(address, {**data, "closes": "12:00", "_confirmed": "y"})
    special = SpecialHours.objects.get()
    assert f"{special.closes:%H:%M}" == "12:00"
    delete = reverse("admin:working_days_specialhours_delete", args=[special.pk])
    assert client.get(delete).status_code == 200
    assert SpecialHours.objects.exists()
    client.post(delete, {"post": "yes"})
    assert not SpecialHours.objects.exists()


def test_weekly_hours_change_as_one_act(client: Client, world: World) -> None:
    open_case(world)
    calendar = Calendar.objects.default()
    rows = [
        {"id": row.pk, "calendar": calendar.pk, "weekday": row.weekday, "opens": "08:00", "closes": "13:00"}
        for row in calendar.weekly_hours.all()
    ]
    data = {
        "name_ar": "الدوام",
        "name_en": "Hours",
        "timezone": "Asia/Muscat",
        "is_default": "on",
        **management("weekly_hours", rows),
    }
    address = reverse("admin:working_days_calendar_change", args=[calendar.pk])
    assert "would be due at another time" in client.post(address, data).content.decode()
    assert not calendar.weekly_hours.filter(opens="08:00").exists()
    client.post(address, {**data, "_confirmed": "y"})
    assert calendar.weekly_hours.filter(opens="08:00").count() == 5
    assert AuditEvent.objects.filter(verb="calendar.hours_changed", actor=world.administrator).count() == 1


def test_next_years_holidays_are_proposed(client: Client, world: World) -> None:
    calendar = Calendar.objects.default()
    client.post("/admin/working_days/calendar/", {"action": "propose_holidays", "_selected_action": [calendar.pk]})
    assert Closure.objects.tentative().exists()
    assert not Closure.objects.confirmed().exists()
