"""What an upload really is: its name, extension and content must agree, and images are drawn anew.

Nothing here writes to the database; forms use it to answer at once, `actions.accept_upload` to store.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from portal.attachments.documents import read_docx, read_pdf, read_text, read_xlsx
from portal.attachments.images import read_jpeg, read_png, read_webp
from portal.attachments.refusal import Refused
from portal.digits import strip_bidi

LONGEST_NAME = 200
_OOXML = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True)
class CheckedUpload:
    """An upload that passed: `data` is what will be stored, `name` is safe to show and to save."""

    name: str
    content_type: str
    data: bytes

    @property
    def size(self) -> int:
        return len(self.data)


@dataclass(frozen=True)
class Kind:
    """A kind of file: its media type, and a reader that returns the bytes to store or raises `Refused`."""

    content_type: str
    read: Callable[[bytes], bytes]


_JPEG = Kind("image/jpeg", read_jpeg)
KINDS = {
    "pdf": Kind("application/pdf", read_pdf),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "png": Kind("image/png", read_png),
    "webp": Kind("image/webp", read_webp),
    "docx": Kind(f"{_OOXML}.wordprocessingml.document", read_docx),
    "xlsx": Kind(f"{_OOXML}.spreadsheetml.sheet", read_xlsx),
    "txt": Kind("text/plain", read_text),
    "csv": Kind("text/csv", read_text),
}


def check_upload(uploaded: UploadedFile) -> CheckedUpload:
    """Return the upload as it may be stored; raise `ValidationError` saying what is wrong and what is allowed."""
    name = safe_name(uploaded.name or "")
    extension = PurePath(name).suffix.lower().removeprefix(".")
    kind = KINDS.get(extension)
    if kind is None:
        raise ValidationError(
            _("“%(name)s” is not a kind of file we can accept. Send PDF, JPEG, PNG, WebP, DOCX, XLSX, TXT or CSV."),
            code="kind",
            params={"name": name},
        )
    data = _bounded(uploaded, name)
    try:
        return CheckedUpload(name, kind.content_type, kind.read(data))
    except Refused as refusal:
        raise ValidationError(
            refusal.message, code=refusal.code, params={"name": name, "extension": extension.upper()}
        ) from None


def safe_name(name: str) -> str:
    """Return a file name without folders, marks and control characters, of at most 200 characters.

    The extension is kept when the name is cut. Joiners that Persian spelling needs stay.
    """
    name = strip_bidi(unicodedata.normalize("NFC", name)).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(char for char in name if char in "\u200c\u200d" or unicodedata.category(char)[0] != "C")
    kept = re.sub(r"\s+", " ", re.sub(r'[:*?"<>|]', "_", kept)).strip(". ")
    path = PurePath(kept)
    return path.stem[: LONGEST_NAME - len(path.suffix)] + path.suffix[:LONGEST_NAME]


def _bounded(uploaded: UploadedFile, name: str) -> bytes:
    """Return the content when it is neither empty nor too large, whatever size the request claims."""
    limit = settings.ATTACHMENT_MAX_BYTES
    uploaded.seek(0)
    data: bytes = uploaded.read(limit + 1)
    if not data:
        raise ValidationError(_("“%(name)s” is empty. Choose the file again."), code="empty", params={"name": name})
    if len(data) > limit:
        raise ValidationError(
            _("“%(name)s” is larger than %(megabytes)s MB. Send a smaller file."),
            code="size",
            params={"name": name, "megabytes": megabytes(limit)},
        )
    return data


def megabytes(size: int) -> str:
    """Return a size in megabytes with at most one decimal: "5", "0.5"."""
    return f"{size / (1024 * 1024):.1f}".removesuffix(".0")
