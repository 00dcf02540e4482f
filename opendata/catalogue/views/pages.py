"""Pages everybody reads: the catalogue, a dataset, its versions, what changed between them, how to verify."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from opendata.catalogue.addresses import HEADS, KEYS, LOG, file_path, reverse_or_nothing
from opendata.catalogue.changes import column_titles, differing
from opendata.catalogue.listing import Catalogue
from opendata.catalogue.models import Dataset, Version
from opendata.catalogue.showing import HEAVY, crumbs, dataset_context, version_context, versions_of
from opendata.catalogue.trusting import public_keys
from opendata.trust import by_hand
from portal.http import public


@public
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every published dataset, found by words and narrowed by facets."""
    context = {
        "catalogue": Catalogue(request.GET),
        "request_url": reverse_or_nothing("data_requests:new"),
        "inventory_url": reverse_or_nothing("inventory:list"),
    }
    return render(request, "opendata/catalogue/list.html", context)


@public
@require_safe
def dataset(request: HttpRequest, slug: str) -> HttpResponse:
    """A dataset by its newest version; where every version was withdrawn, what it was."""
    found = _datasets().filter(slug=slug).first()
    if found is None:
        raise Http404
    if found.latest is None:
        return _all_withdrawn(request, found)
    return render(request, "opendata/catalogue/dataset.html", dataset_context(found, request.GET))


@public
@require_safe
def version(request: HttpRequest, slug: str, sequence: int) -> HttpResponse:
    """One version with its own files, dictionary and rows, also when there are newer ones."""
    found = _version(slug, sequence)
    if found.is_withdrawn:
        return _withdrawn(request, found)
    context = version_context(found.dataset, found, list(found.files.all()), request.GET)
    context |= {"change": getattr(found, "change", None), "last_updated": found.published_at}
    return render(request, "opendata/catalogue/version.html", context)


@public
@require_safe
def changes(request: HttpRequest, slug: str, sequence: int) -> HttpResponse:
    """What differs between a version and the one before it. It shows rows of both, so neither may be withdrawn."""
    found = _version(slug, sequence)
    change = getattr(found, "change", None)
    if change is None:
        raise Http404
    for one in (found, change.previous):
        if one.is_withdrawn:
            return _withdrawn(request, one)
    context = {
        "dataset": found.dataset,
        "version": found,
        "change": change,
        "rows": differing(change),
        "columns": column_titles(change),
        "file_url": file_path(slug, sequence, "difference.csv") if change.file_sha256 else "",
        "breadcrumbs": [*crumbs(found.dataset), {"label": _version_label(found), "url": found.get_absolute_url()}],
        "last_updated": found.published_at,
    }
    return render(request, "opendata/catalogue/changes.html", context)


@public
@require_safe
def verification(request: HttpRequest) -> HttpResponse:
    """How to check a download without trusting the portal: commands, keys, the log."""
    keys = public_keys()
    wanted = request.GET.get("key", "")
    key = next((one for one in keys if one.kid == wanted), keys[0] if keys else None)
    context: dict[str, Any] = {
        "keys": keys,
        "key": key,
        "commands": by_hand.commands(key) if key else "",
        "example": Dataset.objects.in_lists().order_by("-latest__published_at").defer(*_heavy_latest()).first(),
        "log_url": LOG,
        "heads_url": HEADS,
        "jwks_url": KEYS,
        "breadcrumbs": crumbs(),
    }
    return render(request, "opendata/catalogue/verify.html", context)


def _heavy_latest() -> list[str]:
    return [f"latest__{name}" for name in HEAVY]


def _datasets() -> Any:
    return Dataset.objects.select_related("asset__organisation__open_data", "asset__unit", "latest")


def _version(slug: str, sequence: int) -> Version:
    """A version with its dataset and, in one go, what differs from the one before it."""
    rows = Version.objects.select_related(
        "dataset__asset__organisation__open_data", "dataset__asset__unit", "dataset__latest", "change__previous"
    )
    heavy = [f"dataset__latest__{name}" for name in HEAVY] + [f"change__previous__{name}" for name in HEAVY[2:]]
    found = rows.defer(*heavy, "change__previous__preview").filter(dataset__slug=slug, sequence=sequence).first()
    if found is None:
        raise Http404
    change = getattr(found, "change", None)
    for other in (found.dataset.latest, change and change.previous):
        if other is not None:  # else their addresses would ask for the dataset again
            other.dataset = found.dataset
    return found


def _version_label(version: Version) -> str:
    return _("Version %(number)s") % {"number": version.number}


def _all_withdrawn(request: HttpRequest, found: Dataset) -> HttpResponse:
    """410 where there were versions; a dataset that never had any answers like nothing at all."""
    versions = versions_of(found)
    if not versions:
        raise Http404
    return _gone(request, "opendata/catalogue/all_withdrawn.html", {"dataset": found, "versions": versions})


def _withdrawn(request: HttpRequest, found: Version) -> HttpResponse:
    return _gone(request, "opendata/catalogue/withdrawn.html", {"dataset": found.dataset, "version": found})


def _gone(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    log = {"catalogue_url": reverse("catalogue:list"), "request_url": reverse_or_nothing("data_requests:new")}
    response = render(request, template, context | log, status=410)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
