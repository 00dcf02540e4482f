"""Letters waiting to be sent. The row is the queue: a dead worker or mail server loses nothing."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.encryption import EncryptedTextField


class MailState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed for good")


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def due(self, at: datetime) -> OutgoingMailQuerySet:
        """Waiting, their time has come, and no other sender holds a lease on them."""
        return self.filter(state=MailState.WAITING, next_attempt_at__lte=at)

    def failed(self) -> OutgoingMailQuerySet:
        return self.filter(state=MailState.FAILED)


class OutgoingMail(models.Model):
    """One letter to one address, rendered when it was decided, so that it says what was true then.

    A sender takes a lease by moving `next_attempt_at` ahead; if it dies, the lease runs out and another sends.
    """

    to = EncryptedTextField(_("to"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    template = models.CharField(_("template"), max_length=80)
    subject = EncryptedTextField(_("subject"))
    text = EncryptedTextField(_("text"))
    html = EncryptedTextField(_("HTML"))
    headers = models.JSONField(default=dict, blank=True)  # further ones by name, in clear: nothing personal
    about_kind = models.CharField(_("about"), max_length=80, blank=True)
    about_id = models.CharField(max_length=40, blank=True)
    dedupe_key = models.CharField(_("key"), max_length=200, unique=True, null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=MailState.choices, default=MailState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mail")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=models.Q(state="waiting"), name="mail_due"),
            models.Index(fields=["state"], condition=models.Q(state="failed"), name="mail_failed"),
            models.Index(fields=["about_kind", "about_id"], name="mail_about"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=MailState.values), name="mail_state_known"),
            models.CheckConstraint(
                condition=(models.Q(state="sent") & models.Q(sent_at__isnull=False))
                | (~models.Q(state="sent") & models.Q(sent_at__isnull=True)),
                name="mail_sent_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.pk}"
