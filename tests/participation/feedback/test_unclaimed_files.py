"""Files of forms that were never finished go; files of cases stay."""

from __future__ import annotations

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from participation.feedback.models import CaseAttachment
from portal.attachments.actions import accept_upload, discard_unclaimed
from portal.attachments.models import Attachment
from tests.people import submitted


def test_only_old_files_nobody_holds_are_discarded(world):
    held, _forgotten, young = (
        accept_upload(SimpleUploadedFile(f"{name}.txt", b"text", content_type="text/plain"))
        for name in ("held", "forgotten", "young")
    )
    CaseAttachment.objects.create(case=submitted(world).case, attachment=held)
    Attachment.objects.exclude(pk=young.pk).update(created_at=timezone.now() - timedelta(days=9))
    assert discard_unclaimed() == 1
    assert set(Attachment.objects.all()) == {held, young}
