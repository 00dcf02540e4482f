"""A whole portal running: web in this process, Celery worker and beat beside it, an SMTP server that keeps letters."""

from __future__ import annotations

import email
import email.policy
import shutil
import socket
import tempfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.running import WORKER, end, schedule_of_a_minute_ago, start


class Postbox:
    """An SMTP handler that keeps what it is sent."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.url = ""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.letters.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 kept"

    def to(self, address: str) -> list[EmailMessage]:
        return [letter for letter in self.letters if address in letter["To"]]


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    box = Postbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    box.url = f"smtp://127.0.0.1:{port}"
    yield box
    controller.stop()


@pytest.fixture
def background(transactional_db: None, postbox: Postbox) -> Iterator[None]:
    """A real worker and a real scheduler on this test's database, sending to the postbox."""
    folder = tempfile.mkdtemp()
    schedule = schedule_of_a_minute_ago(Path(folder) / "schedule")
    processes = [
        start(*WORKER, EMAIL_URL=postbox.url),
        start("celery", "-A", "portal", "beat", "--schedule", schedule, EMAIL_URL=postbox.url),
    ]
    yield
    for process in reversed(processes):
        end(process)
    shutil.rmtree(folder)
