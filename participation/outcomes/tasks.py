from celery import shared_task

from participation.outcomes import reminding


@shared_task(name="outcomes.remind")
def remind() -> int:
    """Remind units of due dates, within their working hours."""
    return reminding.remind()
