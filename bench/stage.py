"""Runs one benchmark on throw-away servers that keep every commit: `python -m bench.stage queue`.

PostgreSQL runs as `make run` has it, with fsync on; everything lives in a temporary folder and goes with it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
UNSET = ("DEBUG", "EMAIL_URL", "SCANNER_URL", "SENTRY_DSN", "DATABASE_URL", "REDIS_URL", "TRUSTED_PROXIES")


@contextmanager
def servers() -> Iterator[None]:
    """An empty portal: PostgreSQL, Valkey, migrated database, settings in the environment."""
    from portal import embedded

    folder = Path(tempfile.mkdtemp(prefix="musharaka-bench-"))
    folder.chmod(0o755)  # PostgreSQL runs as another user where we are root
    for name in UNSET:
        os.environ.pop(name, None)
    os.environ.update(
        DATA_DIR=str(folder),
        STATIC_ROOT=str(folder / "static"),
        EMBEDDED="1",
        SITE_URL="http://testserver",
        ALLOWED_HOSTS="testserver,127.0.0.1",
        LOG_LEVEL="ERROR",
        THROTTLE_SUBMIT="1000000,3600",
        THROTTLE_FLOOD="1000000,3600",
        DJANGO_SETTINGS_MODULE="portal.settings",
    )
    valkey: subprocess.Popen[bytes] | None = None
    try:
        server = embedded.start_postgres(folder / "postgres")
        os.environ["DATABASE_URL"] = embedded.create_database(server, "bench")
        valkey, os.environ["REDIS_URL"] = embedded.start_valkey(folder / "valkey")
        for command in ("messages compile", "migrate -v 0", "collectstatic --noinput -v 0"):
            subprocess.run([sys.executable, "-m", "portal.cli", *command.split()], cwd=ROOT, check=True)
        yield
    finally:
        if valkey is not None:
            end(valkey)
        embedded.stop_postgres(folder / "postgres")
        shutil.rmtree(folder, ignore_errors=True)


def end(process: subprocess.Popen[Any], patience: float = 10) -> None:
    """End a process that we started in a session of its own, with its children."""
    for wanted in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, wanted)
            process.wait(patience)
            return
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def main(name: str) -> None:
    """Open the stage, run one benchmark, clear up however it ends."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    with servers():
        import django

        django.setup()
        import_module(f"bench.{name}").main()


if __name__ == "__main__":
    main(sys.argv[1])
