from celery import shared_task

from portal.attachments import actions


@shared_task(name="attachments.scan_quarantined")
def scan_quarantined() -> int:
    """Have every waiting file judged that the scanner can be reached for."""
    return actions.scan_quarantined()


@shared_task(name="attachments.discard_unclaimed")
def discard_unclaimed() -> int:
    """Delete files of forms that were never sent."""
    return actions.discard_unclaimed()
