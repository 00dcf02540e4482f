"""The desk's panel of open data: releases that wait for somebody, those that failed, datasets that are late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from opendata.catalogue.access import APPROVE, CHANGE
from opendata.catalogue.choices import Stage
from opendata.catalogue.models import Dataset, Release
from opendata.catalogue.models.datasets import DatasetQuerySet
from opendata.inventory.choices import DAYS_BETWEEN
from portal.organisations.access import unit_ids
from portal.staff.desk import Panel, register

MOST = 20
"""Of each kind stand on the desk; their number is that of all."""
STUCK = (Stage.UNREADABLE, Stage.FAILED)


def late(rows: DatasetQuerySet, now: datetime | None = None) -> DatasetQuerySet:
    """Published datasets whose newest version is older than their frequency allows."""
    now = now or timezone.now()
    due = Q()
    for frequency, most in DAYS_BETWEEN.items():
        due |= Q(asset__frequency=frequency, latest__published_at__lt=now - timedelta(days=most))
    return rows.published().filter(due)


class Some:
    """The first rows of a kind, and how many there are in all."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        self.first = list(rows[:MOST])
        self.count = len(self.first) if len(self.first) < MOST else rows.count()
        self.more = self.count - len(self.first)


@register
def panels(request: HttpRequest) -> Iterator[Panel]:
    """Of the units of the user; administrators, who belong to none, see all."""
    user = request.user
    if not (user.has_perm(CHANGE) or user.has_perm(APPROVE)) or not (user.is_superuser or unit_ids(user)):
        return
    releases = Release.objects.visible_to(user).select_related("dataset", "uploaded_by")
    waiting = Some(releases.none())
    if user.has_perm(APPROVE):
        mine = Q(uploaded_by=user) | Q(submitted_by=user) | Q(edited_by__contains=[user.pk])
        waiting = Some(releases.filter(stage=Stage.APPROVAL).exclude(mine))
    stuck = Some(releases.filter(stage__in=STUCK))
    to_do = Some(releases.filter(stage=Stage.REVIEW))
    overdue = Some(late(Dataset.objects.visible_to(user)).select_related("latest", "asset"))
    count = waiting.count + stuck.count + to_do.count + overdue.count
    if not count:
        return
    yield Panel(
        key="releases",
        title=_("Open data to publish"),
        template="opendata/catalogue/staff/panel.html",
        context={"waiting": waiting, "stuck": stuck, "to_do": to_do, "late": overdue},
        count=str(count),
        url=reverse("admin:catalogue_release_changelist"),
        is_urgent=bool(stuck.count or waiting.count),
    )
