"""Documents are looked into, and stored as they came."""

import io
import re
import zipfile
import zlib

from django.utils.translation import gettext_lazy as _

from portal.attachments.refusal import Refused, not_what_it_says

MOST_UNPACKED = 64 * 1024 * 1024
MOST_PARTS = 3000
_PIECE = 256 * 1024
_MACROS = re.compile(r"(^|/)(vbaProject\.bin|vbaData\.xml|macrosheets/|activeX/)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def read_pdf(data: bytes) -> bytes:
    """Return the bytes of what starts and ends as a PDF."""
    if not re.match(rb"%PDF-[12]\.\d", data) or b"%%EOF" not in data[-4096:]:
        raise not_what_it_says()
    return data


def read_docx(data: bytes) -> bytes:
    """Return the bytes of a Word document without macros."""
    return _office_document(data, "word/document.xml")


def read_xlsx(data: bytes) -> bytes:
    """Return the bytes of an Excel workbook without macros."""
    return _office_document(data, "xl/workbook.xml")


def read_text(data: bytes) -> bytes:
    """Return the bytes of a text in UTF-8, UTF-16 (with its mark) or Windows-1256."""
    encodings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1256"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            return data
    raise not_what_it_says()


def _office_document(data: bytes, main_part: str) -> bytes:
    """Nothing may stand before or after the archive: it would be another file in disguise."""
    if data[:4] != b"PK\x03\x04" or data[-22:-18] != b"PK\x05\x06":
        raise not_what_it_says()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_parts(archive, main_part)
    except Refused:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, NotImplementedError, RuntimeError):
        raise not_what_it_says() from None
    return data


def _check_parts(archive: zipfile.ZipFile, main_part: str) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if len(names) != len(parts) or not {"[Content_Types].xml", main_part} <= names:
        raise not_what_it_says()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise _bomb()
    if any(_MACROS.search(name) for name in names):
        raise _macros()
    for part in parts:
        if part.flag_bits & 1 or part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise not_what_it_says()
        _unpack(archive, part)
    if b"macroEnabled" in archive.read("[Content_Types].xml"):
        raise _macros()


def _unpack(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Read the part through: sizes and checksums in the directory may lie, and then this raises."""
    with archive.open(part) as content:
        while content.read(_PIECE):
            pass


def _macros() -> Refused:
    return Refused("macros", _("“%(name)s” contains macros. Save it without macros and send it again."))


def _bomb() -> Refused:
    return Refused("unpacked", _("“%(name)s” is too large once unpacked. Send a smaller document."))
