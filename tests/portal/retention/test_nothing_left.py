"""After the last rule nothing of a citizen is anywhere: no table, no log line, no note of the disposal."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps

from portal.audit.models import AuditEvent
from portal.encryption import blind_index, normalise_email
from portal.retention.models import DisposalRun
from tests.people import World
from tests.portal.retention.past import EMAIL, TRACES, answered, disposed

pytestmark = pytest.mark.django_db


def everything_stored() -> Iterator[tuple[str, str]]:
    """Every value of every row, as the portal reads it: encrypted ones decrypted."""
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.values():
            for name, value in row.items():
                yield f"{model._meta.label_lower}.{name}", str(value)


def traces(*wanted: str) -> set[str]:
    return {where for where, value in everything_stored() for trace in wanted if trace in value}


def test_nothing_of_the_citizen_is_left_in_any_table(world: World) -> None:
    answered(world)
    index = blind_index(normalise_email(EMAIL))
    assert {"feedback.case.text", "feedback.case.email", "mail.outgoingmail.to"} <= traces(*TRACES, index)
    disposed(days=3 * 365 + 1)
    assert traces(*TRACES, index) == set()


def test_nothing_of_the_citizen_is_in_logs_trail_or_runs(world: World, caplog: Any) -> None:
    answered(world)
    before = AuditEvent.objects.order_by("-pk").values_list("pk", flat=True)[0]
    with caplog.at_level(logging.DEBUG):
        disposed(days=3 * 365 + 1)
    told = [record.getMessage() + str(record.exc_text) for record in caplog.records if "portal" in record.name]
    told += [str(row) for row in AuditEvent.objects.filter(pk__gt=before).values("verb", "subject_kind", "data")]
    told += [str(row) for row in DisposalRun.objects.values()]
    assert not [line for line in told for trace in TRACES if trace in line]
    assert set(AuditEvent.objects.filter(pk__gt=before).values_list("verb", flat=True)) == {
        "case.contact_forgotten", "case.disposed",
    }  # fmt: skip


def test_the_trail_of_a_message_never_held_anything_of_the_citizen(world: World) -> None:
    answered(world)
    assert not [event for event in AuditEvent.objects.values() for trace in TRACES if trace in str(event)]
