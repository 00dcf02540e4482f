from celery import shared_task

from policies.pages import reminding
from policies.pages.actions import in_force


@shared_task(name="pages.tell")
def tell() -> int:
    """Tell of versions that came into force."""
    return in_force.tell_due()


@shared_task(name="pages.remind_reviews")
def remind_reviews() -> int:
    """Remind units of reviews that are due, within their working hours."""
    return reminding.remind_reviews()
