"""Requests for data in every state, quick to have, and the people who deal with them."""

from __future__ import annotations

import itertools
import secrets
import time
from datetime import timedelta
from typing import Any

from django.core import signing
from django.test import Client
from django.utils import timezone

from opendata.catalogue.models import Dataset, Release, Version
from opendata.data_requests.actions.answering import Reply, answer_request
from opendata.data_requests.actions.asking import ask_reconsideration
from opendata.data_requests.actions.intake import Entry, Submitted, submit_request
from opendata.data_requests.actions.work import Wording, accept_request
from opendata.data_requests.choices import Outcome
from opendata.data_requests.links import FORM_SALT
from opendata.data_requests.models import DataRequest
from opendata.inventory.models import Asset
from portal.organisations.models import Role, Unit
from portal.staff.models import User
from tests.people import World, staff

OFFICER = ("view_datarequest", "change_datarequest")
ADMIN = "/admin/data_requests/datarequest/"
EMAIL, PHONE = "maryam@citizen.example", "+96890000012"
OWN_WORDS = "zebra-quagga"
"""Stands in everything a requester writes, and nowhere in what is public."""
_numbers = itertools.count(1)


def entry(**changes: Any) -> Entry:
    number = next(_numbers)
    values = {
        "title": f"{OWN_WORDS} حوادث المرور {number}", "text": f"{OWN_WORDS} بحسب الولاية والشهر منذ 2020",
        "why": f"{OWN_WORDS} لبحث جامعي", "language": "ar", "name": "مريم", "email": EMAIL, "phone": PHONE,
    }  # fmt: skip
    return Entry(**{**values, **changes})


def sent(**changes: Any) -> Submitted:
    """A request just sent, with its secret."""
    return submit_request(entry=entry(**changes), form_token=f"asked-{next(_numbers)}")


def wording(**changes: Any) -> Wording:
    number = next(_numbers)
    values = {
        "public_title_ar": f"حوادث المرور بحسب الولاية {number}",
        "public_title_en": f"Road accidents by wilayat {number}",
        "public_summary_ar": "أعداد الحوادث شهريًا", "public_summary_en": "Accidents by month",
    }  # fmt: skip
    return Wording(**{**values, **changes})


def accepted(world: World, by: User | None = None, unit: Unit | None = None, **changes: Any) -> DataRequest:
    """A request in the queue of the licensing unit."""
    asked = sent(**changes).asked
    by = by or world.administrator
    return accept_request(asked=asked, unit=unit or world.licensing, wording=wording(), by=by)


def reply(kind: str = Outcome.REFUSED, **changes: Any) -> Reply:
    """A complete answer of a kind that needs no dataset; give `version` for one that does."""
    more: dict[str, dict[str, Any]] = {
        Outcome.PLANNED: {"planned_on": timezone.localdate() + timedelta(days=60)},
        Outcome.NOT_HELD: {"holder_ar": "المركز الوطني للإحصاء", "holder_en": "The national statistics centre"},
        Outcome.REFUSED: {"reason": "personal", "legal_basis_ar": "قانون حماية البيانات", "legal_basis_en": "Data law"},
    }
    values = {"text_ar": "نص الجواب", "text_en": "Text of the answer", **more.get(kind, {})}
    return Reply(kind=kind, **{**values, **changes})


def answered(world: World, kind: str = Outcome.REFUSED, by: User | None = None, **changes: Any) -> DataRequest:
    asked = accepted(world)
    answer_request(asked=asked, reply=reply(kind, **changes), by=by or world.officer)
    return asked


def reviewing(world: World, by: User | None = None) -> DataRequest:
    """An answer that is to be reconsidered."""
    return ask_reconsideration(asked=answered(world, by=by), reason=f"{OWN_WORDS} it is not personal")


def asset(world: World, unit: Unit | None = None, **fields: Any) -> Asset:
    """An open, assessed asset."""
    number = next(_numbers)
    unit = unit or world.licensing
    values = {
        "code": f"R-{number}", "title_ar": f"سجل المركبات {number}", "title_en": f"Vehicle register {number}",
        "theme": "transport", "access": "open", "state": "assessed", "assessed_at": timezone.now(),
    }  # fmt: skip
    return Asset.objects.create(unit=unit, organisation=unit.organisation, **{**values, **fields})


def version(world: World, of: Asset | None = None, **fields: Any) -> Version:
    """A published version, stored as the pipeline stores it but without files."""
    number = next(_numbers)
    of = of or asset(world, state="published", published_at=timezone.now())
    dataset, _new = Dataset.objects.get_or_create(asset=of, defaults={
        "slug": f"made-{number}", "title_ar": f"مجموعة {number}", "title_en": f"Made {number}",
        "description_ar": "وصف", "description_en": "Description",
    })  # fmt: skip
    release = Release.objects.create(
        dataset=dataset,
        uploaded_by=world.administrator,
        stage="published",
        file_size=1,
        approved_by=world.lead,
        approved_at=timezone.now(),
        **fields,
    )
    made = Version.objects.create(
        dataset=dataset, release=release, sequence=1, major=1, minor=0, patch=0, kind="new", rows=2, columns=[],
        manifest="{}", manifest_sha256=f"{number:064x}", signature="x", key_id="k", table_sha256="0" * 64,
    )  # fmt: skip
    Dataset.objects.filter(pk=dataset.pk).update(latest=made)
    return made


def officers(world: World) -> dict[str, User]:
    """Everybody of the world may deal with requests, each in their unit."""
    from django.contrib.auth.models import Permission

    wanted = Permission.objects.filter(codename__in=OFFICER)
    people = {name: getattr(world, name) for name in ("officer", "colleague", "lead", "head", "triager", "outsider")}
    for user in people.values():
        user.user_permissions.add(*wanted)
    return people


def officer(name: str, unit: Unit, role: str = Role.OFFICER, *more: str) -> User:
    return staff(name, unit, role, *OFFICER, *more)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def token() -> str:
    """A token of a form that was open for a while."""
    return signing.dumps({"id": secrets.token_hex(16), "at": time.time() - 60}, salt=FORM_SALT)


def typed(**changes: Any) -> dict[str, Any]:
    """The form, filled in."""
    values = {"token": token(), "title": f"Bridges {next(_numbers)}", "text": "All bridges with their age.", "why": "",
              "format": "csv", "name": "", "email": "", "phone": "", "website": "", "seen": ""}  # fmt: skip
    return {**values, **changes}
