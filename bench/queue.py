"""The desk with ten and with a hundred thousand open cases: server time of a page, and how often it asks the database.

Most of the cases wait in one unit, whose officer looks at the pages: the worst case. They differ in kind, priority,
due time and level as those of a busy office would; some are claimed, some have escalated, some are late.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.figures import demand, median_seconds, show
from bench.herd import execute, multiply, settle
from participation.feedback.actions.work import claim_case
from participation.feedback.models import Case
from participation.feedback.states import Kind
from portal.clocks.models import Clock
from tests.people import World, build_world, open_case, unit

TARGET = 0.050
TAKES = 30
FEW, MANY = 10, 100_000
PAGES = {"the desk": "/admin/", "list of cases": "/admin/feedback/case/"}
FILTERED = {
    "list, open and normal": "/admin/feedback/case/?state=open&priority=normal",
    "list, search by a word": "/admin/feedback/case/?q=12345",
}
KINDS = [Kind.COMPLAINT, Kind.INQUIRY, Kind.COMMENT, Kind.SUGGESTION, Kind.DATA_CORRECTION]


def few_cases(world: World) -> None:
    """Ten open cases of the officer's unit, one of them hers, one escalated."""
    cases = [open_case(world, kind=KINDS[number % len(KINDS)]) for number in range(FEW)]
    claim_case(case=cases[0], by=world.officer)
    Case.objects.filter(pk=cases[1].pk).update(escalation_level=2)


def many_cases(world: World) -> None:
    """The same ten over and over: four fifths in the officer's unit, due from a week ago to five weeks ahead."""
    units = [world.licensing.pk] * 8 + [unit(world.ministry, f"bench-{number}").pk for number in range(2)]
    spread = f"(ARRAY{units})[1 + n % {len(units)}]"
    moved = "interval '1 minute' * ((n * 7919 + row.id * 31) % 60000 - 10000)"
    multiply(
        Case, MANY // FEW - 1, "row.state = 'open'",
        reference="lpad(n::text, 6, '0') || '-' || row.id", form_token="'bench' || n || '-' || row.id",
        fingerprint="''", text="row.text || ' ' || n", search="to_tsvector('simple', row.text || ' ' || n)",
        unit_id=spread, received_at="row.received_at - interval '1 minute' * (n % 40000)",
        due_at=f"row.due_at + {moved}", queue_at=f"row.queue_at + {moved}",
        queue_rank="CASE WHEN n % 50 = 0 THEN 0 WHEN n % 10 = 0 THEN 2 ELSE 3 END",
        priority="CASE WHEN n % 10 = 0 THEN 'high' ELSE 'normal' END",
        escalation_level="CASE WHEN n % 20 = 0 THEN 2 + n % 2 ELSE 0 END",
        assignee_id=f"CASE WHEN n % 4 = 0 THEN {world.colleague.pk} WHEN n % 100 = 1 THEN {world.officer.pk} END",
        assigned_until="NULL",
    )  # fmt: skip
    clocks_of_copies()


def clocks_of_copies() -> None:
    """Give every copied case the clocks of the case it was copied from."""
    columns = [field.column for field in Clock._meta.local_concrete_fields if not field.primary_key]
    values = ["copy.id" if name == "subject_id" else f"clock.{name}" for name in columns]
    execute(
        f"INSERT INTO clocks_clock ({', '.join(columns)}) SELECT {', '.join(values)} FROM feedback_case copy "
        "JOIN clocks_clock clock ON clock.subject_id = split_part(copy.reference, '-', 2)::bigint "
        "WHERE copy.form_token LIKE 'bench%'"
    )


def page(client: Client, address: str) -> Callable[[], Any]:
    def ask() -> Any:
        response = client.get(address)
        assert response.status_code == 200, (address, response.status_code)
        return response

    return ask


def look(client: Client, pages: dict[str, str]) -> dict[str, tuple[float, int]]:
    """For each page: median seconds on the server and the number of queries."""
    found = {}
    for name, address in pages.items():
        ask = page(client, address)
        took = median_seconds(ask, TAKES)
        with CaptureQueriesContext(connection) as asked:
            ask()
        found[name] = (took, len(asked))
    return found


def main() -> None:
    """Look at ten, multiply, look again; fail over the target or where the number of queries grew."""
    world = build_world()
    client = Client()
    client.force_login(world.officer, backend="django.contrib.auth.backends.ModelBackend")
    few_cases(world)
    before = look(client, PAGES)
    many_cases(world)
    settle(Case, Clock)
    assert Case.objects.in_queue().count() == MANY
    after = look(client, PAGES)
    for name in PAGES:
        (small, few), (large, many) = before[name], after[name]
        show(f"{name}, {FEW} open cases", f"{small * 1000:,.1f} ms", f"{few} queries")
        show(f"{name}, {MANY:,} open cases", f"{large * 1000:,.1f} ms", f"{many} queries, {large / small:.2f} x")
    for name, (took, queries) in look(client, FILTERED).items():
        show(f"{name}, {MANY:,} open cases", f"{took * 1000:,.1f} ms", f"{queries} queries")
    demand(all(before[name][1] == after[name][1] for name in PAGES), "the same number of queries at both sizes")
    demand(max(took for took, _ in after.values()) <= TARGET, f"{TARGET * 1000:.0f} ms at the median")
