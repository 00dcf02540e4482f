from celery import shared_task

from participation.social import reminding


@shared_task(name="social.remind")
def remind() -> int:
    """Remind units of accounts that are silent or whose authorisation ends, within their working hours."""
    return reminding.remind()
