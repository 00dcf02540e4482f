"""Tags of all published datasets."""

from __future__ import annotations

from typing import Any

from opendata.ckan.asked import Parameters
from opendata.ckan.packages import tag_dict
from opendata.ckan.publishers import publishers
from opendata.ckan.searching.rows import read_rows
from portal.search.folding import fold


def tag_list(asked: Parameters) -> list[Any]:
    """Names of the tags, sorted. Parameters: query (a part of the name, however it is written in Arabic), all_fields.
    There are no vocabularies."""
    if asked.has("vocabulary_id"):
        return []
    found = sorted({tag for row in read_rows(publishers()) for tag in row.tags})
    if part := fold(asked.text("query")):
        found = [tag for tag in found if part in fold(tag)]
    return [tag_dict(tag) for tag in found] if asked.truth("all_fields") else found
