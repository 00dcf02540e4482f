"""A release: a file on its way to becoming a version."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opendata.catalogue.choices import OVER, WORKING, Kind, Stage
from portal.bilingual import both_languages
from portal.organisations.access import unit_ids


def _who(label: Any) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label
    )


class ReleaseQuerySet(models.QuerySet["Release"]):
    def visible_to(self, user: Any) -> ReleaseQuerySet:
        """Releases of the datasets of the user's units."""
        return self.all() if user.is_superuser else self.filter(dataset__asset__unit__in=unit_ids(user))

    def open(self) -> ReleaseQuerySet:
        """Those somebody or something still works on."""
        return self.exclude(stage__in=OVER)

    def to_work_on(self, at: datetime | None = None) -> ReleaseQuerySet:
        """What a worker is to take: new work, and work whose worker has not been heard of."""
        waiting = Q(stage__in=[Stage.UPLOADED, Stage.APPROVED])
        lost = Q(stage__in=WORKING, claimed_until__lt=at or timezone.now())
        return self.filter(waiting | lost)


class Release(models.Model):
    """One upload and everything decided about it, from the file to the published version."""

    dataset = models.ForeignKey("catalogue.Dataset", models.PROTECT, related_name="releases", verbose_name=_("dataset"))
    stage = models.CharField(_("state"), max_length=12, choices=Stage.choices, default=Stage.UPLOADED)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.NEW)
    change_note = models.CharField(_("what has changed"), max_length=600, blank=True)

    file_name = models.CharField(_("file"), max_length=200)
    file_size = models.BigIntegerField(_("size"))
    file_sha256 = models.CharField(max_length=64)
    """The upload as it came, in the store under this address."""

    choices = models.JSONField(default=dict, blank=True)
    """What the publisher decided about reading it: opendata.reading.choices.Choices."""
    report = models.JSONField(null=True, blank=True)
    """What reading found: opendata.reading.report.Report, without the table."""
    table_sha256 = models.CharField(max_length=64, blank=True)
    """The typed table the files are built from, in the store."""
    problems_sha256 = models.CharField(max_length=64, blank=True)
    """problems.csv of the reader, in the store."""
    findings = models.JSONField(default=list, blank=True)
    """What any reading of this upload found about people, as PersonalFinding: no other choice makes it unseen."""
    dictionary = models.JSONField(default=list, blank=True)
    """Columns as opendata.building.schema.ColumnSpec: name, type, title_ar, title_en, description_ar, ..."""
    key = models.JSONField(default=list, blank=True)
    """Names of the columns that together name a row, for comparing versions."""
    accepted = models.JSONField(default=list, blank=True)
    """Codes of the asking problems the publisher has looked at and accepted."""
    without_original = models.BooleanField(_("without the original file"), default=False)
    """Whether the version offers only what was made of the table, and not the upload as it came."""
    no_original_because = models.CharField(_("why the original file is not published"), max_length=600, blank=True)
    """Told to the public."""
    comparison = models.JSONField(null=True, blank=True)
    """What differs from the version before: opendata.building.differences.Difference, without all rows."""

    uploaded_by = _who(_("uploaded by"))
    submitted_by = _who(_("sent for approval by"))
    cleared_by = _who(_("personal data cleared by"))
    cleared_because = models.CharField(_("why it is no personal data"), max_length=600, blank=True)
    approved_by = _who(_("approved by"))
    edited_by = ArrayField(models.BigIntegerField(), default=list, blank=True, editable=False)
    """Everybody who uploaded, decided something or sent it (pks of users): none of them approves it. It only grows."""
    returned_because = models.CharField(_("why it was returned"), max_length=600, blank=True)
    created_at = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)

    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    """Until then a worker has it; after that another may take it."""
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    failure = models.CharField(max_length=40, blank=True, editable=False)
    """Code of why reading or building ended without a result (opendata/catalogue/words)."""
    progress = models.CharField(max_length=40, blank=True, editable=False)
    """Code of the step the worker is at."""
    revision = models.PositiveIntegerField(default=1, editable=False)
    claim = models.UUIDField(null=True, editable=False)
    """Made up by the worker that took it: no two claims are the same, however often it is taken."""
    texts_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    """What was said of the dataset when it was sent for approval (models.datasets.Dataset.texts_sha256)."""

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["-created_at"]
        indexes = [
            models.Index(
                fields=["stage", "claimed_until"],
                condition=Q(stage__in=["uploaded", "reading", "approved", "building"]),
                name="release_work",
            )
        ]
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="release_stage_known"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="release_kind_known"),
            # Two releases of one dataset at once would each compare themselves with the wrong version before.
            models.UniqueConstraint(fields=["dataset"], condition=~Q(stage__in=OVER), name="release_one_at_a_time"),
            models.CheckConstraint(
                condition=~Q(stage__in=["approved", "building", "failed", "published"])
                | Q(approved_at__isnull=False, approved_by__isnull=False)
                | Q(approved_by__isnull=True, uploaded_by__isnull=True, approved_at__isnull=False),
                name="release_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | (
                    (Q(uploaded_by__isnull=True) | ~Q(approved_by=models.F("uploaded_by")))
                    & (Q(submitted_by__isnull=True) | ~Q(approved_by=models.F("submitted_by")))
                ),
                name="release_approved_by_another",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(edited_by__contains=[models.F("approved_by")]),
                name="release_approved_by_no_editor",
            ),
            both_languages("no_original_because", model="release_original", when=Q(without_original=True)),
            models.CheckConstraint(
                condition=Q(cleared_by__isnull=True)
                | Q(uploaded_by__isnull=True)
                | ~Q(cleared_by=models.F("uploaded_by")),
                name="release_cleared_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dataset} - {self.file_name}"
