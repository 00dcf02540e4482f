"""Who of the staff may do what with which dataset, release and version."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from opendata.catalogue.choices import Stage
from opendata.catalogue.models import Dataset, Release, Version
from opendata.catalogue.standing import deciders
from portal.organisations.access import role_in, unit_ids

CHANGE = "catalogue.change_release"
APPROVE = "catalogue.approve_dataset"


def visible_dataset(user: Any, pk: int | str) -> Dataset:
    """The dataset, if the user may see it; else the same 404 as for one that does not exist."""
    rows = Dataset.objects.visible_to(user).select_related("asset__unit", "asset__organisation", "latest")
    return _got(rows, pk)


def visible_release(user: Any, pk: int | str) -> Release:
    """The same of a release."""
    related = ("dataset__asset__unit", "dataset__asset__organisation", "dataset__latest", "uploaded_by",
               "submitted_by", "approved_by", "cleared_by")  # fmt: skip
    return _got(Release.objects.visible_to(user).select_related(*related), pk)


def visible_versions(user: Any) -> Any:
    """The versions of the datasets of the user's units."""
    rows = Version.objects.select_related("dataset__asset__unit")
    return rows if user.is_superuser else rows.filter(dataset__asset__unit__in=unit_ids(user))


def visible_version(user: Any, pk: int | str) -> Version:
    """The same of a version."""
    return _got(visible_versions(user), pk)


def _got(rows: Any, pk: int | str) -> Any:
    try:
        return rows.get(pk=pk)
    except (rows.model.DoesNotExist, ValueError, OverflowError):
        raise Http404 from None


def belongs(user: Any, dataset: Dataset) -> bool:
    """Does the user work in the dataset's unit, or administer the portal?"""
    return user.is_superuser or role_in(user, dataset.asset.unit_id) is not None


def may_upload(user: Any, dataset: Dataset) -> bool:
    """May the user begin and prepare releases of it?"""
    return user.has_perm(CHANGE) and belongs(user, dataset)


def may_approve(user: Any, dataset: Dataset) -> bool:
    """May the user approve its releases, clear personal data and withdraw versions?"""
    return user.has_perm(APPROVE) and belongs(user, dataset)


def granted(user: Any, release: Release) -> set[str]:
    """The verbs the user's permissions give them on this release, whatever its stage."""
    verbs: set[str] = set()
    if may_upload(user, release.dataset):
        verbs |= {"describe", "read_again", "accept", "note", "original", "submit", "take_back", "give_up", "try_again"}
    if may_approve(user, release.dataset):
        verbs |= {"return", "try_again"}
        if user.pk != release.uploaded_by_id:
            verbs.add("clear")
        if user.pk not in deciders(release):
            verbs.add("approve")
    return verbs


FITS = {
    Stage.UPLOADED: {"give_up"},
    Stage.UNREADABLE: {"read_again", "try_again", "give_up"},
    Stage.REVIEW: {"describe", "read_again", "accept", "note", "original", "clear", "submit", "give_up"},
    Stage.APPROVAL: {"take_back", "approve", "return", "give_up"},
    Stage.APPROVED: {"give_up"},
    Stage.FAILED: {"try_again", "return", "give_up"},
}


def possible(user: Any, release: Release) -> set[str]:
    """Those of the granted verbs that would change something now."""
    verbs = granted(user, release) & FITS.get(Stage(release.stage), set())
    if not (release.report or {}).get("personal") or release.cleared_by_id:
        verbs.discard("clear")
    return verbs


def may_withdraw(user: Any, version: Version) -> bool:
    """May the user withdraw this version?"""
    return not version.is_withdrawn and may_approve(user, version.dataset)
