"""The staff of the demonstration, and the password with which some of them may be tried."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from portal.home.demo.content import load
from portal.organisations.models import Membership, Unit
from portal.staff.models import User

KEY_PEOPLE = [
    "thuraya.ghaithiyah",
    "muhsin.saqri",
    "abdulaziz.mandhari",
    "qais.nadabi",
    "maryam.habsiyah",
    "admin",
    "auditor",
    "hussain.lawati",
    "ibtisam.ruqaishiyah",
]
GROUPS_OF_ROLE = {
    "officer": ["Case staff", "Data stewards", "Data publishers", "Data request officers"],
    "lead": ["Team leads", "Data stewards", "Data approvers", "Data request officers"],
    "head": ["Team leads", "Editors", "Publishers", "Data stewards", "Data approvers", "Data request officers"],
    "auditor": ["Auditors", "Open data overseer"],
    "administrator": [],
}


def passwords_file() -> Path:
    """Where the demonstration password is kept for the next start."""
    return Path(settings.DATA_DIR) / "demo-passwords.txt"


def ensure_people() -> str:
    """Make the missing staff; returns the password of the key people, which is kept for the next start."""
    password, is_new = _password()
    encoded = make_password(password)
    groups = {group.name: group for group in Group.objects.all()}
    units = {unit.code: unit for unit in Unit.objects.all()}
    for row in load("people"):
        user, is_created = User.objects.get_or_create(username=row["username"], defaults=_fields(row))
        if is_created or (is_new and user.username in KEY_PEOPLE):
            user.password = encoded if user.username in KEY_PEOPLE else make_password(None)
            user.save(update_fields=["password"])
        if is_created:
            names = GROUPS_OF_ROLE[row["role"]] + _extra_groups(row)
            user.groups.set(groups[name] for name in names if name in groups)
            if row["unit"]:
                Membership.objects.create(user=user, unit=units[row["unit"]], role=row["role"])
    return password


def _fields(row: dict[str, str]) -> dict[str, object]:
    return {
        "name_ar": row["name_ar"],
        "name_en": row["name_en"],
        "language": row["language"],
        "email": f"{row['username']}@staff.example",
        "is_staff": True,
        "is_superuser": row["role"] == "administrator",
    }


def _extra_groups(row: dict[str, str]) -> list[str]:
    if row["unit"] == "call-centre":
        return ["Call centre"]
    if row["unit"] == "portal-operations" and row["role"] != "officer":
        return ["Service levels"]
    return []


def _password() -> tuple[str, bool]:
    """The kept password, or a new one written where only its owner reads it."""
    path = passwords_file()
    if path.exists():
        return path.read_text(encoding="utf-8").splitlines()[0].partition(": ")[2], False
    password = "-".join(secrets.token_hex(3) for _part in range(3))
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"password: {password}\n" + "".join(f"{name}\n" for name in KEY_PEOPLE))
    return password, True


def table(password: str) -> list[str]:
    """Lines to print: who may be tried, as what, with which password."""
    rows = {row["username"]: row for row in load("people")}
    lines = [f"  {'user name':<20} {'role':<14} {'unit':<24} language"]
    for name in KEY_PEOPLE:
        row = rows[name]
        role = "call centre" if row["unit"] == "call-centre" else row["role"]
        lines.append(f"  {name:<20} {role:<14} {row['unit'] or '-':<24} {row['language']}")
    return [*lines, f"  password of all of them: {password}"]
