from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.search import registry, spelling
from portal.search.indexing import refresh, reindex


class Command(BaseCommand):
    help = "Index everything anew that the search finds, while the old index goes on answering."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kinds", nargs="*", metavar="kind", help="only these kinds")

    def handle(self, *args: Any, kinds: list[str], verbosity: int = 1, **options: Any) -> None:
        tell = self.stdout.write if verbosity else str
        known = [source.kind for source in registry.sources()]
        if unknown := set(kinds) - set(known):
            raise CommandError(f"No kind is called {', '.join(sorted(unknown))}; there are {', '.join(known)}.")
        for began, (kind, number) in _timed(reindex(kinds)):
            tell(f"{kind}: {number} pages in {time.perf_counter() - began:.1f} s")
        if not kinds:
            refresh()  # takes out kinds that nobody publishes any more
            tell(f"{spelling.learn()} words")


def _timed(items: Any) -> Any:
    """Each item with the time at which it was begun."""
    began = time.perf_counter()
    for item in items:
        yield began, item
        began = time.perf_counter()
