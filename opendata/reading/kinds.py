"""Which kind a file is, by its content: the name is what people type, and often wrong."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from opendata.reading.gathering import Problems
from opendata.reading.ole import BrokenContainer, Container
from opendata.reading.zips import check_zip

HEAD = 64 * 1024
_LARGEST_OLE = 200 * 2**20

# First bytes -> (problem code, what it is).
_MAGIC: list[tuple[bytes, str, str]] = [
    (b"MZ", "executable", "Windows"),
    (b"\x7fELF", "executable", "Linux"),
    (b"\xfe\xed\xfa", "executable", "macOS"),
    (b"\xcf\xfa\xed\xfe", "executable", "macOS"),
    (b"\xca\xfe\xba\xbe", "executable", "Java"),
    (b"#!", "executable", "script"),
    (b"%PDF", "pdf", "PDF"),
    (b"\x89PNG", "image", "PNG"),
    (b"\xff\xd8\xff", "image", "JPEG"),
    (b"GIF8", "image", "GIF"),
    (b"BM\x00", "image", "BMP"),
    (b"II*\x00", "image", "TIFF"),
    (b"MM\x00*", "image", "TIFF"),
    (b"RIFF", "image", "WebP"),
    (b"ID3", "image", "MP3"),
    (b"\x1f\x8b", "archive", "gzip"),
    (b"BZh", "archive", "bzip2"),
    (b"\xfd7zXZ", "archive", "xz"),
    (b"7z\xbc\xaf", "archive", "7-Zip"),
    (b"Rar!", "archive", "RAR"),
    (b"\x28\xb5\x2f\xfd", "archive", "zstd"),
    (b"PAR1", "unsupported", "Parquet"),
    (b"SQLite format 3", "unsupported", "SQLite"),
    (b"{\\rtf", "unsupported", "RTF"),
    (b"\x00\x01\x00\x00Standard", "unsupported", "Access"),
    (b"\x00\x00'\n", "unsupported", "Shapefile"),
]
_HTML = re.compile(
    rb"\s*(<!--.*?-->\s*)*(<\?xml[^>]*>\s*)?<(!doctype\s+html|html|head|body|table|meta|div|style)\b", re.I | re.S
)
_XML = re.compile(rb"\s*<(\?xml|!DOCTYPE|[A-Za-z_:][\w:.-]*[\s>/])")
# The start of JSON, and not of a header such as "[ID],[Name]" or of a row such as "{3F2504E0-4F89},1".
_SCALAR = rb'(?:"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*|true|false|null)'
_JSON = re.compile(rb"\s*(?:\{\s*(?:[\"}]|[\w']+\s*:)|\[\s*(?:[{\[\]]|" + _SCALAR + rb"\s*(?:,|\]\s*$)))")


def kind_of(source: Path, problems: Problems) -> str:
    """ "text", "json", "xlsx", "xls" or "ods". Raises Unreadable with the reason for everything else."""
    with source.open("rb") as file:
        head = file.read(HEAD)
    if not head.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise problems.stop("empty_file")
    if head.startswith(b"PK"):
        return _kind_of_zip(source, problems)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return _kind_of_ole(source, problems)
    if head.startswith((b"\x09\x08", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00", b"\x09\x00\x04\x00")):
        raise problems.stop("unsupported", what="Excel 2-4")
    for start, code, what in _MAGIC:
        if head.startswith(start) and not (start in (b"MZ", b"BM\x00", b"ID3", b"RIFF") and _is_plain_text(head)):
            raise problems.stop(code, what=what)
    if head[4:8] == b"ftyp":
        raise problems.stop("image", what="MP4")
    return _kind_of_text(head, problems)


def _kind_of_text(head: bytes, problems: Problems) -> str:
    plain = _without_nuls(head)
    if _HTML.match(plain):
        raise problems.stop("html")
    if _XML.match(plain):
        raise problems.stop("unsupported", what="XML")
    return "json" if _JSON.match(plain) else "text"


def _without_nuls(head: bytes) -> bytes:
    """The head roughly as ASCII whatever its encoding: enough to see `<html` or `[{` at its start."""
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        head = head.removeprefix(mark)
    return head.replace(b"\x00", b"")


def _is_plain_text(head: bytes) -> bool:
    """Whether a file that begins like a program is text all the same: a header such as "MZone,count"."""
    return not re.search(rb"[\x00-\x08\x0e-\x1f]", head)


def _kind_of_zip(source: Path, problems: Problems) -> str:
    names = check_zip(source, problems)
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "content.xml" in names and "mimetype" in names:
        with zipfile.ZipFile(source) as archive, archive.open("mimetype") as file:
            what = file.read(100).decode("ascii", "replace")
        if "opendocument.spreadsheet" in what:
            return "ods"
        raise problems.stop("unsupported", what="OpenDocument")
    for name, what in (
        ("xl/workbook.bin", "XLSB"),
        ("word/document.xml", "Word"),
        ("ppt/presentation.xml", "PowerPoint"),
    ):
        if name in names:
            raise problems.stop("unsupported", what=what)
    raise problems.stop("archive", what="ZIP")


def _kind_of_ole(source: Path, problems: Problems) -> str:
    """Old Office files, told apart by the names of the streams inside."""
    if source.stat().st_size > _LARGEST_OLE:
        raise problems.stop("too_big", limit=_LARGEST_OLE // 2**20)
    try:
        names = {one.name for one in Container(source.read_bytes()).streams}
    except BrokenContainer as error:
        raise problems.stop("damaged", what=str(error)) from error
    for stream, code, what in (
        ("EncryptedPackage", "password", ""),
        ("WordDocument", "unsupported", "Word"),
        ("PowerPoint Document", "unsupported", "PowerPoint"),
    ):
        if stream in names:
            raise problems.stop(code, what=what)
    if {"workbook", "book"} & {name.lower() for name in names}:
        return "xls"
    raise problems.stop("unsupported", what="OLE")
