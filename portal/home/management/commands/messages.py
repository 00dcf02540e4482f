from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import translations


class Command(BaseCommand):
    help = "Translations without GNU gettext: compile the .mo files, update the .po from the sources, or check them."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["compile", "update", "check"])

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        if what == "compile":
            translations.compile_messages()
        elif what == "update":
            po = translations.merge_messages()
            self.stdout.write(f"{len(po)} strings, {len(po.untranslated_entries())} untranslated")
        elif found := translations.problems():
            raise CommandError("\n".join(found))
