"""Object storage that gives out published files in the portal's place, where S3_URL names a bucket.

The store on this disk stays the source: a worker copies the files of standing versions (bucket_filling), and a download
leads to a copy only once it is known to be there. The bucket itself is private: each address is signed, for minutes.
"""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from django.conf import settings

from opendata.catalogue.models import Version, VersionFile
from opendata.catalogue.storage import root

SIGNED_FOR = timedelta(minutes=10)
"""How long an address works: long enough to follow it, and what is withdrawn meanwhile is soon out of reach."""
REGION = "us-east-1"
"""What S3 assumes where nothing is said; stores of one's own take it too."""
_TIMEOUT = "60s"
_HASTY: Any = {"max_retries": 1, "retry_timeout": timedelta(seconds=10)}
_HASTY_TIMEOUT = "8s"


class BadAddress(ValueError):
    """S3_URL cannot be understood; the message says how it is written."""


@dataclass(frozen=True)
class Place:
    """A bucket by its address: the service, the name of the bucket, what stands before every key, and who asks."""

    service: str
    bucket: str
    prefix: str
    key: str
    secret: str = field(repr=False)  # so that no traceback shows it
    region: str

    @property
    def name(self) -> str:
        """Tells this bucket from others, also from another part of the same one."""
        return hashlib.sha256(f"{self.service}/{self.bucket}/{self.prefix}".encode()).hexdigest()[:16]


def place_of(address: str) -> Place:
    """Read `https://KEY:SECRET@host/bucket/prefix?region=...`; raises BadAddress."""
    parts = urlsplit(address)
    bucket, _slash, prefix = parts.path.strip("/").partition("/")
    if parts.scheme not in ("http", "https") or not (parts.hostname and bucket and parts.username and parts.password):
        raise BadAddress("Write S3_URL like https://KEY:SECRET@s3.example.om/bucket?region=me-south-1.")
    service = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    region = parse_qs(parts.query).get("region", [REGION])[0]
    return Place(service, unquote(bucket), unquote(prefix), unquote(parts.username), unquote(parts.password), region)


@functools.lru_cache(maxsize=4)
def connection(place: Place, *, is_hasty: bool = False) -> Any:
    """A connection to the bucket, made on first use, so that no process forks with one.

    A hasty one gives up within seconds: for somebody who waits for a page.
    """
    from obstore.store import S3Store

    return S3Store(
        place.bucket,
        prefix=place.prefix or None,
        endpoint=place.service,
        access_key_id=place.key,
        secret_access_key=place.secret,
        region=place.region,
        virtual_hosted_style_request=False,
        client_options={
            "allow_http": place.service.startswith("http:"), "timeout": _HASTY_TIMEOUT if is_hasty else _TIMEOUT,
        },
        retry_config=_HASTY if is_hasty else None,
    )  # fmt: skip


def place() -> Place | None:
    """The bucket of this portal; None where it has none."""
    address = getattr(settings, "S3_URL", "")
    return place_of(address) if address else None


def key_of(file: VersionFile) -> str:
    """Where the copy of a file lies in the bucket."""
    return f"{folder_of(file.version)}{quote(file.name)}"


def folder_of(version: Version) -> str:
    """What the keys of a version begin with."""
    return f"{version.dataset.slug}/{version.sequence}/"


def marks(where: Place) -> Path:
    """The folder of the marks of this bucket."""
    return root() / "uploaded" / where.name


def mark_of(where: Place, file_id: int) -> Path:
    """This file is there once its copy is known to lie in the bucket."""
    return marks(where) / str(file_id)


def address_of(file: VersionFile, *, is_head: bool) -> str:
    """A signed address of the copy, for HEAD or else for GET; "" where it is not known to be there."""
    where = place()
    if where is None or not mark_of(where, file.pk).exists():
        return ""
    import obstore

    return obstore.sign(connection(where), "HEAD" if is_head else "GET", key_of(file), SIGNED_FOR)
