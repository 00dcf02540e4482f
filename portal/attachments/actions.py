"""Accepting files, having them scanned, discarding them."""

import hashlib
import logging
from datetime import datetime, timedelta
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from portal.attachments import claims, scanner
from portal.attachments.content import CheckedUpload, check_upload
from portal.attachments.models import Attachment, State
from portal.retention.registry import unheld
from portal.tasks import nudge

logger = logging.getLogger(__name__)

UNCLAIMED_AFTER = timedelta(days=8)
"""Longer than any form that carries a file may stay open."""
NOT_SCANNED = "not scanned"
FILE_MISSING = "file missing"


def accept_upload(uploaded: UploadedFile | CheckedUpload) -> Attachment:
    """Check and store one file; raise `ValidationError` with a message for its sender.

    With a scanner configured the file waits in quarantine, so that no citizen waits for the scanner.
    """
    checked = uploaded if isinstance(uploaded, CheckedUpload) else check_upload(uploaded)
    attachment = Attachment(
        original_name=checked.name,
        content_type=checked.content_type,
        size=checked.size,
        sha256=hashlib.sha256(checked.data).hexdigest(),
    )
    if not scanner.configured():
        attachment.state, attachment.verdict = State.CLEAN, NOT_SCANNED
    attachment.stored.save(checked.name, ContentFile(checked.data), save=False)
    try:
        with transaction.atomic():
            attachment.save()
    except BaseException:
        attachment.stored.delete(save=False)
        raise
    if attachment.state == State.QUARANTINED:
        nudge("attachments.scan_quarantined")
    return attachment


def scan_quarantined(*, limit: int = 100) -> int:
    """Have waiting files judged, oldest first; return how many left quarantine.

    Stops when nobody answers at the scanner's address. A file that the scanner stumbles over stays in
    quarantine, does not hold up the others, and says why.
    """
    if not scanner.configured():  # it was taken away after these files came
        return Attachment.objects.quarantined().update(state=State.CLEAN, verdict=NOT_SCANNED)
    judged = 0
    for pk in list(Attachment.objects.quarantined().values_list("pk", flat=True)[:limit]):
        try:
            judged += _scan_one(pk)
        except scanner.ScannerUnavailable as error:
            logger.warning("scanner unavailable, files stay in quarantine: %s", error)
            break
    return judged


@transaction.atomic
def _scan_one(pk: int) -> int:
    """Judge one file unless another worker is at it or has done it."""
    attachment = Attachment.objects.quarantined().select_for_update(skip_locked=True).filter(pk=pk).first()
    if attachment is None:
        return 0
    try:
        with attachment.stored.open("rb") as content:
            verdict = scanner.scan(content)
    except FileNotFoundError:
        return _refuse(attachment, FILE_MISSING)
    except scanner.ScanFailed as error:
        logger.warning("scanner gave no verdict on attachment %s: %s", pk, error)
        Attachment.objects.filter(pk=pk).update(verdict=str(error))
        return 0
    if not verdict.clean:
        return _refuse(attachment, verdict.text)
    return Attachment.objects.quarantined().filter(pk=pk).update(state=State.CLEAN, verdict=verdict.text)


def _refuse(attachment: Attachment, verdict: str) -> int:
    """Keep the row, so that staff see what was sent and why it is not there; destroy the content."""
    _destroy_after_commit(attachment)
    logger.warning("attachment %s refused", attachment.pk)
    rows = Attachment.objects.quarantined().filter(pk=attachment.pk)
    return rows.update(state=State.REFUSED, verdict=verdict, stored="")


def discard_unclaimed(*, now: datetime | None = None) -> int:
    """Delete files that came with forms never finished; returns how many.

    A file is claimed when one of `claims.holders` names it. Young ones wait: their form may still be open.
    """
    old = Attachment.objects.filter(created_at__lt=(now or timezone.now()) - UNCLAIMED_AFTER)
    for holder in claims.holders:
        old = old.exclude(pk__in=holder())
    return sum(_discard_unheld(attachment) for attachment in list(old[:1000]))


@transaction.atomic
def _discard_unheld(attachment: Attachment) -> int:
    if not unheld(Attachment.objects.filter(pk=attachment.pk)).exists():
        return 0
    discard(attachment)
    return 1


@transaction.atomic
def discard(attachment: Attachment) -> None:
    """Delete a file and its row; the content goes once the deletion is committed."""
    _destroy_after_commit(attachment)
    attachment.delete()


def _destroy_after_commit(attachment: Attachment) -> None:
    if name := attachment.stored.name:
        transaction.on_commit(partial(attachment.stored.storage.delete, name))
