"""Answers of the engine that this worker gave lately: what a chart or a dashboard asks is asked again and again.

A version never changes, so an answer is known by its ETag and need not be forgotten for being old; whether the version
still stands is asked before. What is left out is made again at the price of a query.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

from opendata.querying.client import Answer

LARGEST = 128 * 1024
"""Bytes of one answer; larger ones are rare, and would push out many."""
ALL = 8 * 1024 * 1024
"""Bytes of all answers that one worker keeps."""


class Remembered:
    """The latest answers by their ETag, the oldest forgotten first."""

    def __init__(self, largest: int = LARGEST, most: int = ALL) -> None:
        self._largest, self._most, self._size = largest, most, 0
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, etag: str) -> Answer | None:
        """The answer, if it is still known."""
        with self._lock:
            found = self._answers.get(etag)
            if found is not None:
                self._answers.move_to_end(etag)
            return found

    def put(self, etag: str, answer: Answer) -> None:
        """Keep it, unless it is too large."""
        if answer.objects or len(answer.body) > self._largest:
            return
        with self._lock:
            if etag in self._answers:
                return
            self._answers[etag] = answer
            self._size += len(answer.body)
            while self._size > self._most:
                self._size -= len(self._answers.popitem(last=False)[1].body)
