"""The public log of what was published, corrected and withdrawn, its daily heads, and the keys that sign."""

from __future__ import annotations

import hashlib
import json

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from opendata.catalogue.models import DailyHead, LogEntry
from opendata.catalogue.serving import FOR_EVER, LOOKED_AT_AGAIN, SHORTLY, answer_bytes, answer_known, problem, readable
from opendata.catalogue.storage import jwks

PAGE_SIZE = 5000
MOST_HEADS = 5000


@readable
def entries(request: HttpRequest) -> HttpResponse:
    """Entries after a number, oldest first, as canonical JSON, so that whoever mirrors the log asks for what is new.

    A full page never changes, and may be kept; the hash of its last entry stands for all before it.
    """
    after = request.GET.get("after", "0")
    if not (after.isascii() and after.isdecimal() and len(after) < 16):
        return problem(400, "Bad request", "after: the number of an entry, such as /log.json?after=1000")
    end = int(after) + PAGE_SIZE
    rows = LogEntry.objects.filter(sequence__gt=int(after), sequence__lte=end)
    last = rows.order_by("-sequence").only("sequence", "hash").first()
    is_full = last is not None and last.sequence == end
    tag = f"{int(after)}-{last.hash if last else 0}"
    cache = FOR_EVER if is_full else LOOKED_AT_AGAIN
    return answer_known(request, tag, lambda: _page(rows, last, is_full), cache=cache)


def _page(rows: QuerySet[LogEntry], last: LogEntry | None, is_full: bool) -> str:
    if last is None:
        return '{"entries":[],"last":null,"next":null}'
    told = rows.filter(sequence__lte=last.sequence).order_by("sequence").values_list("entry", flat=True)
    ends = json.dumps({"sequence": last.sequence, "sha256": last.hash})
    more = json.dumps(f"/log.json?after={last.sequence}" if is_full else None)
    return f'{{"entries":[{",".join(told)}],"last":{ends},"next":{more}}}'


@readable
def heads(request: HttpRequest) -> HttpResponse:
    """The signed end of the log of each day, newest first: keep one to prove later what stood before it."""
    found = [
        {"day": row.day.isoformat(), "sequence": row.sequence, "sha256": row.hash, "signature": row.signature}
        for row in DailyHead.objects.order_by("-day")[:MOST_HEADS]
    ]
    return _answer(request, json.dumps({"heads": found}))


@readable
def keys(request: HttpRequest) -> HttpResponse:
    """The public keys, also those no longer used: what they signed stays signed."""
    return _answer(request, json.dumps(jwks()), cache=SHORTLY)


def _answer(request: HttpRequest, text: str, *, cache: str = LOOKED_AT_AGAIN) -> HttpResponse:
    content = text.encode()
    return answer_bytes(request, content, hashlib.sha256(content).hexdigest(), "application/json", cache=cache)
