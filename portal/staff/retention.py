"""How long accounts of staff, and notes of their signing in, are kept. Citizens have no account."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.translation import gettext_lazy as _

from portal.retention.registry import Rule, before, days, register
from portal.staff.models import User

ACCOUNT_DAYS = days("staff.account", 10 * 365)
CHANGES_DAYS = days("staff.changes", 3 * 365)
SIGN_IN_DAYS = days("staff.sign_in", 90)
SESSION_DAYS = 1
FORMER = "former-"
SAFETY = _("To notice and stop attempts to get in.")
SAFETY_BASIS = _("Personal data of citizens must be kept from people who have no right to it.")
SIGN_IN = ("user_agent", "ip_address", "username", "http_accept", "path_info")
SIGN_IN_MODELS: dict[str, tuple[type[models.Model], tuple[str, ...]]] = {
    "staff.sign_in": (AccessLog, (*SIGN_IN, "session_hash")),
    "staff.sign_in_attempts": (AccessAttempt, (*SIGN_IN, "get_data", "post_data")),
    "staff.sign_in_failures": (AccessFailureLog, SIGN_IN),
}


def delete(rows: QuerySet[Any]) -> int:
    """Delete these rows."""
    count = rows.count()
    rows.delete()
    return count


def accounts_due(at: datetime) -> QuerySet[User]:
    """Accounts switched off, and not used for so long that the trail no longer names them."""
    last = Coalesce("last_login", "date_joined")
    rows = User.objects.filter(is_active=False).exclude(username__startswith=FORMER)
    return rows.alias(last=last).filter(last__lt=before(at, ACCOUNT_DAYS))


def forget(users: QuerySet[User]) -> int:
    """Forget who these were. The row stays: others point at it."""
    nobody = Concat(Value(FORMER), Cast("pk", models.TextField()))
    return users.update(username=nobody, email="", name_ar="", name_en="", password=make_password(None))


def changes_due(at: datetime) -> QuerySet[LogEntry]:
    """Notes of changes made in the staff site."""
    return LogEntry.objects.filter(action_time__lt=before(at, CHANGES_DAYS))


def sessions_due(at: datetime) -> QuerySet[Session]:
    """Sessions that ended."""
    return Session.objects.filter(expire_date__lt=before(at, SESSION_DAYS))


def _sign_ins(key: str) -> Rule:
    model, fields = SIGN_IN_MODELS[key]
    return Rule(
        key, model._meta.label_lower, fields,
        title={
            "staff.sign_in": _("Signing in of staff: user name, address and browser"),
            "staff.sign_in_attempts": _("Attempts to sign in that are being counted"),
            "staff.sign_in_failures": _("Failed attempts to sign in: address and browser"),
        }[key],
        purpose=SAFETY, basis=SAFETY_BASIS, days=SIGN_IN_DAYS, counted_from=_("the day of the attempt"),
        due=lambda at: model._base_manager.filter(Q(attempt_time__lt=before(at, SIGN_IN_DAYS))), dispose=delete,
    )  # fmt: skip


ACCOUNT = Rule(
    "staff.account", "staff.user", ("username", "email", "password", "name_ar", "name_en"),
    title=_("Accounts of our staff: name and e-mail address at work"),
    purpose=_("To let them sign in, and to say who answered."),
    basis=_("The account belongs to the office. It is as old as the trail that names it."),
    days=ACCOUNT_DAYS, counted_from=_("the last sign-in of an account that was switched off"),
    due=accounts_due, dispose=forget,
)  # fmt: skip
CHANGES = Rule(
    "staff.changes", "admin.logentry", ("object_id", "object_repr", "change_message"),
    title=_("Changes of settings made in the staff site"),
    purpose=_("To find out how a setting came about."),
    basis=_("Public servants answer for what they do. Names, contacts and texts of citizens are not in it."),
    days=CHANGES_DAYS, counted_from=_("the day it was done"), due=changes_due, dispose=delete,
    within={"staff.user": "user"}, goes_with_subject=False,
)  # fmt: skip
SESSION = Rule(
    "staff.session", "sessions.session", ("session_key", "session_data"),
    title=_("Sessions of staff who are signed in"),
    purpose=_("To keep them signed in for a working day."),
    basis=_("Needed for signing in. Visitors have no session."),
    days=SESSION_DAYS, counted_from=_("the end of the session"), due=sessions_due, dispose=delete,
)  # fmt: skip


def register_all() -> None:
    """Tell the registry."""
    register(ACCOUNT, CHANGES, SESSION, *map(_sign_ins, SIGN_IN_MODELS))
