"""Why a step ends without a result."""

from __future__ import annotations


class Unable(Exception):
    """It cannot be done, and trying again would not help; `code` is one of words/failures.py."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
