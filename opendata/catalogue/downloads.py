"""How often files are fetched: a number for each day and format, and nothing of who fetched them."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date

from django.db import DatabaseError, connection, transaction
from django.db.models import Q, Sum
from django.utils import timezone

from opendata.catalogue.models import Dataset, Download

logger = logging.getLogger(__name__)

_ADD_ONE = """
INSERT INTO catalogue_download (dataset_id, day, format, count) VALUES (%s, %s, %s, 1)
ON CONFLICT (dataset_id, day, format) DO UPDATE SET count = catalogue_download.count + 1
"""


@dataclass(frozen=True)
class Downloads:
    """How often a dataset was fetched."""

    this_month: int = 0
    ever: int = 0


def count_download(dataset_id: int, format: str) -> None:
    """Add one to today's number, in one statement. What goes wrong here must not keep anybody from the file."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_ADD_ONE, [dataset_id, timezone.localdate(), format])
    except DatabaseError as error:
        logger.warning("a download was not counted: %s", type(error).__name__)


def downloads_of(dataset: Dataset, today: date | None = None) -> Downloads:
    """The numbers of a dataset, of all its versions and formats together."""
    first = (today or timezone.localdate()).replace(day=1)
    found = Download.objects.filter(dataset=dataset).aggregate(
        ever=Sum("count"), month=Sum("count", filter=Q(day__gte=first))
    )
    return Downloads(found["month"] or 0, found["ever"] or 0)
