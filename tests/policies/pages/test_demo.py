"""The demonstration's policies: each has its unit, one has a second version, one waits for review."""

from __future__ import annotations

import pytest

from policies.pages.models import Policy, PolicyVersion
from policies.pages.states import State
from portal.home.demo.people import ensure_people
from portal.home.demo.policies import tell_policies
from portal.home.demo.setting import ensure_setting

pytestmark = pytest.mark.django_db


def test_it_is_told_once():
    ensure_setting()
    ensure_people()
    assert (tell_policies(), tell_policies()) == (2, 0)
    assert not Policy.objects.filter(unit=None).exists()
    states = {version.policy.slug: version.state for version in PolicyVersion.objects.filter(number=2)}
    assert states == {"service-charter": State.PUBLISHED, "service-level": State.IN_REVIEW}
