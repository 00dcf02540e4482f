"""How much one client address may ask: a bucket of points that fills up steadily; what a query does decides its price.

The bucket is kept in Redis as one number, the moment at which it will be full again. Without Redis nobody is limited:
an outage of the cache must not keep anybody from public data. Downloads below /files/ are not counted at all.
"""

from __future__ import annotations

import functools
import ipaddress
import logging
import math

import redis
from django.conf import settings
from django.http import HttpRequest

from opendata.api.wrong import Wrong
from portal.http import client_ip

logger = logging.getLogger(__name__)

BUCKET = (600, 60)
"""Points, and the seconds in which an empty bucket is full again. `THROTTLES["api"]` of the settings changes them."""
PAGE = 1
"""Points for anything read by its key, and for a page of rows as they stand."""
LIST = 2
"""Points for a list of datasets, found by words or not."""
NARROWED = 3
"""Points for rows that are filtered, counted or reached by an offset."""
SORTED = 5
"""Points for rows that are sorted, searched in, grouped or made distinct: all of them have to be looked at."""
WHOLE = 30
"""Points for more than a page at once."""
LARGE_ROWS = 250_000
"""Each so many rows of the table add the price of SORTED once more to what looks at all of them."""

FREE_SECONDS = 0.25
SECOND = 20
"""Points for each second beyond these that a query takes, taken afterwards: a few slow ones fill a worker's threads."""
_EVER = 1e9

_TAKE = """
local now = redis.call('TIME')
now = now[1] + now[2] / 1000000
local full = tonumber(redis.call('GET', KEYS[1]) or now)
if full < now then full = now end
full = full + tonumber(ARGV[1])
local wait = full - now - tonumber(ARGV[2])
if wait > 0 then return tostring(wait) end
redis.call('SET', KEYS[1], string.format('%.6f', full), 'EX', math.ceil(full - now) + 1)
return '0'
"""


def bucket() -> tuple[int, int]:
    """Points in a full bucket, and the seconds in which an empty one fills."""
    return settings.THROTTLES.get("api", BUCKET)


def charge(request: HttpRequest, points: int) -> None:
    """Take points from the bucket of whoever asks; raises `Wrong` (429) where there are too few."""
    allowed, seconds = bucket()
    try:
        waiting = _take(bucket_of(client_ip(request)), min(points, allowed) * seconds / allowed, seconds)
    except Exception as error:  # the driver's errors depend on the server in use
        logger.warning("the limit of the read API is not kept: %s", type(error).__name__)
        return
    if waiting > 0:
        rest = math.ceil(waiting)
        raise Wrong(
            "too-many-requests",
            f"You asked for more than {allowed} points in {seconds} seconds. Wait {rest} s and go on; page with "
            "limit=1000, keep what you have by its ETag, or download whole files, which are not limited.",
            headers={"Retry-After": str(rest)},
            retry_after=rest,
            cost=points,
            limit=allowed,
            window=seconds,
        )


def charge_time(request: HttpRequest, seconds: float) -> None:
    """Take points for what a query took, also where they are not there: then the next one has to wait."""
    points = math.floor((seconds - FREE_SECONDS) * SECOND)
    if points <= 0:
        return
    allowed, window = bucket()
    try:
        _take(bucket_of(client_ip(request)), points * window / allowed, _EVER)
    except Exception as error:
        logger.warning("the limit of the read API is not kept: %s", type(error).__name__)


def bucket_of(address: str) -> str:
    """Whose bucket it is: an IPv6 client has a whole network of 2^64 addresses."""
    if ":" in address:
        address = str(ipaddress.ip_network((address.partition("%")[0], 64), strict=False))
    return f"api:bucket:{address}"


def _take(key: str, worth: float, window: float) -> float:
    """Take what fills up in `worth` seconds; returns the seconds to wait where that is not there, else 0."""
    return float(_script(settings.CACHES["default"]["LOCATION"])(keys=[key], args=[f"{worth:.6f}", window]))


@functools.lru_cache(maxsize=2)
def _script(url: str) -> redis.commands.core.Script:
    server = redis.Redis.from_url(url, **settings.CACHES["default"]["OPTIONS"])
    return server.register_script(_TAKE)
