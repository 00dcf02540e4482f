from celery import shared_task

from participation.feedback.actions import routing
from participation.feedback.performance import storing


@shared_task(name="feedback.route_case")
def route_case(case_id: int) -> bool:
    """Route one case, right after it came in."""
    return routing.route_by_rules(case_id=case_id)


@shared_task(name="feedback.route_waiting")
def route_waiting() -> int:
    """Route what no message told of."""
    return routing.route_waiting()


@shared_task(name="feedback.compute_figures")
def compute_figures() -> int:
    """Count the service levels of every month that is over and not final."""
    return storing.compute_figures()
