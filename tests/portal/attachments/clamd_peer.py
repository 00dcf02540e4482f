"""A small TCP peer that speaks clamd's INSTREAM, so that the client is tested over a real socket."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
STUMBLE = b"the scanner stumbles over this"


class _Handler(socketserver.StreamRequestHandler):
    server: "ClamdPeer"

    def handle(self) -> None:
        if self.rfile.read(10) != b"zINSTREAM\0":
            self.wfile.write(b"UNKNOWN COMMAND\0")
            return
        content = b""
        while length := struct.unpack("!I", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
            if len(content) > self.server.limit:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.received.append(content)
        self.server.gate.wait(20)
        if STUMBLE in content:
            return
        found = EICAR in content
        self.wfile.write(b"stream: Eicar-Signature FOUND\0" if found else b"stream: OK\0")


class ClamdPeer(socketserver.ThreadingTCPServer):
    """`received` holds what was scanned; while `gate` is cleared, answers are held back."""

    allow_reuse_address = True
    daemon_threads = True
    limit = 25 * 1024 * 1024

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.received: list[bytes] = []
        self.gate = threading.Event()
        self.gate.set()

    @property
    def url(self) -> str:
        return f"tcp://127.0.0.1:{self.server_address[1]}"


@contextmanager
def running_peer() -> Iterator[ClamdPeer]:
    """Run a peer on a free port until the block ends."""
    with ClamdPeer() as peer:
        thread = threading.Thread(target=peer.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield peer
        peer.shutdown()
        thread.join()
