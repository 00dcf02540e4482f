"""Keeping a file until somebody says that it shall be taken over, and taking it over."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opendata.inventory.actions.changing import Conflict, NotPossible, lock_numbers
from opendata.inventory.actions.entering import Entry, enter_assets
from opendata.inventory.actions.steps import assess, schedule, withhold
from opendata.inventory.actions.writing import edit_asset
from opendata.inventory.importing.planning import Plan, Planned, plan
from opendata.inventory.importing.reading import Table, Unreadable, read
from opendata.inventory.models import Asset, Upload
from portal.audit.actions import record
from portal.forms import clean_text
from portal.organisations.models import Unit

GONE = _("This file was taken over already, or it lay here for too long. Upload it again.")


@transaction.atomic
def keep_upload(*, by: Any, unit: Unit, name: str, content: bytes) -> Upload:
    """Keep a file that can be read; raises reading.Unreadable, and keeps nothing, where it cannot."""
    table = read(content)
    name = clean_text(name, lines=False)[:200] or "inventory"
    upload = Upload.objects.create(unit=unit, name=name, content=content, uploaded_by=by)
    record(verb="upload.read", subject=upload, by=by, data={"unit": unit.code, "rows": len(table.rows)})
    return upload


def planned(upload: Upload, *, may_decide: bool) -> Plan:
    """What would be done with it now. Raises NotPossible where it was taken over or forgotten, or cannot be read."""
    return plan(_table(upload), upload.unit, may_decide=may_decide)


def _table(upload: Upload) -> Table:
    if upload.content is None:
        raise NotPossible(GONE)
    try:
        return read(bytes(upload.content))
    except Unreadable as error:
        raise NotPossible(error.message) from error


@transaction.atomic
def take_over(*, upload: Upload, by: Any, may_decide: bool, fingerprint: str) -> dict[str, int]:
    """Store the good rows, all or none; returns how many rows met each fate.

    Raises Conflict where the inventory is no longer what the report (of this fingerprint) was made on, NotPossible
    where the file was taken over already.
    """
    table = _table(upload)  # before anybody waits for what is locked below
    stored = Upload.objects.select_for_update(of=("self",), no_key=True).select_related("unit").get(pk=upload.pk)
    if stored.content is None:
        raise NotPossible(GONE)
    # Two files of one organisation go one after the other, also where neither finds a row to lock.
    lock_numbers(stored.unit.organisation_id)
    found = plan(table, stored.unit, may_decide=may_decide, lock=True)
    if found.fingerprint != fingerprint:
        raise Conflict
    new = [Entry(row.code, row.content, row.decision, row.release_on) for row in found.good if row.asset is None]
    enter_assets(by=by, unit=stored.unit, entries=new)
    for row in found.good:
        if row.asset is not None:
            _change(row, row.asset, by)
    counts = found.counts
    Upload.objects.filter(pk=stored.pk).update(content=None, stored_at=timezone.now(), outcome=counts)
    record(verb="upload.stored", subject=stored, by=by, data={"unit": stored.unit.code, **counts})
    return counts


def _change(row: Planned, asset: Asset, by: Any) -> None:
    if row.content:
        edit_asset(asset=asset, by=by, revision=asset.revision, **row.content)
    if "assess" in row.steps and row.decision:
        assess(asset=asset, by=by, decision=row.decision)
    if "withhold" in row.steps:
        withhold(asset=asset, by=by, decision=None if "assess" in row.steps else row.decision)
    if "schedule" in row.steps and row.release_on:
        schedule(asset=asset, by=by, release_on=row.release_on)
