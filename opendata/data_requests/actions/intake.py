"""A request comes in: stored before anything else happens, once however often it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from opendata.data_requests import letters
from opendata.data_requests.actions.history import tell
from opendata.data_requests.choices import Happened, Kind
from opendata.data_requests.models import DataRequest
from opendata.inventory.models import Asset
from portal.audit.actions import record
from portal.clocks.actions import start_clocks
from portal.clocks.models import Metric
from portal.encryption import blind_index, normalise_email, normalise_phone
from portal.organisations.models import Organisation
from portal.references import hash_secret, new_reference, secret_from
from portal.search.folding import to_index_text


@dataclass(frozen=True)
class Entry:
    """What somebody asks for, already validated. `asset` is one the public knows."""

    title: str
    text: str
    language: str
    why: str = ""
    format: str = ""
    asset: Asset | None = None
    organisation: Organisation | None = None
    name: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Submitted:
    """A stored request and the secret that opens it; `is_new` is False for a repeated sending of one form."""

    asked: DataRequest
    secret: str
    is_new: bool


def submit_request(*, entry: Entry, form_token: str, suspicion: str = "") -> Submitted:
    """Store a request and start its first clock.

    One for an asset with a public title is public at once, under that title; everything else once staff have worded
    it. `form_token` makes sending idempotent. A `suspicion` holds it for a person; nothing is refused for it.
    """
    secret = secret_from(form_token)
    try:
        with transaction.atomic():
            asked = _request(entry, form_token, secret, suspicion)
            asked.save(force_insert=True)
            calendar = asked.unit.calendar if asked.unit else None
            start_clocks(subject=asked, kind=Kind.REQUEST, priority="", metrics=[Metric.ACKNOWLEDGE],
                         started_at=asked.received_at, calendar=calendar)  # fmt: skip
            tell(asked, Happened.RECEIVED)
            if not suspicion:  # whoever floods the form shall not have us write to strangers
                letters.received(asked)
            record(verb="datarequest.submitted", subject=asked, data={"asset": entry.asset and entry.asset.pk})
    except IntegrityError:  # the form came before
        earlier = DataRequest.objects.filter(form_token=form_token).first()
        if earlier is None:
            raise
        return Submitted(earlier, secret, False)
    asked.refresh_from_db()
    return Submitted(asked, secret, True)


def _request(entry: Entry, form_token: str, secret: str, suspicion: str) -> DataRequest:
    asset = entry.asset
    unit = asset.unit if asset is not None and asset.unit.is_active else None
    asked = DataRequest(
        reference=new_reference(),
        secret_hash=hash_secret(secret),
        form_token=form_token,
        suspicion=suspicion,
        unit=unit,
        email_index=blind_index(normalise_email(entry.email)) if entry.email else "",
        phone_index=blind_index(normalise_phone(entry.phone)) if entry.phone else "",
        **{name: getattr(entry, name) for name in entry.__dataclass_fields__},
    )
    if asset is not None:
        asked.organisation = asset.organisation
        if not suspicion and not asset.hidden_ground:
            titles: dict[str, Any] = {f"public_title_{code}": getattr(asset, f"title_{code}") for code in ("ar", "en")}
            for name, value in {**titles, "listed_at": timezone.now()}.items():
                setattr(asked, name, value)
            asked.search = search_vector(asked.reference, *titles.values())
    return asked


def search_vector(*texts: str | None) -> SearchVector:
    """What a request with these public texts is found by."""
    forms = to_index_text(" ".join(text for text in texts if text))
    return SearchVector(models.Value(forms, output_field=models.TextField()), config="simple")
