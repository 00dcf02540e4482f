"""What can go wrong, as programs read it: problem details (RFC 9457) that name the parameter and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_noop as _

from opendata.api.places import DOCS
from opendata.catalogue.addresses import absolute
from opendata.catalogue.limits import TooMany
from opendata.catalogue.models import Version
from opendata.catalogue.serving import problem


@dataclass(frozen=True)
class Kind:
    """A kind of error: its code (stable), the status it is answered with, its title."""

    code: str
    status: int
    title: str


KINDS = {
    one.code: one
    for one in (
        Kind("bad-parameter", 400, _("A parameter is wrong")),
        Kind("not-found", 404, _("Not found")),
        Kind("no-rows", 404, _("This version has no rows to query")),
        Kind("method-not-allowed", 405, _("Only GET, HEAD and OPTIONS")),
        Kind("withdrawn", 410, _("This version was withdrawn")),
        Kind("too-slow", 422, _("The query takes too long")),
        Kind("too-big", 422, _("The query needs too much")),
        Kind("too-many-requests", 429, _("Too many requests")),
        Kind("unavailable", 503, _("Rows cannot be read at the moment")),
    )
}


class Wrong(Exception):
    """Ends a request with an error: a code of `KINDS`, a sentence that says what to do, and more members."""

    def __init__(self, code: str, detail: str, *, headers: dict[str, str] | None = None, **more: Any) -> None:
        super().__init__(detail)
        self.kind, self.detail, self.headers, self.more = KINDS[code], detail, headers or {}, more

    def response(self) -> HttpResponse:
        """The answer that says so."""
        about = {"code": self.kind.code, "documentation": absolute(DOCS)}
        found = problem(self.kind.status, self.kind.title, self.detail, **about, **self.more)
        for name, value in self.headers.items():
            found.headers[name] = value
        return found


def bad(parameter: str, detail: str, **more: Any) -> Wrong:
    """A parameter that means nothing: which one, and how to write it."""
    return Wrong("bad-parameter", detail, parameter=parameter, **more)


def too_many(error: TooMany) -> Wrong:
    """More than one address may ask: how long to wait, and how to ask for less."""
    return Wrong(
        "too-many-requests",
        f"You asked for more than {error.limit} points in {error.window} seconds. Wait {error.seconds} s and go on; "
        "page with limit=1000, keep what you have by its ETag, or download whole files, which are not limited.",
        headers={"Retry-After": str(error.seconds)},
        retry_after=error.seconds,
        cost=error.cost,
        limit=error.limit,
        window=error.window,
    )


def gone(version: Version) -> Wrong:
    """What was withdrawn, when and why, and by which hash whoever kept a copy knows it."""
    assert version.withdrawn_at is not None
    because = {code: getattr(version, f"withdrawn_because_{code}") or "" for code in ("ar", "en")}
    return Wrong(
        "withdrawn",
        because["en"],
        detail_ar=because["ar"],
        dataset=version.dataset.slug,
        version=version.number,
        sequence=version.sequence,
        withdrawn_at=version.withdrawn_at.isoformat(),
        manifest_sha256=version.manifest_sha256,
    )
