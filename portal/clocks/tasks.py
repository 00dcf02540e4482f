from celery import shared_task

from portal.clocks import sweep as sweeping


@shared_task(name="clocks.sweep")
def sweep() -> int:
    """Note breaches and escalate whatever has come due."""
    return sweeping.sweep()


@shared_task(name="clocks.recompute")
def recompute() -> int:
    """Reckon open clocks again after their calendar changed."""
    return sweeping.recompute()
