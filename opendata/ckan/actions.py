"""What may be asked of the catalogue in CKAN's words. The first line of each is what `help_show` says."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from opendata.catalogue.addresses import absolute
from opendata.catalogue.choices import Licence
from opendata.catalogue.models import Dataset
from opendata.ckan.asked import Parameters
from opendata.ckan.datastore.search import datastore_info, datastore_search
from opendata.ckan.licences import licence_dict
from opendata.ckan.organisations import group_list, group_show, organization_list, organization_show
from opendata.ckan.packages import load, package_dict, packages
from opendata.ckan.publishers import publishers
from opendata.ckan.resources import find, resource_dict, resources_of
from opendata.ckan.searching.rows import read_rows
from opendata.ckan.searching.search import MOST_ROWS, search
from opendata.ckan.streaming import Long
from opendata.ckan.tags import tag_list
from opendata.ckan.wrong import not_found

Action = Callable[[Parameters], Any]
CKAN_VERSION = "2.11.0"
"""The release of CKAN whose reads are answered here; clients look at it to know what they may ask."""


def package_list(asked: Parameters) -> list[str]:
    """Names of all published datasets, sorted. Parameters: limit, offset."""
    start = asked.number("offset", 0)
    end = start + asked.number("limit", 0) if asked.has("limit") else None
    names = Dataset.objects.published().order_by("slug").values_list("slug", flat=True)
    return list(names)[start:end]


def package_show(asked: Parameters) -> dict[str, Any]:
    """A dataset with its resources. Parameters: id (its name or its id)."""
    wanted = asked.wanted("id")
    rows = Dataset.objects.filter(slug=wanted)
    if (key := _uuid(wanted)) is not None:
        rows = Dataset.objects.filter(uuid=key)
    known = publishers()
    dataset = next(iter(load(rows)), None)
    if dataset is None or dataset.asset.organisation_id not in known:
        raise not_found()
    return package_dict(dataset, known)


def package_search(asked: Parameters) -> Long:
    """Datasets that fit. Parameters: q, fq, fq_list, sort, rows (10, at most 1000), start, facet.field, facet.limit,
    facet.mincount. Filters know the fields id, name, organization, owner_org, groups, tags, title, text, license_id,
    res_format, metadata_created and metadata_modified, with AND, OR, NOT, -, brackets, wildcards and ranges."""
    known = publishers()
    found = search(asked, known)
    head = {"count": found.count, "sort": found.sort, "facets": found.facets, "search_facets": found.search_facets}
    return Long(packages(found.keys, known), "results", head)


def current_package_list_with_resources(asked: Parameters) -> Long:
    """Datasets with their resources, the last changed first. Parameters: limit (at most 1000), offset or page."""
    known = publishers()
    limit = asked.number("limit", MOST_ROWS, MOST_ROWS)
    start = (asked.number("page", 1) - 1) * limit if asked.has("page") else asked.number("offset", 0)
    rows = sorted(read_rows(known), key=lambda row: (row.modified, row.id), reverse=True)
    return Long(packages([row.pk for row in rows[max(0, start) :][:limit]], known))


def resource_show(asked: Parameters) -> dict[str, Any]:
    """A file. Parameters: id (of the newest file of a dataset in a format, or of that of one version)."""
    one = find(asked.wanted("id"))
    same = [other.file.format for other in resources_of(one.dataset)] if one.dataset.latest_id else []
    return resource_dict(one, same.index(one.file.format) if one.file.format in same else 0)


def resource_view_list(asked: Parameters) -> list[Any]:
    """Views of a resource: there are none; the page of a dataset shows its rows. Parameters: id."""
    find(asked.wanted("id"))
    return []


def package_activity_list(asked: Parameters) -> list[Any]:
    """What was done to a dataset: nothing is listed here; its page lists its versions. Parameters: id."""
    asked.wanted("id")
    return []


def license_list(asked: Parameters) -> list[dict[str, Any]]:
    """Licences datasets may carry."""
    return [licence_dict(one) for one in Licence.values]


def status_show(asked: Parameters) -> dict[str, Any]:
    """What answers here: reads of the CKAN API on another software."""
    return {
        "ckan_version": CKAN_VERSION,
        "site_title": "Musharaka",
        "site_description": "Open data of Oman: reads of the CKAN API",
        "site_url": absolute(""),
        "error_emails_to": None,
        "locale_default": "en",
        "extensions": ["datastore"],
    }


def site_read(asked: Parameters) -> bool:
    """Whether this site may be read: always."""
    return True


def help_show(asked: Parameters) -> str:
    """What an action does. Parameters: name."""
    action = ACTIONS.get(asked.wanted("name"))
    if action is None:
        raise not_found("There is no such action")
    return " ".join((action.__doc__ or "").split())


def _uuid(text: str) -> uuid.UUID | None:
    try:
        found = uuid.UUID(text)
    except ValueError:
        return None
    return found if str(found) == text.lower() else None


ACTIONS: dict[str, Action] = {
    action.__name__: action
    for action in (
        package_list,
        package_show,
        package_search,
        current_package_list_with_resources,
        resource_show,
        resource_view_list,
        package_activity_list,
        organization_list,
        organization_show,
        group_list,
        group_show,
        license_list,
        tag_list,
        datastore_search,
        datastore_info,
        status_show,
        site_read,
        help_show,
    )
}
