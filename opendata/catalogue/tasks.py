from celery import shared_task

from opendata.catalogue import figures, retention, storage
from opendata.catalogue.actions import log
from opendata.catalogue.pipeline import tidying, working

HOURS = 6
"""Longer than the limits of the reader and the builder together: they end a job that hangs, not this."""


@shared_task(name="catalogue.work", time_limit=HOURS * 3600)
def work() -> int:
    """Read uploads and build approved releases."""
    return working.work()


@shared_task(name="catalogue.sign_heads")
def sign_heads() -> int:
    """Sign the head of the public log for every day that is over."""
    return log.sign_heads(storage.ring())


@shared_task(name="catalogue.tidy")
def tidy() -> int:
    """Remove files no release or version names, and tell of the releases that are given up soon."""
    retention.warn()
    return tidying.tidy()


@shared_task(name="catalogue.publish_figures")
def publish_figures() -> dict[str, list[str]]:
    """Begin new versions of the portal's own figures where they changed."""
    return figures.publish_figures()
