"""What happens around datasets: how often they are fetched, and what people make of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Download(models.Model):
    """How often a format of a dataset was fetched on a day; nothing of who fetched it is kept."""

    dataset = models.ForeignKey("catalogue.Dataset", models.PROTECT, related_name="downloads")
    day = models.DateField()
    format = models.CharField(max_length=12)
    count = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("downloads of a day")
        verbose_name_plural = _("downloads")
        constraints = [models.UniqueConstraint(fields=["dataset", "day", "format"], name="download_counted_once")]

    def __str__(self) -> str:
        return f"{self.dataset_id} {self.day} {self.format}"


class ReuseState(models.TextChoices):
    WAITING = "waiting", _("Waiting to be looked at")
    SHOWN = "shown", _("Shown")
    REFUSED = "refused", pgettext_lazy("reuse", "Not shown")


class ReuseQuerySet(models.QuerySet["Reuse"]):
    def shown(self) -> ReuseQuerySet:
        """What everybody sees."""
        return self.filter(state=ReuseState.SHOWN)


class Reuse(models.Model):
    """Something somebody made of a dataset; shown once a member of staff has looked at it."""

    dataset = models.ForeignKey("catalogue.Dataset", models.PROTECT, related_name="reuses", verbose_name=_("dataset"))
    title = models.CharField(_("title"), max_length=120)
    url = models.URLField(_("address"), max_length=300)
    description = models.TextField(_("description"), max_length=1000)
    made_by = models.CharField(_("made by"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    token = models.CharField(max_length=64, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=ReuseState.choices, default=ReuseState.WAITING)
    refused_because = models.CharField(_("why it is not shown"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("sent"), default=timezone.now, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )

    objects = ReuseQuerySet.as_manager()

    class Meta:
        verbose_name = _("reuse")
        verbose_name_plural = _("reuses")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ReuseState.values), name="reuse_state_known"),
            models.CheckConstraint(
                condition=Q(state=ReuseState.WAITING) | Q(decided_at__isnull=False), name="reuse_decided_has_time"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
