from celery import shared_task

from opendata.inventory import keeping, reminding


@shared_task(name="inventory.note_duties")
def note_duties() -> int:
    """Note the day on which duties are first met."""
    return keeping.note_met()


@shared_task(name="inventory.take_snapshots")
def take_snapshots() -> int:
    """Keep how every agency stands today."""
    return keeping.take_snapshots()


@shared_task(name="inventory.remind")
def remind() -> int:
    """Remind of reviews due and late releases, within working hours."""
    return reminding.remind()
