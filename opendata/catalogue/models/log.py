"""The public log of what was published, corrected and withdrawn: each entry holds the hash of the one before."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class LogEntry(models.Model):
    """One act. Triggers of the database refuse changing or deleting any."""

    sequence = models.PositiveBigIntegerField(_("number"), unique=True)
    at = models.DateTimeField(_("when"), default=timezone.now)
    version = models.ForeignKey("catalogue.Version", models.PROTECT, null=True, related_name="log_entries")
    """None for what concerns the keys."""
    entry = models.TextField()
    """Canonical JSON of opendata.trust.log; its hash is what the next entry holds."""
    hash = models.CharField(max_length=64, unique=True)
    previous_hash = models.CharField(max_length=64, blank=True, unique=True)

    class Meta:
        verbose_name = _("entry of the publication log")
        verbose_name_plural = _("entries of the publication log")
        ordering = ["sequence"]

    def __str__(self) -> str:
        return str(self.sequence)


class DailyHead(models.Model):
    """The signed head of the log at the end of a day: who keeps it can prove later that nothing before was changed."""

    day = models.DateField(_("day"), unique=True)
    sequence = models.PositiveBigIntegerField(_("number"))
    hash = models.CharField(max_length=64)
    signature = models.TextField()

    class Meta:
        verbose_name = _("daily head of the publication log")
        verbose_name_plural = _("daily heads of the publication log")
        ordering = ["-day"]

    def __str__(self) -> str:
        return str(self.day)
