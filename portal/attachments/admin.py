from __future__ import annotations

from django.contrib import admin

from portal.attachments.models import Attachment
from portal.staff.admin_base import ReadOnlyAdmin


@admin.register(Attachment)
class AttachmentAdmin(ReadOnlyAdmin):
    """Shows what the scanner said, never the file or its name: who may read a file is decided by its case."""

    list_display = ["public_id", "content_type", "size", "state", "created_at"]
    list_filter = ["state", "content_type"]
    fields = ["public_id", "content_type", "size", "state", "verdict", "created_at"]
