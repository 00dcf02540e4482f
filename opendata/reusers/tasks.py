from celery import shared_task

from opendata.catalogue import bucket_filling, packing

HOUR = 3600
"""Longer than the last file takes that a round begins with."""


@shared_task(name="reusers.pack")
def pack() -> int:
    """Pack published files that are not packed yet."""
    return packing.pack_waiting()


@shared_task(name="reusers.fill_bucket", time_limit=HOUR)
def fill_bucket() -> int:
    """Copy published files into the bucket of S3_URL, where there is one."""
    return bucket_filling.fill().copied
