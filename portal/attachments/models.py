"""What people upload: checked before it is stored, unreadable until a scanner has passed it."""

import uuid

from django.core.files.storage import FileSystemStorage
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy as _


@deconstructible
class PrivateStorage(FileSystemStorage):
    """Files under DATA_DIR/uploads (MEDIA_ROOT) that have no address: only `views.serve` gives them out."""

    def url(self, name: str | None) -> str:
        raise ValueError("Uploaded files have no address of their own.")


def private_storage() -> PrivateStorage:
    """Return the storage of uploads, readable by the portal's own user only."""
    return PrivateStorage(file_permissions_mode=0o600, directory_permissions_mode=0o700)


def stored_name(attachment: "Attachment", filename: str) -> str:
    """Return a path that owes nothing to the name a stranger chose."""
    return f"{timezone.now():%Y/%m}/{attachment.public_id.hex}"


class State(models.TextChoices):
    QUARANTINED = "quarantined", _("Waiting for the virus scan")
    CLEAN = "clean", _("Available")
    REFUSED = "refused", _("Refused")


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def quarantined(self) -> "AttachmentQuerySet":
        """Files that no scanner has judged yet."""
        return self.filter(state=State.QUARANTINED)

    def readable(self) -> "AttachmentQuerySet":
        """Files that may be given out."""
        return self.filter(state=State.CLEAN)


class Attachment(models.Model):
    """One uploaded file. Who may read it is decided by whatever it is attached to."""

    public_id = models.UUIDField(_("public identifier"), default=uuid.uuid4, unique=True, editable=False)
    original_name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256 checksum"), max_length=64)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.QUARANTINED)
    verdict = models.TextField(_("verdict of the scanner"), blank=True)
    stored = models.FileField(_("file"), storage=private_storage, upload_to=stored_name, blank=True)
    created_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ("created_at", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(state__in=State.values), name="attachment_state_known"),
            models.CheckConstraint(condition=Q(size__gt=0), name="attachment_not_empty"),
            models.CheckConstraint(condition=Q(sha256__regex="^[0-9a-f]{64}$"), name="attachment_sha256_whole"),
            models.CheckConstraint(condition=~Q(original_name=""), name="attachment_named"),
            models.CheckConstraint(
                condition=Q(state=State.REFUSED) | ~Q(stored=""), name="attachment_stored_unless_refused"
            ),
        )
        indexes = (
            models.Index(fields=["created_at"], condition=Q(state=State.QUARANTINED), name="attachment_quarantined"),
        )

    def __str__(self) -> str:
        return self.original_name
