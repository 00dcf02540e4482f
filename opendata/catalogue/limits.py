"""How much one client address may ask: a bucket of points that fills up steadily; what a query does decides its price.

One bucket for all who ask for rows: the read API and CKAN's row queries. CKAN's other reads cost nothing, because
harvesters take a refusal for an empty catalogue and delete what they have.

The bucket is kept in Redis as one number, the moment at which it will be full again. Without Redis nobody is limited:
an outage of the cache must not keep anybody from public data. Downloads below /files/ are not counted at all.
"""

from __future__ import annotations

import functools
import ipaddress
import logging
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

import redis
from django.conf import settings
from django.http import HttpRequest

from opendata.querying.queries import Query
from portal.http import client_ip

logger = logging.getLogger(__name__)

BUCKET = (600, 60)
"""Points, and the seconds in which an empty bucket is full again. `THROTTLES["api"]` of the settings changes them."""
PAGE = 1
"""Points for anything read by its key, for a page of rows as they stand, and for a query that is refused unanswered:
reading it is work too."""
LIST = 2
"""Points for a list of datasets, found by words or not."""
NARROWED = 3
"""Points for rows that are filtered, counted or reached by an offset."""
SORTED = 5
"""Points for rows that are sorted, searched in, grouped or made distinct: all of them have to be looked at."""
WHOLE = 30
"""Points for all the rows that fit, however many they are."""
POINT_ROWS = 4_000
"""Each so many rows of a page cost a point more: CKAN's clients walk through a table by pages of 32,000."""
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
if ARGV[3] == '0' then return '0' end
redis.call('SET', KEYS[1], string.format('%.6f', full), 'EX', math.ceil(full - now) + 1)
return '0'
"""


class TooMany(Exception):
    """More than one address may ask: the seconds to wait, the points that were wanted, and the bucket (`limit` points,
    full again after `window` seconds)."""

    def __init__(self, seconds: int, *, cost: int, limit: int, window: int) -> None:
        super().__init__(f"{cost} points, to be had in {seconds} s")
        self.seconds, self.cost, self.limit, self.window = seconds, cost, limit, window


def price(query: Query, rows: int) -> int:
    """The points a query costs: by what has to be looked at, how many rows it may give, and how many the table has."""
    found = WHOLE if query.limit is None else PAGE + min(query.limit, rows) // POINT_ROWS
    folded = any(one.op == "contains" for one in query.filters)
    if query.sort or query.search or folded or query.is_grouped or query.distinct:
        found += SORTED * (1 + rows // LARGE_ROWS)
    elif query.filters or query.offset:
        found += NARROWED
    return found


def bucket() -> tuple[int, int]:
    """Points in a full bucket, and the seconds in which an empty one fills."""
    return settings.THROTTLES.get("api", BUCKET)


def charge(request: HttpRequest, points: int) -> None:
    """Take points from the bucket of whoever asks; raises `TooMany` where there are too few."""
    _ask(request, points, takes=True)


def admit(request: HttpRequest) -> None:
    """Raises `TooMany` where whoever asks has nothing left, so that a long question of theirs is not even read."""
    _ask(request, PAGE, takes=False)


def _ask(request: HttpRequest, points: int, *, takes: bool) -> None:
    allowed, seconds = bucket()
    try:
        waiting = _take(bucket_of(client_ip(request)), min(points, allowed) * seconds / allowed, seconds, takes=takes)
    except Exception as error:  # the driver's errors depend on the server in use
        logger.warning("the limit of the read API is not kept: %s", type(error).__name__)
        return
    if waiting > 0:
        raise TooMany(math.ceil(waiting), cost=points, limit=allowed, window=seconds)


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


@contextmanager
def timed(request: HttpRequest) -> Iterator[None]:
    """What is done within is paid for by what it took, also where it was stopped."""
    started = time.monotonic()
    try:
        yield
    finally:
        charge_time(request, time.monotonic() - started)


def bucket_of(address: str) -> str:
    """Whose bucket it is: an IPv6 client has a whole network of 2^64 addresses."""
    if ":" in address:
        address = str(ipaddress.ip_network((address.partition("%")[0], 64), strict=False))
    return f"api:bucket:{address}"


def _take(key: str, worth: float, window: float, *, takes: bool = True) -> float:
    """Take what fills up in `worth` seconds, or only look; returns the seconds to wait for it, 0 where it is there."""
    args: list[str | float] = [f"{worth:.6f}", window, int(takes)]
    return float(_script(settings.CACHES["default"]["LOCATION"])(keys=[key], args=args))


@functools.lru_cache(maxsize=2)
def _script(url: str) -> redis.commands.core.Script:
    server = redis.Redis.from_url(url, **settings.CACHES["default"]["OPTIONS"])
    return server.register_script(_TAKE)
