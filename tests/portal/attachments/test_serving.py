"""Files are given out as downloads that no browser runs."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from portal.attachments.actions import accept_upload
from portal.attachments.models import Attachment, State
from portal.attachments.views import serve

pytestmark = pytest.mark.django_db


@pytest.fixture
def attachment(uploads: Path, files: Any) -> Attachment:
    return accept_upload(SimpleUploadedFile("شكوى سالم.pdf", files.pdf))


def test_it_is_a_sealed_download_under_its_own_name(attachment: Attachment, files: Any) -> None:
    response = serve(attachment)
    assert response.status_code == 200
    assert b"".join(response) == files.pdf  # type: ignore[call-overload]
    name = quote("شكوى سالم.pdf")
    assert response.headers["Content-Disposition"] == f"attachment; filename*=utf-8''{name}"
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Length"] == str(len(files.pdf))
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in response.headers["Cache-Control"]
    response.close()


def test_a_name_cannot_break_the_header(uploads: Path) -> None:
    response = serve(accept_upload(SimpleUploadedFile('a";\r\nx="b.txt', b"text")))
    assert response.headers["Content-Disposition"] == 'attachment; filename="a_;x=_b.txt"'
    response.close()


@pytest.mark.parametrize(
    ("state", "words"), [(State.QUARANTINED, "waiting for the virus scan"), (State.REFUSED, "refused")]
)
def test_it_keeps_back_what_is_not_clean_and_says_why(attachment: Attachment, state: str, words: str) -> None:
    attachment.state = state
    with translation.override("en"):
        response = serve(attachment)
    assert response.status_code == 404
    assert words in response.content.decode()  # type: ignore[attr-defined]
    assert "no-store" in response.headers["Cache-Control"]


def test_lost_content_is_not_an_error_page(attachment: Attachment, uploads: Path) -> None:
    attachment.stored.storage.delete(attachment.stored.name)
    assert serve(attachment).status_code == 404
