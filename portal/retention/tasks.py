from celery import shared_task

from portal.retention import disposal
from portal.tasks import nudge

SECONDS = 400
"""Well within the time a task may take; the rest is done by the next one."""


@shared_task(name="retention.dispose")
def dispose() -> bool:
    """Dispose of what is due; goes on in a new task where there is more than fits into one."""
    disposal.carry_out_approved()
    if done := disposal.dispose_due(seconds=SECONDS):
        return done
    nudge("retention.dispose")
    return False


@shared_task(name="retention.carry_out")
def carry_out(early_id: int) -> bool:
    """Carry out one disposal two people decided."""
    return disposal.carry_out(early_id)


@shared_task(name="retention.carry_out_approved")
def carry_out_approved() -> int:
    """Carry out what no message told of, and what could not be done when it was decided."""
    return disposal.carry_out_approved()
