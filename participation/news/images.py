"""The image of an announcement: what an editor uploads, made small enough for an old telephone."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image

from portal.attachments.actions import accept_upload
from portal.attachments.content import CheckedUpload, check_upload
from portal.attachments.models import Attachment

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
WIDEST = 1200
"""Pixels. The text column of the page is 736 wide; more only costs the reader data."""
SMALLEST = 200


@dataclass(frozen=True)
class Measured:
    """A stored image and its size in pixels, which the page needs before the image has come."""

    attachment: Attachment
    width: int
    height: int


def check_image(uploaded: UploadedFile) -> CheckedUpload:
    """The upload, drawn anew and small; ValidationError with a sentence for the editor where it is no image."""
    checked = check_upload(uploaded)
    if checked.content_type not in FORMATS:
        raise ValidationError(
            _("“%(name)s” is not an image. Choose a JPEG, PNG or WebP file."),
            code="kind",
            params={"name": checked.name},
        )
    return _made_small(checked)


def _made_small(checked: CheckedUpload) -> CheckedUpload:
    with Image.open(io.BytesIO(checked.data), formats=[FORMATS[checked.content_type]]) as image:
        if image.width < SMALLEST:
            raise ValidationError(
                _("“%(name)s” is only %(width)s pixels wide. Choose an image at least %(least)s pixels wide."),
                code="small",
                params={"name": checked.name, "width": image.width, "least": SMALLEST},
            )
        if max(image.size) <= WIDEST:
            return checked
        image.thumbnail((WIDEST, WIDEST))
        output = io.BytesIO()
        image.save(output, FORMATS[checked.content_type], quality=82, optimize=True)
    return replace(checked, data=output.getvalue())


def store_image(checked: CheckedUpload) -> Measured:
    """Keep a checked image. Until an announcement has it, it is one of the uploads nobody claimed."""
    return measure(accept_upload(checked))


def measure(attachment: Attachment) -> Measured:
    """A kept image with its size in pixels."""
    with attachment.stored.open("rb") as content, Image.open(content) as image:
        return Measured(attachment, *image.size)
