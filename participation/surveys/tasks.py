from celery import shared_task

from participation.surveys.actions import counting, destruction, drafts, invitations, reminders


@shared_task(name="surveys.count_closed")
def count_closed() -> int:
    """Count what has closed since the last time."""
    return counting.count_closed()


@shared_task(name="surveys.housekeeping")
def housekeeping() -> None:
    """Discard drafts nobody came back to, destroy answers that are due, remind owners of missing outcomes."""
    drafts.discard_idle()
    destruction.destroy_due()
    reminders.remind_missing_outcomes()


@shared_task(name="surveys.send_invitations")
def send_invitations() -> int:
    """Write to the invited of what is open."""
    return invitations.send_invitations()
