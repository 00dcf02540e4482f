"""Files as people, and others, send them."""

import io
import socket
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.portal.attachments.clamd_peer import ClamdPeer, running_peer

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
CONTENT_TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


class Files:
    """Makers of files, good and bad."""

    pdf = PDF

    @staticmethod
    def image(kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: Any) -> bytes:
        output = io.BytesIO()
        Image.new(mode, size, 128).save(output, kind, **options)
        return output.getvalue()

    @staticmethod
    def office(main: str = "word/document.xml", **parts: bytes) -> bytes:
        """A document with `parts` on top of what it must have; "__" in a part's name stands for "/"."""
        output = io.BytesIO()
        with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
            content = {"[Content_Types].xml": CONTENT_TYPES, main: b"<w/>"}
            content |= {name.replace("__", "/"): data for name, data in parts.items()}
            for name, data in content.items():
                archive.writestr(name, data)
        return output.getvalue()


@pytest.fixture
def files() -> Files:
    return Files()


@pytest.fixture
def uploads(tmp_path: Path, settings: Any) -> Path:
    """An empty folder for what is stored; no scanner unless a test starts one."""
    settings.MEDIA_ROOT = tmp_path / "uploads"
    settings.SCANNER_URL = ""
    return settings.MEDIA_ROOT


@pytest.fixture
def clamd(uploads: Path, settings: Any) -> Iterator[ClamdPeer]:
    """A scanner at SCANNER_URL."""
    with running_peer() as peer:
        settings.SCANNER_URL = peer.url
        yield peer


@pytest.fixture
def no_clamd(uploads: Path, settings: Any) -> None:
    """A SCANNER_URL at which nobody answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.SCANNER_URL = f"tcp://127.0.0.1:{probe.getsockname()[1]}"
