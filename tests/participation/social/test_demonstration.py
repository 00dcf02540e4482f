"""The demonstration's accounts."""

from __future__ import annotations

import pytest

from participation.social.models import Account
from participation.social.recognising import Answer, recognise
from participation.social.states import Standing
from portal.home.demo.people import ensure_people
from portal.home.demo.setting import ensure_setting
from portal.home.demo.social import tell_social


@pytest.mark.django_db
def test_it_shows_every_standing_and_a_second_run_adds_nothing(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    ensure_setting()
    ensure_people()
    assert tell_social() == Account.objects.count() > 10
    assert {account.standing for account in Account.objects.all()} == set(Standing)
    assert tell_social() == 0
    assert recognise("@demo_commerce_om").answer == Answer.OFFICIAL
    assert recognise("@demo_c0mmerce_om").answer == Answer.LOOKALIKE
