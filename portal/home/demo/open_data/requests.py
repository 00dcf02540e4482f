"""Requests for data in every state, and what people made of datasets."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from opendata.catalogue.models import Dataset, Reuse
from opendata.catalogue.models.around import ReuseState
from opendata.catalogue.reuses import Sent, decide_reuse, receive_reuse
from opendata.data_requests.actions.answering import Reply, answer_request
from opendata.data_requests.actions.asking import ask_reconsideration, support_request, withdraw_request
from opendata.data_requests.actions.intake import Entry, submit_request
from opendata.data_requests.actions.work import Wording, accept_request, merge_request, remove_request
from opendata.data_requests.choices import Ground
from opendata.data_requests.models import DataRequest
from opendata.inventory.models import Asset
from portal.home.demo.content import load
from portal.home.demo.open_data.inventories import asset_of
from portal.mail.models import OutgoingMail
from portal.organisations.models import Membership, Organisation, Role, Unit

TOKEN = "demonstration data request "  # noqa: S105 - the start of form tokens
ANSWERS = ("released", "planned", "partly", "not_held", "refused")


@transaction.atomic
def tell_requests() -> int:
    """Add the requests that are not there yet; returns how many. Nobody left an address, so nobody is written to."""
    known = set(DataRequest.objects.filter(form_token__startswith=TOKEN).values_list("form_token", flat=True))
    rows = [row for row in load("open_data_requests")["requests"] if f"{TOKEN}{row['key']}" not in known]
    letters = set(OutgoingMail.objects.values_list("pk", flat=True)) if rows else set()
    for row in rows:
        _tell(row)
    if rows:
        OutgoingMail.objects.filter(about_kind=DataRequest._meta.label_lower).exclude(pk__in=letters).delete()
    return len(rows)


def _tell(row: dict[str, Any]) -> None:
    asset = asset_of(row["asset"]) if "asset" in row else None
    organisation = Organisation.objects.filter(code=row.get("organisation", "")).first()
    wanted = {name: row[name] for name in ("title", "text", "language", "why", "format") if name in row}
    entry = Entry(asset=asset, organisation=organisation, **wanted)
    asked = submit_request(entry=entry, form_token=f"{TOKEN}{row['key']}").asked
    for step in row["then"]:
        _step(asked, row, step, asset)
    if asked.is_shown and asked.state not in ("merged", "withdrawn"):
        for number in range(row.get("supports", 0)):
            key = hashlib.sha256(f"{TOKEN}{row['key']} {number}".encode()).hexdigest()
            support_request(asked=asked, key=key)


def _step(asked: DataRequest, row: dict[str, Any], step: str, asset: Asset | None) -> None:
    unit = asset.unit if asset else Unit.objects.filter(code=row.get("unit", "")).first() or Unit.objects.triage()
    if unit is None:
        raise LookupError("the demonstration has no unit for a request")
    if step == "accept":
        accept_request(asked=asked, unit=unit, wording=Wording(*row["public"]), by=_one(unit, Role.OFFICER))
    elif step in ANSWERS:
        answer_request(asked=asked, reply=_reply(step, row["answer"], row), by=_one(unit, Role.LEAD))
    elif step == "planned_again":
        answer_request(asked=asked, reply=_reply("planned", row["second"], row), by=_one(unit, Role.HEAD))
    elif step == "reconsider":
        ask_reconsideration(asked=asked, reason=row["because"])
    elif step == "withdraw":
        withdraw_request(asked=asked)
    elif step == "merge":
        into = DataRequest.objects.get(form_token=f"{TOKEN}{row['into']}")
        merge_request(asked=asked, reference=into.reference, by=_one(unit, Role.OFFICER))
    else:
        remove_request(asked=asked, ground=Ground.SPAM, by=_one(unit, Role.OFFICER))


def _one(unit: Unit, role: str) -> Any:
    return Membership.objects.select_related("user").get(unit=unit, role=role).user


def _reply(kind: str, answer: dict[str, Any], row: dict[str, Any]) -> Reply:
    version = Dataset.objects.get(slug=row["dataset"]).latest if kind in ("released", "partly") else None
    return Reply(
        kind, answer["ar"], answer["en"], version=version,
        planned_on=timezone.localdate() + timedelta(days=answer["days"]) if "days" in answer else None,
        holder_ar=answer.get("holder_ar", ""), holder_en=answer.get("holder_en", ""), reason=answer.get("reason", ""),
        legal_basis_ar=answer.get("law_ar", ""), legal_basis_en=answer.get("law_en", ""),
    )  # fmt: skip


@transaction.atomic
def tell_reuses() -> int:
    """Add what people made of datasets and is not there yet; returns how many."""
    known = set(Reuse.objects.filter(token__startswith=TOKEN).values_list("token", flat=True))
    count = 0
    for number, row in enumerate(load("open_data_requests")["reuses"]):
        dataset = Dataset.objects.select_related("asset").filter(slug=row["dataset"]).first()
        token = f"{TOKEN}reuse {number}"
        if dataset is None or token in known:
            continue
        sent = Sent(row["title"], row["url"], row["about"], row["by"], row["language"])
        reuse = receive_reuse(dataset=dataset, sent=sent, token=token)
        if row["state"] != "waiting":
            by = _one(dataset.asset.unit, Role.LEAD)
            because = row.get("because", "")
            decide_reuse(reuse=reuse, state=ReuseState(row["state"]), by=by, seen=ReuseState.WAITING, because=because)
        count += 1
    return count
