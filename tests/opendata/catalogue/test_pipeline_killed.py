"""A real worker is killed in the middle of each step; another goes on, and there is exactly one version."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from opendata.catalogue.actions import deciding, reviewing
from opendata.catalogue.actions.log import LOCK
from opendata.catalogue.choices import Stage
from opendata.catalogue.models import LogEntry, Release, Version
from opendata.catalogue.pipeline import working
from opendata.catalogue.storage import store
from opendata.catalogue.verifying import findings
from portal.celery import app
from tests.opendata import making
from tests.running import WORKER, end, environment, start, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = 150_000
BIG = "year,place,value\n" + "".join(f"{1990 + n % 35},place {n},{n * 7}\n" for n in range(ROWS))


@contextmanager
def another_connection():
    """A session of its own, whose locks go with its transaction."""
    with psycopg.connect(environment()["DATABASE_URL"], autocommit=False) as held:
        yield held


STARTED = []


@pytest.fixture(autouse=True)
def no_worker_stays():
    """A worker left over would take the messages of the next test."""
    yield
    while STARTED:
        end(STARTED.pop())


def new_worker():
    STARTED.append(start(*WORKER))
    return STARTED[-1]


def hurry():
    app.send_task("catalogue.work", ignore_result=True)


def lease_over(release):
    """As if the lease had run out: no test waits two minutes."""
    Release.objects.filter(pk=release.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))


def at(release, *codes):
    def reached():
        release.refresh_from_db()
        return release.progress in codes

    return reached


def killed(process):
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def children():
    found = subprocess.run(["pgrep", "-f", "opendata.(reading|building)"], capture_output=True, text=True)
    return [int(pid) for pid in found.stdout.split() if _ours(pid)]


def children_gone():
    return not children()


def _exists(pid):
    return os.path.exists(f"/proc/{pid}")


def _ours(pid):
    try:
        return os.environ["DATA_DIR"] in open(f"/proc/{pid}/cmdline").read()
    except OSError:
        return False


def finish(release, stage):
    """Let a new worker go on once the sessions of the killed one have ended: their last statement may still count."""
    wait_until(lambda: not waits_for_a_lock(), 20)
    time.sleep(0.5)
    lease_over(release)
    process = new_worker()
    try:
        hurry()

        def over():
            release.refresh_from_db()
            return release.stage == stage

        wait_until(over, 90)
    finally:
        end(process)


@contextmanager
def stopped_after(release, step):
    """A worker that has done a step and waits, because somebody holds the row, before it may say so."""
    with another_connection() as held:
        process = new_worker()
        hurry()
        wait_until(at(release, step), 60)
        held.execute("SELECT 1 FROM catalogue_release WHERE id = %s FOR UPDATE", [release.pk])
        wait_until(waits_for_a_lock, 60)
        yield process
        held.rollback()


def test_killed_while_it_reads():
    release = making.make_release(data=BIG)
    process = new_worker()
    hurry()
    wait_until(at(release, "reading"), 60)
    killed(process)
    wait_until(children_gone, 10)
    release.refresh_from_db()
    assert release.stage == Stage.READING
    finish(release, Stage.REVIEW)
    assert release.report["rows"] == ROWS


def test_killed_when_it_has_read():
    release = making.make_release(data=BIG)
    with stopped_after(release, "reading") as process:
        killed(process)
    finish(release, Stage.REVIEW)
    assert release.report["rows"] == ROWS
    assert not list(store().work.glob(f"release-{release.pk}-*"))


def test_killed_while_it_builds():
    release = making.approved(making.make_release(data=BIG))
    process = new_worker()
    hurry()
    wait_until(at(release, "building"), 60)
    killed(process)
    wait_until(children_gone, 10)
    finish(release, Stage.PUBLISHED)
    only_one(release)


@pytest.mark.parametrize("step", ["building", "keeping"])
def test_killed_when_files_are_built_and_when_they_are_stored(step):
    release = making.approved(making.make_release(data=BIG))
    with stopped_after(release, step) as process:
        killed(process)
    assert not Version.objects.exists()
    finish(release, Stage.PUBLISHED)
    only_one(release)


@pytest.mark.parametrize("lock", ["log", "asset"])
def test_killed_in_the_middle_of_the_publishing_transaction(lock):
    release = making.approved(making.make_release())
    with another_connection() as held:
        if lock == "log":
            held.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        else:
            held.execute("SELECT 1 FROM inventory_asset WHERE id = %s FOR UPDATE", [release.dataset.asset_id])
        process = new_worker()
        hurry()
        wait_until(at(release, "publishing"), 60)
        wait_until(waits_for_a_lock, 20)
        killed(process)
        held.rollback()
    assert not Version.objects.exists()
    assert not LogEntry.objects.exists()
    finish(release, Stage.PUBLISHED)
    only_one(release)


def waits_for_a_lock():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0


def only_one(release):
    version = Version.objects.get()
    assert version.number == "1.0.0"
    kinds = [json.loads(one.entry)["kind"] for one in LogEntry.objects.order_by("sequence")]
    assert kinds[0] == "key_added"
    assert [kind for kind in kinds if not kind.startswith("key_")] == ["published"]
    release.dataset.refresh_from_db()
    assert release.dataset.latest == version
    assert release.dataset.asset.__class__.objects.get(pk=release.dataset.asset_id).state == "published"
    assert not list(findings())


def test_a_worker_told_to_end_does_not_count_as_one_that_failed():
    release = making.make_release(data=BIG)
    process = new_worker()
    hurry()
    stopped = wait_until(children, 60)
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    assert Release.objects.get(pk=release.pk).attempts == 1
    os.kill(process.pid, signal.SIGTERM)
    wait_until(lambda: Release.objects.filter(pk=release.pk, stage=Stage.READING, attempts=0).exists(), 20)
    assert process.poll() is None
    killed(process)
    for pid in filter(_exists, stopped):
        os.kill(pid, signal.SIGKILL)  # one stopped at its very start does not know yet that it ends with its worker
    wait_until(children_gone, 10)
    finish(release, Stage.REVIEW)
    assert release.report["rows"] == ROWS


def test_two_workers_publish_once():
    release = making.approved(making.make_release())
    processes = [new_worker(), new_worker()]
    try:
        for _hint in range(6):
            hurry()
        wait_until(lambda: Release.objects.get(pk=release.pk).stage == Stage.PUBLISHED, 60)
        time.sleep(1)
    finally:
        for process in processes:
            end(process)
    only_one(release)


def test_a_worker_that_comes_back_late_publishes_nothing_more():
    """The lease of the first ran out while it built; a second one published meanwhile."""
    release = making.approved(making.make_release())
    from opendata.catalogue.pipeline.claiming import take

    first = take(release.pk)
    lease_over(release)
    working.work_on(release.pk)
    working.run(first)
    only_one(release)


def test_from_the_browser_to_the_catalogue_with_a_worker(worker):
    dataset = making.make_dataset()
    house = making.house_of(dataset)
    client = Client()
    client.force_login(house.publisher)
    release = making.make_release(dataset)
    wait_until(lambda: Release.objects.get(pk=release.pk).stage == Stage.REVIEW, 60)
    release.refresh_from_db()
    columns = {entry["name"]: {"title_ar": "عمود", "title_en": "Column"} for entry in release.dictionary}
    reviewing.describe_columns(release=release, by=house.publisher, revision=release.revision, columns=columns)
    reviewing.submit_release(release=release, by=house.publisher, revision=release.revision)
    deciding.approve_release(release=release, by=house.approver, revision=release.revision)
    wait_until(lambda: Release.objects.get(pk=release.pk).stage == Stage.PUBLISHED, 60)
    only_one(release)
