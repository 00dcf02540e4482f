from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.retention import disposal
from portal.retention.models import DisposalRun


class Command(BaseCommand):
    help = "Dispose of what was kept long enough; with --dry-run only say what would go."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="change nothing")
        parser.add_argument("--rule", default="", metavar="KEY", help="only this rule, such as feedback.contact")

    def handle(self, *args: Any, **options: Any) -> None:
        only = options["rule"]
        known = [rule.key for rule in disposal.obeyed()]
        if only and only not in known:
            raise CommandError(f"There is no rule called {only!r} that this command obeys. Known: {', '.join(known)}.")
        if options["dry_run"]:
            for rule, due, held in disposal.preview(only=only):
                self._say(rule.key, f"{due} would go", held)
            return
        self._dispose(only)

    def _dispose(self, only: str) -> None:
        last = DisposalRun.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        if not only:
            self.stdout.write(f"early disposals carried out: {disposal.carry_out_approved()}")
        disposal.dispose_due(only=only)
        failed = []
        for run in DisposalRun.objects.filter(pk__gt=last, early=None).order_by("rule"):
            self._say(run.rule, f"{run.rows} went", run.held)
            if run.failure:
                failed.append(f"{run.rule} ({run.failure})")
        if failed:
            raise CommandError(f"Failed: {', '.join(failed)}.")

    def _say(self, key: str, what: str, held: int) -> None:
        self.stdout.write(f"{key}: {what}" + (f", {held} kept by a legal hold" if held else ""))
