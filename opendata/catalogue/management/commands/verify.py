"""`manage.py verify`: is what was published still what was signed? With a folder: is this download genuine?"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from opendata.trust.verifying import CODES, Finding, verify_directory


class Command(BaseCommand):
    help = (
        "Without PATH: check all versions, their files, the public log and its daily heads. With PATH: check a "
        "downloaded folder with manifest.json, manifest.jws and its files, without the database. Ends with 1 and the "
        "findings where something is wrong."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, help="folder of a downloaded version")
        parser.add_argument("--jwks", type=Path, help="public keys (/.well-known/jwks.json); else those of this portal")

    def handle(self, *args: Any, path: Path | None, jwks: Path | None, **options: Any) -> None:
        if path is None:
            self._everything()
        else:
            self._folder(path, jwks)

    def _everything(self) -> None:
        from opendata.catalogue.models import LogEntry, Version
        from opendata.catalogue.verifying import findings

        found = list(findings())
        self._end(
            found, f"{Version.objects.count()} versions and {LogEntry.objects.count()} log entries are as signed."
        )

    def _folder(self, path: Path, jwks: Path | None) -> None:
        if not path.is_dir():
            raise CommandError(f"{path} is not a folder.")
        found = verify_directory(path, self._keys(jwks))
        self._end([_words(finding) for finding in found], f"{path} is as it was published.")

    def _keys(self, path: Path | None) -> dict[str, Any]:
        if path is None:
            from opendata.catalogue.storage import jwks

            return jwks()
        try:
            keys = json.loads(path.read_text())
        except (OSError, ValueError) as error:
            raise CommandError(f"{path} cannot be read as public keys: {error}") from error
        if not isinstance(keys, dict) or not isinstance(keys.get("keys"), list):
            raise CommandError(f"{path} holds no JSON Web Key Set.")
        return keys

    def _end(self, found: list[str], well: str) -> None:
        for line in found:
            self.stdout.write(line)
        if found:
            raise CommandError(f"{len(found)} finding(s).", returncode=1)
        self.stdout.write(self.style.SUCCESS(well))


def _words(finding: Finding) -> str:
    detail = f" ({finding.detail})" if finding.detail else ""
    return f"{finding.name}: {CODES[finding.code]}{detail}"
