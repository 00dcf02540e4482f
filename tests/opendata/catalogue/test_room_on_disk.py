"""A step that would fill the disk does not begin, and can be tried again."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from opendata.building.engine import engine
from opendata.catalogue.actions.deciding import try_again
from opendata.catalogue.choices import Stage
from opendata.catalogue.pipeline import scratch, working
from opendata.catalogue.storage import store
from opendata.catalogue.words.failures import failure_words
from opendata.reading.engine import connect
from tests.opendata import making


def leave(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    """As if so many bytes of the disk were free."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=free))


@pytest.mark.django_db
def test_reading_waits_for_room_and_is_tried_again(monkeypatch, in_english):
    release = making.make_release()
    leave(monkeypatch, scratch.LEFT_FREE + scratch.TIMES[Stage.READING] * release.file_size - 1)
    making.read(release)
    assert (release.stage, release.failure) == (Stage.UNREADABLE, "disk_full")
    assert "no room left" in failure_words(release.failure)
    assert store().has(release.file_sha256)
    monkeypatch.undo()
    assert try_again(release=release, by=making.house_of(release.dataset).publisher)
    assert making.read(release).stage == Stage.REVIEW


@pytest.mark.django_db
def test_building_waits_for_room_and_loses_nothing(monkeypatch):
    release = making.approved(making.make_release())
    leave(monkeypatch, scratch.LEFT_FREE)
    working.work_on(release.pk)
    release.refresh_from_db()
    assert (release.stage, release.failure) == (Stage.FAILED, "disk_full")
    monkeypatch.undo()
    assert try_again(release=release, by=making.house_of(release.dataset).approver)
    working.work_on(release.pk)
    release.refresh_from_db()
    assert release.stage == Stage.PUBLISHED


@pytest.mark.parametrize(("free", "most"), [(10**13, (5.0, 9.9)), (2 * 10**9, (0.9, 1.0))])
def test_the_engines_lay_aside_no_more_than_there_is_room_for(tmp_path: Path, monkeypatch, free, most):
    leave(monkeypatch, free)
    asked = "SELECT current_setting('max_temp_directory_size')"
    with closing(connect(tmp_path, tmp_path, 3)) as reading, engine(tmp_path / "made") as building:
        for connection in (reading, building):
            ((words,),) = connection.execute(asked).fetchall()
            number, unit = str(words).split()
            assert unit in ("GiB", "MiB")
            gigabytes = float(number) / (1 if unit == "GiB" else 1024)
            assert most[0] <= gigabytes <= most[1]
