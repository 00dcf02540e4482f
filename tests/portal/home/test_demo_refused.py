"""The demonstration content is never put beside real cases."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from participation.feedback.models import Case
from portal.audit.models import AuditEvent
from portal.home.demo.people import passwords_file
from portal.staff.models import User
from tests.people import World, submitted


def test_it_refuses_a_database_with_real_cases_and_leaves_it_alone(world: World, settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path
    submitted(world)
    before = {model: model.objects.count() for model in (AuditEvent, Case, User)}
    with pytest.raises(CommandError, match="real people"):
        call_command("demo")
    assert {model: model.objects.count() for model in before} == before
    assert not passwords_file().exists()
