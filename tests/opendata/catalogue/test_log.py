"""The public log and its daily heads; whatever is altered is found."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from opendata.catalogue import storage
from opendata.catalogue.actions.log import announce_keys, append, entries, sign_heads
from opendata.catalogue.models import DailyHead, LogEntry, Version
from opendata.catalogue.storage import store
from opendata.catalogue.verifying import findings
from opendata.trust.log import verify_chain, verify_head
from tests.at_once import at_once
from tests.opendata import making

pytestmark = pytest.mark.django_db


def tomorrow(days: int = 1) -> date:
    return LogEntry.objects.earliest("sequence").at.date() + timedelta(days=days)


def test_the_first_entry_is_the_key():
    making.published()
    first = entries()[0]
    assert (first["kind"], first["subject"]) == ("key_added", storage.public_keys()[0].kid)
    assert not verify_chain(entries())


def test_each_day_that_is_over_gets_one_signed_head():
    making.published()
    ring = storage.ring()
    assert sign_heads(ring, tomorrow(3)) == 3
    assert sign_heads(ring, tomorrow(3)) == 0
    assert not [
        fault for head in DailyHead.objects.all() for fault in verify_head(head.signature, entries(), ring.jwks())
    ]
    assert sign_heads(ring, tomorrow(4)) == 1
    assert not list(findings())


def test_the_head_of_a_day_is_the_last_entry_up_to_its_end():
    making.published()
    last = entries()[-1]
    with transaction.atomic():
        append(kind="key_added", subject="later", at=timezone.now() + timedelta(days=2))
    sign_heads(storage.ring(), tomorrow(4))
    heads = list(DailyHead.objects.order_by("day").values_list("sequence", flat=True))
    assert heads == [last["sequence"], last["sequence"], last["sequence"] + 1, last["sequence"] + 1]
    assert not list(findings())


def test_there_is_no_head_without_a_log():
    assert sign_heads(storage.ring(), date(2030, 1, 1)) == 0


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_name_a_key_once():
    ring = storage.ring()

    def announce(_number: int) -> None:
        with transaction.atomic():
            announce_keys(ring)

    assert not [error for error in at_once(20, announce) if error]
    assert len(entries()) == len({(one["kind"], one["subject"]) for one in entries()}) >= 1


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_make_a_chain_without_gaps():
    def add(number: int) -> None:
        with transaction.atomic():
            append(kind="key_added", subject=f"key-{number}")

    assert not [error for error in at_once(20, add) if error]
    assert [one["sequence"] for one in entries()] == list(range(1, 21))
    assert not verify_chain(entries())


def test_a_replaced_key_is_noted_and_old_versions_still_hold():
    version = making.published()
    old = storage.ring().active
    call_command("rotate_signing_key")
    assert storage.ring().active != old
    assert [(one["kind"], one["subject"]) for one in entries()[-2:]] == [
        ("key_retired", old), ("key_added", storage.ring().active),
    ]  # fmt: skip
    assert announce_keys(storage.ring()) == 0
    second = making.published(version.dataset, making.CSV + "2025,Muscat,3\n")
    assert (version.key_id, second.key_id) == (old, storage.ring().active)
    assert not list(findings())


def test_the_command_is_content_with_what_was_published(capsys):
    making.published()
    call_command("verify")
    assert "1 versions" in capsys.readouterr().out


def test_an_altered_file_is_found(capsys):
    version = making.published()
    path = store().path(version.files.get(format="csv").sha256)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes().replace(b"1473000", b"1473001"))
    with pytest.raises(CommandError) as caught:
        call_command("verify")
    assert caught.value.returncode == 1
    assert "data.csv is missing or altered" in capsys.readouterr().out
    path.unlink()


TRIGGERS = (
    "catalogue_version_is_kept ON catalogue_version",
    "catalogue_log_is_kept ON catalogue_logentry",
    "catalogue_file_is_kept ON catalogue_versionfile",
    "catalogue_change_is_kept ON catalogue_change",
    "catalogue_head_is_kept ON catalogue_dailyhead",
)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE catalogue_version SET manifest = replace(manifest, '\"rows\":4', '\"rows\":5')",
        "UPDATE catalogue_version SET rows = 5",
        "UPDATE catalogue_version SET signature = signature || 'A'",
        "UPDATE catalogue_version SET withdrawn_at = now(), withdrawn_because_ar = 'x', withdrawn_because_en = 'x'",
        "UPDATE catalogue_logentry SET entry = replace(entry, 'published', 'corrected')",
        "UPDATE catalogue_logentry SET hash = repeat('0', 64) WHERE sequence = 1",
        "DELETE FROM catalogue_logentry WHERE sequence = 3",
        "UPDATE catalogue_logentry SET entry = replace(entry, ',', ', ') WHERE sequence = 2",
        "UPDATE catalogue_logentry SET at = at - interval '1 day' WHERE sequence = 2",
        "UPDATE catalogue_version SET columns = jsonb_set(columns, '{0,title_en}', '\"Months\"')",
        "UPDATE catalogue_version SET key = '[\"year\"]'",
        "UPDATE catalogue_version SET preview = jsonb_set(preview, '{0,2}', '\"1\"')",
        "UPDATE catalogue_version SET kind = 'correction'",
        "UPDATE catalogue_version SET licence = 'CC0-1.0'",
        "UPDATE catalogue_version SET published_at = published_at - interval '1 day'",
        "UPDATE catalogue_versionfile SET size = size + 1",
        "UPDATE catalogue_versionfile SET media_type = 'text/html'",
        "UPDATE catalogue_change SET file_sha256 = repeat('0', 64)",
        "UPDATE catalogue_dailyhead SET sequence = sequence - 1",
        "UPDATE catalogue_dailyhead SET hash = repeat('0', 64)",
        "UPDATE catalogue_dailyhead SET day = day - 30",
        "DELETE FROM catalogue_dailyhead WHERE day = (SELECT min(day) FROM catalogue_dailyhead)",
    ],
)
def test_whoever_alters_the_database_past_its_triggers_is_found(statement):
    making.published(making.published().dataset, making.CSV + "2025,Muscat,1\n")
    sign_heads(storage.ring(), tomorrow(2))
    assert not list(findings())
    with connection.cursor() as cursor:
        for trigger in TRIGGERS:
            cursor.execute(f"DROP TRIGGER {trigger}")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement)
    assert list(findings())


def test_a_download_is_checked_without_the_database(tmp_path, capsys):
    version = making.published()
    folder = tmp_path / "download"
    folder.mkdir()
    (folder / "manifest.json").write_text(version.manifest)
    (folder / "manifest.jws").write_text(version.signature)
    for file in version.files.all():
        (folder / file.name).write_bytes(store().path(file.sha256).read_bytes())
    keys = tmp_path / "jwks.json"
    keys.write_text(json.dumps(storage.ring().jwks()))
    Version.objects.none()
    call_command("verify", folder, jwks=keys)
    assert "as it was published" in capsys.readouterr().out
    (folder / "data.csv").write_bytes((folder / "data.csv").read_bytes() + b"2030,Muscat,1\r\n")
    with pytest.raises(CommandError):
        call_command("verify", folder, jwks=keys)
    assert "data.csv" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("verify", tmp_path / "nowhere")
