"""Looked at when the portal starts: can the bucket of S3_URL be used?"""

from __future__ import annotations

import importlib.util
from typing import Any

from django.core.checks import CheckMessage, Error

from opendata.catalogue.bucket import BadAddress, place


def check_bucket(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Its address can be read, and the library that speaks to it is there. Nothing is sent."""
    try:
        where = place()
    except BadAddress as error:
        return [Error(str(error), id="reusers.E001")]
    if where is not None and importlib.util.find_spec("obstore") is None:
        return [Error("S3_URL is set but obstore is missing: pip install 'musharaka[s3]'.", id="reusers.E002")]
    return []
