"""django-helpdesk in an environment of its own under bench/var, beside ours and never in our lock."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

VERSION = "2.6.1"
HERE = Path(__file__).resolve().parent
VENV = HERE / "var" / "venv"
PYTHON = VENV / "bin" / "python"


def install() -> None:
    """Install it once, on the very Django, driver and web server that our own side runs."""
    wanted = [f"django-helpdesk=={VERSION}"]
    wanted += [f"{name}=={version(name)}" for name in ("django", "psycopg", "psycopg-binary", "granian")]
    noted = VENV / "installed.txt"
    if noted.exists() and noted.read_text() == "\n".join(wanted):
        return
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
    subprocess.run([str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check", *wanted], check=True)
    noted.write_text("\n".join(wanted))


def environment(host: str, database: str, *, keeps_connections: bool) -> dict[str, str]:
    """The environment of its processes: the PostgreSQL server (a socket's folder), the database, how it is used."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    return kept | {
        "HELPDESK_HOST": host,
        "HELPDESK_DATABASE": database,
        "HELPDESK_CONN_MAX_AGE": "60" if keeps_connections else "0",
        "DJANGO_SETTINGS_MODULE": "helpdesk_site.settings",
        "PYTHONPATH": str(HERE / "peers"),
    }


def prepare(env: dict[str, str]) -> int:
    """Migrate and open one public queue; returns its id."""
    queue = (
        "import django; django.setup()\n"
        "from helpdesk.models import Queue\n"
        "print(Queue.objects.create(title='Licences', slug='licences', allow_public_submission=True).pk)"
    )
    migrate = [str(PYTHON), "-m", "django", "migrate", "-v", "0"]
    subprocess.run(migrate, env=env, check=True, stdout=subprocess.DEVNULL)
    made = subprocess.run([str(PYTHON), "-c", queue], env=env, check=True, capture_output=True, text=True)
    return int(made.stdout)
