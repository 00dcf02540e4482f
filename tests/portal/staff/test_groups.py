"""The groups a new portal starts with."""

from __future__ import annotations

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.test import Client

from portal.staff.defaults import GROUPS, ensure_defaults
from portal.staff.models import User
from tests.people import build_world


def permissions(name: str) -> set[str]:
    rows = Permission.objects.filter(group__name=name).values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in rows}


def test_every_group_has_exactly_its_permissions(db: None) -> None:
    assert {name: permissions(name) for name in GROUPS} == {name: set(wanted) for name, wanted in GROUPS.items()}


def test_a_group_the_operator_changed_stays_as_it_is(db: None) -> None:
    Group.objects.get(name="Editors").permissions.clear()
    ensure_defaults(apps.get_app_config("feedback"))
    assert permissions("Editors") == set()


def test_only_the_call_centre_may_register_and_only_leads_may_export(db: None) -> None:
    assert {name for name in GROUPS if "feedback.register_case" in permissions(name)} == {"Call centre"}
    assert {name for name in GROUPS if "feedback.export_case" in permissions(name)} == {"Team leads"}


def test_their_names_are_in_the_language_of_the_page(client: Client, db: None) -> None:
    administrator = build_world().administrator
    User.objects.update(language="ar")
    client.force_login(User.objects.get(pk=administrator.pk))
    page = client.get(f"/admin/staff/user/{administrator.pk}/change/").content.decode()
    assert "موظفو طلبات البيانات" in page
    assert "Data request officers" not in page
    listed = client.get("/admin/staff/user/").content.decode()
    assert "موظفو طلبات البيانات" in listed
