"""Real servers for the tests: a throw-away PostgreSQL and Valkey, started once for the whole run.

Loaded with `-p tests.servers` before Django reads its settings. DATABASE_URL and REDIS_URL in the environment
point the tests at other servers; the role must be a superuser's, because emptying.py switches triggers off. Each xdist
worker has a database and a Valkey number of its own.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def _start() -> None:
    from portal import embedded

    folder = Path(tempfile.mkdtemp(prefix="musharaka-tests-"))
    folder.chmod(0o755)
    os.environ["DATA_DIR"] = str(folder)
    os.environ["EMBEDDED"] = "1"
    os.environ["SITE_URL"] = "http://testserver"
    os.environ["ALLOWED_HOSTS"] = "testserver,127.0.0.1,localhost"
    os.environ["STATIC_ROOT"] = str(folder / "static")
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    for name in ("DEBUG", "EMAIL_URL", "SCANNER_URL", "SENTRY_DSN"):
        os.environ.pop(name, None)
    if "DATABASE_URL" not in os.environ:
        os.environ["DATABASE_URL"] = embedded.start_postgres(folder / "postgres", throw_away=True)
    if "REDIS_URL" not in os.environ:
        process, os.environ["REDIS_URL"] = embedded.start_valkey(folder / "valkey")
        atexit.register(process.terminate)
    atexit.register(_stop, folder)
    for command in ("messages compile", "collectstatic --noinput -v 0"):
        subprocess.run([sys.executable, "-m", "portal.cli", *command.split()], cwd=ROOT, check=True)


def _stop(folder: Path) -> None:
    from portal import embedded

    embedded.stop_postgres(folder / "postgres")
    shutil.rmtree(folder, ignore_errors=True)


def _join(worker: str) -> None:
    """Give an xdist worker its own Valkey database and data folder."""
    number = int(worker.removeprefix("gw")) + 1
    os.environ["REDIS_URL"] = os.environ["REDIS_URL"].rsplit("/", 1)[0] + f"/{number}"
    folder = Path(os.environ["DATA_DIR"])
    mine = folder / worker
    mine.mkdir(exist_ok=True)
    shutil.copy(folder / "secrets.json", mine / "secrets.json")
    os.environ["DATA_DIR"] = str(mine)


if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    _join(worker)
else:
    _start()
