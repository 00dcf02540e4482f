from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from portal import embedded

CELERY = [sys.executable, "-W", "ignore", "-m", "celery", "--quiet", "-A", "portal"]
DATASETS = [sys.executable, "-m", "portal.cli", "demo"]
PATIENCE = 15
"""Seconds a process gets to finish what it does before it is killed."""


class Stop(Exception):
    """Somebody asked the supervisor to end."""


class Command(BaseCommand):
    help = "Start everything: database, broker, web, worker and scheduler. Ctrl-C stops all of it."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--demo", action="store_true", help="load the demonstration content, datasets last")

    def handle(self, *args: Any, port: int, demo: bool, **options: Any) -> None:
        os.environ["PORT"] = str(port)  # of which the processes make the portal's own address
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _stop)
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.pids_file = Path(settings.DATA_DIR) / "pids.json"
        guard = subprocess.Popen(
            [sys.executable, "-m", "portal.embedded", "guard", str(self.pids_file)],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        try:
            self._note_pids()
            self._prepare(demo)
            self._run(self._commands(port), port, DATASETS if demo else [])
        except Stop:
            self.stdout.write("Stopping.")
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)
            self._end()
            guard.stdin.close()  # type: ignore[union-attr]
            guard.wait()

    def _prepare(self, demo: bool) -> None:
        call_command("messages", "compile")
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if demo:
            call_command("demo", without_open_data=True, stdout=self.stdout)

    def _commands(self, port: int) -> dict[str, list[str]]:
        web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
        web += ["--workers", "1", "--blocking-threads", "4", "--no-access-log", "--log-level", "warning"]
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"]
        return {
            "web": [*web, "portal.wsgi:application"],
            "worker": [*CELERY, "worker", "--concurrency", "1", *quiet],
            "data-worker": [*CELERY, "worker", "--queues", "data", "--concurrency", "1", "-n", "data@%h", *quiet],
            "scheduler": [*CELERY, "beat", "--loglevel", "WARNING"],
        }

    def _run(self, commands: dict[str, list[str]], port: int, datasets: list[str]) -> None:
        """Keep every process alive; one that ends is started again, at most once a second.

        The portal is there while the demonstration's `datasets` are published. The data worker waits for their end: it
        would take their files out of the hands of that process.
        """
        announced = False
        while True:
            for name, command in commands.items():
                if not (name == "data-worker" and datasets):
                    self._keep(name, command)
            if datasets and announced and self._is_done(datasets):
                datasets = []
            if not announced and embedded.answers(port):
                self.stdout.write(
                    self.style.SUCCESS(f"\nMusharaka is running at http://127.0.0.1:{port}/  (Ctrl-C stops it)")
                )
                self.stdout.flush()
                announced = True
            time.sleep(0.2 if not announced else 1)

    def _keep(self, name: str, command: list[str]) -> None:
        child = self.children.get(name)
        if child is None or child.poll() is not None:
            if child is not None:
                self.stderr.write(f"{name} ended with {child.returncode}; starting it again.")
            self.children[name] = subprocess.Popen(command, start_new_session=True)
            self._note_pids()

    def _is_done(self, datasets: list[str]) -> bool:
        """Start it once; tell when it has ended."""
        child = self.children.get("datasets")
        if child is None:
            self.stdout.write("The demonstration's datasets are being published; that takes a minute or two.")
            self.children["datasets"] = subprocess.Popen(datasets, start_new_session=True, stdout=subprocess.DEVNULL)
            self._note_pids()
            return False
        if child.poll() is None:
            return False
        if child.returncode:
            self.stderr.write("They are not all published. `manage.py demo` goes on where it stopped.")
        else:
            self.stdout.write("They are published.")
        del self.children["datasets"]
        return True

    def _note_pids(self) -> None:
        groups = [child.pid for child in self.children.values()]
        if embedded.valkey_process is not None:
            groups.append(embedded.valkey_process.pid)
        self.pids_file.write_text(json.dumps(groups))

    def _end(self) -> None:
        """Scheduler first, so that no new work comes; then the worker, the web, and the servers they need."""
        for name in ("scheduler", "datasets", "worker", "data-worker", "web"):
            if child := self.children.get(name):
                _end_group(child)
        if embedded.valkey_process is not None:
            _end_group(embedded.valkey_process)
        self.pids_file.unlink(missing_ok=True)
        if settings.EMBEDDED:
            from django.db import connection

            connection.close()
            embedded.stop_postgres(Path(settings.DATA_DIR) / "postgres")


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stop


def _end_group(child: subprocess.Popen[bytes]) -> None:
    for wanted in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(child.pid, wanted)
            child.wait(PATIENCE)
            return
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue
