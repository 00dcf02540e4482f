"""Asks a health page whether all is well: `healthcheck.py http://host:port/path [name=value ...]`.

Succeeds when the page answers 200 and its JSON says every name=value. No Django: it runs every few seconds.
"""

from __future__ import annotations

import http.client
import json
import os
import sys
from urllib.parse import urlsplit


def main(address: str, *wanted: str) -> int:
    """Return 0 when healthy, else 1 after saying why not."""
    target = urlsplit(address)
    # The name the portal goes by is in ALLOWED_HOSTS; 127.0.0.1 or a container's name may not be.
    host = urlsplit(os.environ.get("SITE_URL", "")).netloc or target.netloc
    try:
        connection = http.client.HTTPConnection(target.hostname or "127.0.0.1", target.port or 80, timeout=4)
        connection.request("GET", target.path, headers={"Host": host})
        response = connection.getresponse()
        body = response.read().decode()
        answer = json.loads(body) if response.status == 200 else {}
    except (OSError, ValueError, http.client.HTTPException) as error:
        print(f"{address}: {error or type(error).__name__}")
        return 1
    healthy = response.status == 200 and all(answer.get(name) == value for name, value in pairs(wanted))
    print(f"{address}: {response.status} {body[:300]}")
    return 0 if healthy else 1


def pairs(words: tuple[str, ...]) -> list[tuple[str, str]]:
    """Split each name=value."""
    return [(name, value) for name, _equals, value in (word.partition("=") for word in words)]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
