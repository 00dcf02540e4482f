"""The page a message is about, as the link to the form named it."""

from __future__ import annotations

import re

from portal.bilingual import bare_path

LONGEST = 200
_PATH = re.compile(r"/[a-zA-Z0-9._~/-]*")


def read_page(address: str) -> str:
    """The path without language prefix and query; empty for anything that is no address of a page here."""
    path = bare_path(re.split("[?#]", address, maxsplit=1)[0]) if address.startswith("/") else ""
    return path if len(path) <= LONGEST and _PATH.fullmatch(path) else ""
