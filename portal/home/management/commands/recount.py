from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from participation.surveys.actions.counting import counted_periods, recount
from participation.surveys.models import Questionnaire


class Command(BaseCommand):
    help = "Compare the totals of polls and surveys with their single answers; ends with 1 where they differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slugs", nargs="*", metavar="slug", help="only these; all that were counted unless given")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = Questionnaire.objects.order_by("slug")
        if slugs := options["slugs"]:
            rows = rows.filter(slug__in=slugs)
            if missing := set(slugs) - set(rows.values_list("slug", flat=True)):
                raise CommandError(f"There is no questionnaire called {', '.join(sorted(missing))}.")
        else:
            rows = rows.filter(tallies__isnull=False).distinct()
        differing = sum(self._differs(row) for row in rows)
        if differing:
            raise CommandError(f"{differing} questionnaire(s) have totals that differ from their answers.")

    def _differs(self, row: Questionnaire) -> bool:
        if not counted_periods(row):
            done = "single answers destroyed, totals kept" if row.respondents is not None else "not counted yet"
            self.stdout.write(f"{row.slug}: {done}")
            return False
        differences = recount(row)
        for difference in differences:
            self.stdout.write(f"{row.slug}: {difference}")
        if not differences:
            self.stdout.write(f"{row.slug}: agrees, {row.respondents} ballots")
        return bool(differences)
