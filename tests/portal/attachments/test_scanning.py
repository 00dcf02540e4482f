"""Files wait in quarantine until a scanner, reached over a real socket, has judged them."""

import hashlib
import threading
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from portal.attachments import scanner
from portal.attachments.actions import accept_upload, discard, scan_quarantined
from portal.attachments.content import check_upload
from portal.attachments.models import Attachment, State
from portal.attachments.tasks import scan_quarantined as scan_task
from tests.portal.attachments.clamd_peer import EICAR, STUMBLE, ClamdPeer

pytestmark = pytest.mark.django_db(transaction=True)


def upload(text: bytes = b"text", name: str = "ملاحظة.txt") -> Attachment:
    return accept_upload(SimpleUploadedFile(name, text))


def stored_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_it_stores_what_was_checked(uploads: Path, files: Any) -> None:
    attachment = accept_upload(check_upload(SimpleUploadedFile("صورة.png", files.image("PNG"))))
    (path,) = stored_files(uploads)
    data = path.read_bytes()
    assert (attachment.original_name, attachment.content_type) == ("صورة.png", "image/png")
    assert (attachment.size, attachment.sha256) == (len(data), hashlib.sha256(data).hexdigest())


def test_stored_files_are_private_and_tell_nothing(uploads: Path) -> None:
    attachment = upload(name="secret.txt")
    (path,) = stored_files(uploads)
    assert path.name == attachment.public_id.hex
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    with pytest.raises(ValueError, match="no address"):
        _ = attachment.stored.url


def test_a_refused_upload_stores_nothing(uploads: Path) -> None:
    with pytest.raises(ValidationError):
        upload(b"MZ\x00", "a.pdf")
    assert not Attachment.objects.exists()
    assert not uploads.exists()


def test_a_row_that_is_not_stored_leaves_no_file(uploads: Path) -> None:
    checked = check_upload(SimpleUploadedFile("a.txt", b"text"))
    object.__setattr__(checked, "name", "")
    with pytest.raises(IntegrityError):
        accept_upload(checked)
    assert not stored_files(uploads)


def test_without_a_scanner_files_are_available_and_say_so(uploads: Path) -> None:
    attachment = upload()
    assert (attachment.state, attachment.verdict) == (State.CLEAN, "not scanned")


def test_a_clean_file_leaves_quarantine(clamd: ClamdPeer) -> None:
    attachment = upload(b"x" * 200_000)
    assert attachment.state == State.QUARANTINED
    assert scan_task() == 1
    attachment.refresh_from_db()
    assert (attachment.state, attachment.verdict) == (State.CLEAN, "OK")
    assert clamd.received == [b"x" * 200_000]


def test_an_infected_file_is_refused_and_destroyed(clamd: ClamdPeer, uploads: Path) -> None:
    attachment = upload(EICAR)
    assert scan_quarantined() == 1
    attachment.refresh_from_db()
    assert (attachment.state, attachment.verdict) == (State.REFUSED, "Eicar-Signature FOUND")
    assert not attachment.stored
    assert not stored_files(uploads)


def test_while_the_scanner_is_down_files_wait(no_clamd: None) -> None:
    attachment = upload()
    assert scan_quarantined() == 0
    attachment.refresh_from_db()
    assert attachment.state == State.QUARANTINED


def test_they_are_scanned_when_it_is_back(no_clamd: None, settings: Any) -> None:
    from tests.portal.attachments.clamd_peer import running_peer

    upload()
    assert scan_quarantined() == 0
    with running_peer() as peer:
        settings.SCANNER_URL = peer.url
        assert scan_quarantined() == 1
    assert Attachment.objects.readable().count() == 1


def test_files_that_waited_for_a_scanner_since_removed_become_available(no_clamd: None, settings: Any) -> None:
    upload()
    settings.SCANNER_URL = ""
    assert scan_quarantined() == 1
    assert Attachment.objects.get().verdict == "not scanned"


def test_one_file_the_scanner_stumbles_over_does_not_hold_up_the_others(clamd: ClamdPeer) -> None:
    stumbling, fine = upload(STUMBLE), upload()
    assert scan_quarantined() == 1
    stumbling.refresh_from_db()
    fine.refresh_from_db()
    assert (stumbling.state, stumbling.verdict) == (State.QUARANTINED, "no answer")
    assert fine.state == State.CLEAN


def test_a_file_the_scanner_finds_too_large_stays_in_quarantine(clamd: ClamdPeer) -> None:
    clamd.limit = 1000
    attachment = upload(b"x" * 500_000)
    assert scan_quarantined() == 0
    attachment.refresh_from_db()
    assert attachment.state == State.QUARANTINED
    assert attachment.verdict


def test_a_file_whose_content_is_gone_is_refused(clamd: ClamdPeer, uploads: Path) -> None:
    attachment = upload()
    stored_files(uploads)[0].unlink()
    assert scan_quarantined() == 1
    attachment.refresh_from_db()
    assert (attachment.state, attachment.verdict) == (State.REFUSED, "file missing")


def test_two_workers_scan_a_file_once(clamd: ClamdPeer) -> None:
    """The first worker is kept waiting for the scanner's answer while the second looks for work."""
    upload()
    clamd.gate.clear()
    judged: list[int] = []

    def work() -> None:
        try:
            judged.append(scan_quarantined())
        finally:
            connection.close()

    first = threading.Thread(target=work)
    first.start()
    while not clamd.received:
        pass
    assert scan_quarantined() == 0
    clamd.gate.set()
    first.join()
    assert judged == [1]
    assert len(clamd.received) == 1
    assert scan_quarantined() == 0


def test_an_upload_that_is_rolled_back_is_not_scanned(clamd: ClamdPeer) -> None:
    with transaction.atomic():
        upload()
        transaction.set_rollback(True)
    assert scan_quarantined() == 0
    assert not clamd.received


def test_discarding_removes_row_and_content(uploads: Path) -> None:
    attachment = upload()
    with transaction.atomic():
        discard(attachment)
        assert stored_files(uploads)
    assert not stored_files(uploads)
    assert not Attachment.objects.exists()


def test_a_wrong_scanner_address_says_what_it_should_look_like(settings: Any) -> None:
    settings.SCANNER_URL = "clamav:3310"
    with pytest.raises(ImproperlyConfigured, match="tcp://"):
        scanner.scan(BytesIO(b"text"))


@pytest.mark.parametrize(
    "wrong", [{"state": "lost"}, {"size": 0}, {"sha256": "x"}, {"original_name": ""}, {"stored": ""}]
)
def test_the_database_refuses_nonsense(wrong: dict[str, Any], uploads: Path) -> None:
    attachment = upload()
    with pytest.raises(IntegrityError):
        Attachment.objects.filter(pk=attachment.pk).update(**wrong)
