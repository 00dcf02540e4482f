"""The demonstration tells two years with organisations in every state, once."""

from __future__ import annotations

import pytest

from policies.assessment.models import Assessment, IndicatorSet
from policies.assessment.reading import reports
from policies.assessment.states import State
from portal.home.demo.assessment import tell_assessments
from portal.home.demo.people import ensure_people
from portal.home.demo.setting import ensure_setting
from portal.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db


def test_it_tells_every_state_once_and_writes_to_nobody() -> None:
    ensure_setting()
    ensure_people()
    assert tell_assessments() == 12
    assert tell_assessments() == 0
    assert set(Assessment.objects.values_list("state", flat=True)) == set(State.values)
    newest, oldest = reports(IndicatorSet.objects.opened())
    assert (newest.is_over, oldest.is_over) == (False, True)
    assert (len(newest.scored), len(oldest.scored)) == (2, 4)
    assert [body.code for body in oldest.missing] == ["statistics"]
    assert not OutgoingMail.objects.exists()
