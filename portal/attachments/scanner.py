"""A client of clamd: sends a file over TCP (the INSTREAM command) and reads the verdict."""

import socket
import struct
from dataclasses import dataclass
from typing import IO
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

CONNECT_SECONDS = 5
ANSWER_SECONDS = 60
_PIECE = 64 * 1024
_LONGEST_ANSWER = 4096


class ScannerUnavailable(Exception):
    """Nobody answers at SCANNER_URL."""


class ScanFailed(Exception):
    """The scanner was there but gave no verdict on this file."""


@dataclass(frozen=True)
class Verdict:
    clean: bool
    text: str


def configured() -> bool:
    """Tell whether there is a scanner at all."""
    return bool(settings.SCANNER_URL)


def scan(content: IO[bytes]) -> Verdict:
    """Return the scanner's verdict on a file, read from where it stands.

    Raises `ScannerUnavailable` when no connection is made and `ScanFailed` when it ends without a verdict.
    """
    try:
        peer = socket.create_connection(_address(), timeout=CONNECT_SECONDS)
    except OSError as error:
        raise ScannerUnavailable(type(error).__name__) from error
    with peer:
        peer.settimeout(ANSWER_SECONDS)
        try:
            _send(peer, content)
            answer = _answer(peer)
        except OSError as error:
            raise ScanFailed(type(error).__name__) from error
    return _verdict(answer)


def _address() -> tuple[str, int]:
    url = urlsplit(settings.SCANNER_URL)
    if url.scheme != "tcp" or not url.hostname:
        raise ImproperlyConfigured("SCANNER_URL must look like tcp://clamav:3310.")
    return url.hostname, url.port or 3310


def _send(peer: socket.socket, content: IO[bytes]) -> None:
    peer.sendall(b"zINSTREAM\0")
    while piece := content.read(_PIECE):
        peer.sendall(struct.pack("!I", len(piece)) + piece)
    peer.sendall(struct.pack("!I", 0))


def _answer(peer: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
        piece = peer.recv(_LONGEST_ANSWER)
        if not piece:
            break
        answer += piece
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _verdict(answer: str) -> Verdict:
    text = answer.removeprefix("stream: ")
    if text == "OK":
        return Verdict(True, text)
    if text.endswith(" FOUND"):
        return Verdict(False, text)
    raise ScanFailed(text or "no answer")
