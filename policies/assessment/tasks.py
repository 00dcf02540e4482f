from celery import shared_task

from policies.assessment import reminding


@shared_task(name="assessment.remind")
def remind() -> int:
    """Remind organisations of the deadline, within working hours."""
    return reminding.remind()
