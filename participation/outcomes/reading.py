"""A commitment as it is read: on its public page, and by staff before they publish it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from participation.outcomes.models import Commitment, StatusChange
from portal import agenda


def story(commitment: Commitment) -> dict[str, Any]:
    """What the template of a commitment shows."""
    return {"commitment": commitment, "history": history(commitment), "links": answered_pages(commitment)}


def history(commitment: Commitment) -> list[dict[str, Any]]:
    """Its rows, newest first, each with what it did to the due date in words."""
    rows = list(commitment.history.order_by("number"))
    entries = [{"row": row, "moved": _moved(before, row)} for before, row in zip([None, *rows], rows, strict=False)]
    return entries[::-1]


def _moved(before: StatusChange | None, row: StatusChange) -> str:
    """That the promise was put off (or brought forward): nobody should have to find that out by comparing."""
    if before is None or before.due_on == row.due_on or not (before.due_on and row.due_on):
        return ""
    days = {"old": date_format(before.due_on), "new": date_format(row.due_on)}
    return _("The due date moved from %(old)s to %(new)s.") % days


def answered_pages(commitment: Commitment) -> list[dict[str, Any]]:
    """The pages it answers, by their titles where the agenda knows them, else by their addresses."""
    paths = [link.path for link in commitment.links.all()]
    if not paths:
        return []
    titles = {activity.path: activity.title for activity in agenda.activities()}
    root = f"/{get_language()}"
    return [{"title": titles.get(path, path), "url": root + path, "is_address": path not in titles} for path in paths]


def public_url(commitment: Commitment) -> str:
    """Where the public reads it, in the active language."""
    return reverse("outcomes:outcome", args=[commitment.slug])
