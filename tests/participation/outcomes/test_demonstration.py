"""The commitments of the demonstration: one for each way to stand, told once."""

from __future__ import annotations

import pytest

from participation.outcomes.models import Commitment
from participation.outcomes.states import STANDINGS
from portal.home.demo.outcomes import tell_outcomes
from portal.home.demo.setting import ensure_setting
from portal.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db


def test_it_tells_every_kind_once_and_writes_to_nobody() -> None:
    ensure_setting()
    assert tell_outcomes() == 8
    assert tell_outcomes() == 0
    empty = [key for key in STANDINGS if not Commitment.objects.standing(key).exists()]
    assert empty == []
    assert not OutgoingMail.objects.exists()


def test_it_answers_the_polls_and_surveys_of_the_demonstration() -> None:
    ensure_setting()
    tell_outcomes()
    paths = [f"/polls/{slug}/" for slug in ("service-hours", "app-language", "parking-payment")]
    paths += [f"/surveys/{slug}/" for slug in ("social-media-use", "licence-renewal")]
    for path in paths:
        assert Commitment.objects.about([path]).count() == 1
