"""What would happen to each row of a file: added, changed, unchanged or refused, and why."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from opendata.inventory.actions.changing import NotPossible
from opendata.inventory.actions.steps import Decision
from opendata.inventory.actions.writing import EDITABLE, differences
from opendata.inventory.choices import Access, State
from opendata.inventory.importing.checking import Problem, checked
from opendata.inventory.importing.columns import BY_NAME, DECISION
from opendata.inventory.importing.reading import Row, Table
from opendata.inventory.models import Asset


class Fate(models.TextChoices):
    """What becomes of a row."""

    ADDED = "added", pgettext_lazy("row", "Added")
    CHANGED = "changed", pgettext_lazy("row", "Changed")
    UNCHANGED = "unchanged", pgettext_lazy("row", "Unchanged")
    REFUSED = "refused", pgettext_lazy("row", "Refused")


CHIPS = {Fate.ADDED: "success", Fate.CHANGED: "info", Fate.UNCHANGED: "", Fate.REFUSED: "danger"}


@dataclass
class Planned:
    """A row with what would be done. `asset` is None where it would be added."""

    line: int
    code: str
    title: str
    asset: Asset | None = None
    content: dict[str, Any] = field(default_factory=dict)
    decision: Decision | None = None
    release_on: date | None = None
    steps: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def fate(self) -> Fate:
        if self.problems:
            return Fate.REFUSED
        if self.asset is None:
            return Fate.ADDED
        return Fate.CHANGED if self.content or self.steps else Fate.UNCHANGED

    @property
    def chip(self) -> str:
        return CHIPS[self.fate]

    @property
    def words(self) -> str:
        """What is wrong, or what would change."""
        if self.problems:
            return " ".join(str(problem) for problem in self.problems)
        changed = [str(BY_NAME[name].title) for name in self.content if name in BY_NAME] if self.asset else []
        return str(_(", ")).join([*changed, *(str(_STEPS[step]) for step in self.steps)])


_STEPS = {
    "assess": pgettext_lazy("step", "assessed"),
    "schedule": pgettext_lazy("step", "scheduled"),
    "withhold": pgettext_lazy("step", "withheld"),
}


@dataclass(frozen=True)
class Plan:
    """All rows in the order of the file."""

    rows: list[Planned]
    ignored: list[str]
    examples: int

    @property
    def counts(self) -> dict[str, int]:
        """How many rows meet each fate."""
        found = Counter(row.fate.value for row in self.rows)
        return {fate.value: found[fate.value] for fate in Fate}

    @property
    def good(self) -> list[Planned]:
        """Those that would change something."""
        return [row for row in self.rows if row.fate in (Fate.ADDED, Fate.CHANGED)]

    @property
    def fingerprint(self) -> str:
        """Another one as soon as the inventory, and with it what would be done, is another."""
        told = [(row.line, row.fate.value, row.asset.revision if row.asset else 0, row.steps) for row in self.rows]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


def plan(table: Table, unit: Any, *, may_decide: bool, lock: bool = False) -> Plan:
    """What would be done with each row for this unit. One query, whose rows are locked on demand."""
    assets = Asset.objects.filter(organisation_id=unit.organisation_id)
    if lock:
        assets = assets.select_for_update(of=("self",), no_key=True)
    stored = {asset.code: asset for asset in assets}
    today = timezone.localdate()
    rows = [_planned(row, stored, unit, may_decide, today) for row in table.rows]
    _refuse_twins(rows)
    return Plan(rows, table.ignored, table.examples)


def _planned(row: Row, stored: dict[str, Asset], unit: Any, may_decide: bool, today: date) -> Planned:
    values, problems = checked(row.cells)
    code = values.get("code", row.cells.get("code", ""))
    asset = stored.get(code)
    found = Planned(row.line, code, row.cells.get("title_ar") or row.cells.get("title_en", ""), asset,
                    problems=problems)  # fmt: skip
    if row.is_too_long:
        found.problems.append(
            Problem(_("There is something beyond the columns of the header; a cell may have slipped."))
        )
    if asset is not None and asset.unit_id != unit.pk:
        found.asset = None  # nothing of it is told
        found.problems = [Problem(_("This number belongs to a data asset of another unit of your organisation."))]
    if found.problems:
        return found
    content = {name: value for name, value in values.items() if name in EDITABLE}
    found.content = differences(asset, content) if asset else content
    found.content.pop("code", None)
    try:
        _decide(found, values, may_decide, today)
    except NotPossible as error:
        found.problems.append(Problem(str(error), BY_NAME.get(error.field or "")))
    return found


def _decide(found: Planned, values: dict[str, Any], may_decide: bool, today: date) -> None:
    """Find the steps that the row asks for. Raises NotPossible."""
    given = {name: values[name] for name in DECISION if name in values}
    found.release_on = values.get("release_on")
    if not given and found.release_on is None:
        return
    if given and "access" not in given:
        raise NotPossible(_("Something about the decision is filled in: say also who may have the data."), "access")
    if given:
        found.decision = Decision(**given)
        found.decision.columns()
    found.steps = _steps(found, today)
    if found.steps and not may_decide:
        raise NotPossible(_("You may enter data assets, not decide on them. Leave the columns of the decision empty."))


def _steps(found: Planned, today: date) -> list[str]:
    asset, decision = found.asset, found.decision
    state = State(asset.state) if asset else State.INVENTORIED
    if decision is None:
        if asset is None or asset.state == State.INVENTORIED:
            raise NotPossible(_("A day of release needs a decision: say who may have the data."), "access")
        is_open = asset.access == Access.OPEN
    else:
        is_open = decision.access == Access.OPEN
    steps = _to_assess(asset, decision, state)
    if found.release_on and not is_open:
        raise NotPossible(_("What is not open is not released. Leave the day empty."), "release_on")
    if found.release_on and not (asset and asset.release_on == found.release_on):
        if state == State.PUBLISHED:
            raise NotPossible(_("Its data is published already. Leave the day empty."), "release_on")
        if found.release_on < today:
            raise NotPossible(_("This day is over. Choose a day to come."), "release_on")
        steps.append("schedule")
    return steps


def _to_assess(asset: Asset | None, decision: Decision | None, state: State) -> list[str]:
    """The steps that make the decision of the file the asset's. What was settled is reopened on its page first."""
    if decision is None:
        return []
    is_same = asset is not None and state != State.INVENTORIED and _is_stored(asset, decision)
    is_open = decision.access == Access.OPEN
    if is_same:
        return ["withhold"] if not is_open and state == State.ASSESSED else []
    if state in (State.INVENTORIED, State.ASSESSED):
        return ["assess"] if is_open else ["assess", "withhold"]
    if state == State.WITHHELD and not is_open:
        return ["withhold"]
    raise NotPossible(
        _("It was decided otherwise, and the decision is in force. Reopen it on its page first."), "access"
    )


def _is_stored(asset: Asset, decision: Decision) -> bool:
    wanted = {name: value for name, value in decision.columns().items() if name != "hidden_ground"}
    return all((getattr(asset, name) or None) == (value or None) for name, value in wanted.items())


def _refuse_twins(rows: list[Planned]) -> None:
    """Of two rows with one number nobody knows which is right: both are refused."""
    lines = defaultdict(list)
    for row in rows:
        if row.code:
            lines[row.code].append(row.line)
    for row in rows:
        if others := [str(line) for line in lines.get(row.code, []) if line != row.line]:
            told = _("The same number stands in line %(lines)s. Keep one of the rows.")
            row.problems.append(Problem(told % {"lines": ", ".join(others[:5])}, BY_NAME["code"]))
