"""Uploads that lie about: what nobody goes on with is given up, and forgotten with what was found in it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from opendata.catalogue.choices import Stage
from opendata.catalogue.models import Release
from opendata.catalogue.retention import UNTOUCHED, UNTOUCHED_DAYS
from portal.audit.models import AuditEvent
from tests.opendata import making

pytestmark = pytest.mark.django_db


def lain(release: Release, days: int) -> None:
    Release.objects.filter(pk=release.pk).update(updated_at=timezone.now() - timedelta(days=days))


def due() -> list[Release]:
    assert UNTOUCHED.due is not None
    return list(UNTOUCHED.due(timezone.now()))


def test_what_nobody_went_on_with_is_given_up_and_forgotten() -> None:
    release = making.read(making.make_release())
    Release.objects.filter(pk=release.pk).update(findings=[{"kind": "civil_number"}])
    lain(release, UNTOUCHED_DAYS - 1)
    assert due() == []
    lain(release, UNTOUCHED_DAYS + 1)
    assert due() == [release]
    assert UNTOUCHED.dispose is not None
    assert UNTOUCHED.dispose(Release.objects.filter(pk=release.pk)) == 1
    release.refresh_from_db()
    assert (release.stage, release.file_sha256, release.report) == (Stage.ABANDONED, "", None)
    assert release.findings == []
    assert AuditEvent.objects.about(release).filter(verb="release.given_up", actor=None).count() == 1
    assert due() == []
    assert UNTOUCHED.dispose(Release.objects.filter(pk=release.pk)) == 0
    assert making.make_release(release.dataset).stage == Stage.UPLOADED  # the way is free for the next


def test_what_a_worker_has_and_what_was_published_stay() -> None:
    published, taken = making.published().release, making.make_release()
    Release.objects.filter(pk=taken.pk).update(stage=Stage.READING)
    assert UNTOUCHED.due is not None
    assert UNTOUCHED.dispose is not None
    assert not UNTOUCHED.due(timezone.now() + timedelta(days=UNTOUCHED_DAYS + 1)).exists()
    for release in (published, taken):
        assert UNTOUCHED.dispose(Release.objects.filter(pk=release.pk)) == 0
        release.refresh_from_db()
        assert release.file_sha256
