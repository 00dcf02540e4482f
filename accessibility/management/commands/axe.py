from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from accessibility.actions import UnknownFormat, store_audit
from accessibility.loading import RESULTS, load_release, read_results
from accessibility.models import Audit
from portal.bilingual import LANGUAGE_CODES

WALKS = Path(settings.BASE_DIR) / "tests" / "accessibility" / "test_axe.py"
NEEDED = {
    "pytest": "pytest", "pytest_django": "pytest-django", "selenium": "selenium", "html5lib": "html5lib",
    "axe_selenium_python": "axe-selenium-python", "axe_playwright_python": "axe-playwright-python",
}  # fmt: skip
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class Command(BaseCommand):
    help = (
        "Scan every page in every state and both languages, on a throw-away database of the configured server; keep "
        "the results for the statement, and as JSON. Ends with 1 where anything failed, is undecided or was left out."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", type=Path, default=None, help=f"where to write the results (default: {RESULTS})")
        parser.add_argument("--language", choices=LANGUAGE_CODES, help="one language only; nothing is kept")
        parser.add_argument("--only", default="", help="groups or scenes with this in their name; nothing is kept")
        parser.add_argument("--load", action="store_true", help="only take over the results of this release")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["load"]:
            self._load(options["json"] or RESULTS)
            return
        if missing := _missing():
            raise CommandError("The audit cannot run here.\n" + "\n".join(f"- {line}" for line in missing))
        whole = not options["language"] and not options["only"]
        if whole and not _can_keep():
            raise CommandError("The results are kept in the database, which is away or empty: run `migrate` first.")
        with tempfile.TemporaryDirectory() as folder:
            written = Path(folder) / "results.json"
            ended_with = _walk(written, options["language"] or "", options["only"])
            if not written.exists():
                raise CommandError("The pages were not scanned to the end; see the messages above.")
            document = read_results(written)
        if not document["pages"]:
            raise CommandError("No page was scanned; see the messages above.")
        if whole and not document["is_whole"]:
            raise CommandError("Some walks broke off, so nothing is kept; see the messages above.")
        self._keep(document, options["json"], whole=whole)
        self._tell(document)
        if ended_with or document["findings"]:
            sys.exit(1)

    def _keep(self, document: dict[str, Any], path: Path | None, *, whole: bool) -> None:
        target = path or (RESULTS if whole else None)
        if target:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(as_text(document), encoding="utf-8")
            self.stdout.write(f"Results written to {target}.")
        if whole:
            store_audit(document=document)

    def _load(self, path: Path) -> None:
        try:
            audit = load_release(path)
        except (OSError, ValueError, UnknownFormat) as error:
            raise CommandError(f"No results to read in {path}: {error}") from None
        self.stdout.write(f"Audit of {audit} taken over." if audit else "The database holds an audit as new as this.")

    def _tell(self, document: dict[str, Any]) -> None:
        for one in document["findings"]:
            place = " ".join(filter(None, (one["language"], one["look"])))
            self.stdout.write(f"{one['scene']} ({place}): {one['check_name']}: {one['detail']}")
        self.stdout.write(
            f"{document['engine']}, {document['browser']}: {document['pages']} pages, {document['scans']} scans, "
            f"{len(document['templates'])} templates seen, {len(document['unseen'])} not; "
            f"{len(document['findings'])} findings."
        )


def as_text(document: dict[str, Any]) -> str:
    """The document as JSON with a line for each template, so that versions can be compared."""
    parts = []
    for name, value in document.items():
        if name in ("templates", "rules", "checks", "findings") and value:
            parts.append(f"{json.dumps(name)}: {_lines(value)}")
        else:
            parts.append(f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _lines(value: dict[str, Any] | list[Any]) -> str:
    dump = lambda item: json.dumps(item, ensure_ascii=False, separators=(",", ":"))  # noqa: E731
    if isinstance(value, dict):
        return "{\n" + ",\n".join(f"{json.dumps(key)}: {dump(item)}" for key, item in value.items()) + "\n}"
    return "[\n" + ",\n".join(dump(item) for item in value) + "\n]"


def _can_keep() -> bool:
    """Whether the database has the tables of the results: the scan takes too long to find out afterwards."""
    try:
        Audit.objects.exists()
    except DatabaseError:
        return False
    return True


def _missing() -> list[str]:
    """What the audit needs and is not here, with what to do about it."""
    lines = []
    if absent := [package for module, package in NEEDED.items() if find_spec(module) is None]:
        lines.append(f"Packages of the tests are missing: {', '.join(absent)}. Install them with `make env-dev`.")
    if not WALKS.exists():
        lines.append("The pages to scan are listed with the tests, and there is no tests/ here. Use a source checkout.")
    if not any(shutil.which(name) for name in BROWSERS):
        lines.append(
            "Chromium is missing. Install it with `make browser`, or: apt-get install chromium chromium-driver."
        )
    if lines:
        lines.append("Elsewhere, `manage.py axe --load` takes over the results that came with the release.")
    return lines


def _walk(results: Path, language: str, only: str) -> int:
    """Run the walks as the tests do, with servers of their own for all that is not the database."""
    wanted = {"AXE_RESULTS": str(results), "AXE_LANGUAGE": language, "AXE_ONLY": only}
    kept = {name: value for name, value in os.environ.items() if name not in ("REDIS_URL", "DATA_DIR", "STATIC_ROOT")}
    command = [sys.executable, "-m", "pytest", "-q", "--no-header", "--tb=short", str(WALKS)]
    if find_spec("xdist") is not None:
        command += ["-n", "auto", "--dist", "worksteal"]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=kept | wanted, check=False).returncode
