from celery import shared_task

from portal.feeds import digests, upkeep


@shared_task(name="feeds.send_digests")
def send_digests() -> int:
    """Write the digests of a working day that has begun, to whoever has not got one yet."""
    return digests.send_digests()


@shared_task(name="feeds.tidy")
def tidy() -> None:
    """Delete what no longer matters."""
    upkeep.tidy()
