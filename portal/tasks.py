"""Telling a worker, after the commit, that there is something to do."""

from __future__ import annotations

import logging
import time
from functools import partial
from typing import Any

from django.db import transaction

from portal.celery import app

logger = logging.getLogger(__name__)

REST = 5.0
"""Seconds without another try after a broker did not answer: one that swallows connections costs a second each time."""
_next_try = 0.0


def nudge(task: str, *args: Any) -> None:
    """Send task `task` once the transaction is committed. A broker that is away is only noted:
    the periodic sweep finds the same rows."""
    transaction.on_commit(partial(_send, task, args), robust=True)


def _send(task: str, args: tuple[Any, ...]) -> None:
    global _next_try
    if time.monotonic() < _next_try:
        return
    try:
        with app.producer_pool.acquire(block=True) as producer:
            # Left to itself kombu goes on trying for seconds, with the citizen waiting.
            producer.connection.ensure_connection(max_retries=0)
            app.send_task(task, args=args, retry=False, ignore_result=True, producer=producer)
    except Exception as error:  # kombu raises whatever the transport raises
        _next_try = time.monotonic() + REST
        logger.warning("broker unavailable, %s left to the sweep: %s", task, type(error).__name__)
