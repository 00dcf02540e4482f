from celery import shared_task

from portal.mail import actions


@shared_task(name="mail.send_waiting")
def send_waiting() -> int:
    """Send every letter whose time has come, some at a time."""
    total = 0
    while sent := actions.send_waiting():
        total += sent
    return total
