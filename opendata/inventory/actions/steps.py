"""The steps of a data asset on its way to the public: assessed, scheduled, withheld, reopened; its title hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opendata.inventory.actions.changing import Conflict, NotPossible, change
from opendata.inventory.choices import Access, Classification, Ground, Reason, State
from opendata.inventory.models import Asset

NOT_OPEN = ~Q(access=Access.OPEN)
TOO_FAR = {
    State.INVENTORIED: _("It was not assessed yet. Assess it first."),
    State.ASSESSED: _(
        "It is assessed, but neither scheduled nor withheld: there is nothing to reopen. To decide otherwise, assess "
        "it again."
    ),
    State.SCHEDULED: _("A day is set for its release. Reopen it first."),
    State.PUBLISHED: _("Its data is published. Withdraw the dataset first."),
    State.WITHHELD: _("It is withheld. Reopen it first."),
}
"""Why a step does not fit an asset in this state, and what to do."""


@dataclass(frozen=True)
class Decision:
    """Who may have the data; where that is not everybody, why, on which law, who decided, when it is reviewed."""

    access: str
    classification: str = Classification.NONE
    reason: str = ""
    legal_basis_ar: str = ""
    legal_basis_en: str = ""
    decided_by_role_ar: str = ""
    decided_by_role_en: str = ""
    decided_on: date | None = None
    review_on: date | None = None

    def columns(self) -> dict[str, Any]:
        """What is stored. Raises NotPossible, naming the field, for what is incomplete or contradicts itself."""
        if self.access == Access.OPEN:
            return self._open()
        self._check_known()
        for name, message in _NEEDED.items():
            if not getattr(self, name):
                raise NotPossible(message, name)
        assert self.decided_on is not None
        assert self.review_on is not None
        if self.decided_on > timezone.localdate():
            raise NotPossible(_("The day of the decision is still to come."), "decided_on")
        if self.review_on <= self.decided_on:
            raise NotPossible(_("The review has to be after the decision."), "review_on")
        return asdict(self)

    def _open(self) -> dict[str, Any]:
        if self.classification != Classification.NONE:
            raise NotPossible(_("What is classified is not open. Choose another access."), "classification")
        if self.reason:
            raise NotPossible(_("What is open needs no reason. Leave the reason empty, or choose another access."),
                              "reason")  # fmt: skip
        # What explained an earlier decision would contradict this one.
        return {**asdict(Decision(Access.OPEN)), "hidden_ground": ""}

    def _check_known(self) -> None:
        known = {"access": Access.values, "classification": Classification.values, "reason": ["", *Reason.values]}
        for name, values in known.items():
            if getattr(self, name) not in values:
                raise NotPossible(_("Choose one of the values offered."), name)


_NEEDED = {
    "reason": _("Say why it is not open."),
    "legal_basis_ar": _("Name the legal basis in Arabic."),
    "legal_basis_en": _("Name the legal basis in English."),
    "decided_by_role_ar": _("Say in Arabic in which job it was decided."),
    "decided_by_role_en": _("Say in English in which job it was decided."),
    "decided_on": _("Give the day of the decision."),
    "review_on": _("Give the day on which the decision is looked at again."),
}


@transaction.atomic
def assess(*, asset: Asset, by: Any, decision: Decision, revision: int | None = None) -> None:
    """Decide on classification and access, for the first time or again before anything follows from it.

    Raises NotPossible for an incomplete decision or one that comes too late, Conflict for another `revision`.
    """
    states = [State.INVENTORIED, State.ASSESSED]
    data = {"access": decision.access, "reason": decision.reason, "classification": decision.classification}
    _step(asset, "assessed", by=by, states=states, revision=revision, data=data, state=State.ASSESSED,
          assessed_at=timezone.now(), **decision.columns())  # fmt: skip


@transaction.atomic
def schedule(*, asset: Asset, by: Any, release_on: date, revision: int | None = None, on: date | None = None) -> None:
    """Set, or move, the day on which the data of an open asset is released; not before `on` (today)."""
    if release_on < (on or timezone.localdate()):
        raise NotPossible(_("This day is over. Choose a day to come."), "release_on")
    _step(asset, "scheduled", by=by, states=[State.ASSESSED, State.SCHEDULED], only=Q(access=Access.OPEN),
          refusal=_("It is not open: nothing of it is released."), revision=revision,
          data={"release_on": release_on.isoformat()}, state=State.SCHEDULED, release_on=release_on)  # fmt: skip


@transaction.atomic
def withhold(*, asset: Asset, by: Any, decision: Decision | None = None, revision: int | None = None) -> None:
    """Keep the data back, by the decision that stands or a new one; also to confirm what was looked at again.

    Raises NotPossible where the asset is open and no other decision is given.
    """
    if decision is None:
        _step(asset, "withheld", by=by, states=[State.ASSESSED], only=NOT_OPEN, revision=revision,
              refusal=_("It is open: give a reason to withhold it."), state=State.WITHHELD)  # fmt: skip
        return
    if decision.access == Access.OPEN:
        raise NotPossible(_("What is withheld is restricted or closed. Choose one of them."), "access")
    data = {"access": decision.access, "reason": decision.reason, "classification": decision.classification}
    _step(asset, "withheld", by=by, states=[State.ASSESSED, State.SCHEDULED, State.WITHHELD], revision=revision,
          data=data, state=State.WITHHELD, release_on=None, **decision.columns())  # fmt: skip


@transaction.atomic
def reopen(*, asset: Asset, by: Any, revision: int | None = None) -> None:
    """Take back that it is withheld or scheduled: it can be assessed anew. What was decided stays until then."""
    _step(asset, "reopened", by=by, states=[State.WITHHELD, State.SCHEDULED], revision=revision,
          state=State.ASSESSED, release_on=None)  # fmt: skip


@transaction.atomic
def redact_title(*, asset: Asset, by: Any, ground: str, revision: int | None = None) -> None:
    """Show the public neither title nor description, on a stated ground; only of what is not open."""
    if ground not in Ground.values:
        raise NotPossible(_("Choose a ground."), "ground")
    _step(asset, "title_hidden", by=by, states=State.values, only=NOT_OPEN, revision=revision,
          refusal=_("It is open: its title is public."), data={"ground": ground}, hidden_ground=ground)  # fmt: skip


@transaction.atomic
def show_title(*, asset: Asset, by: Any, revision: int | None = None) -> None:
    """Let the public read its title again."""
    _step(asset, "title_shown", by=by, states=State.values, only=~Q(hidden_ground=""), revision=revision,
          refusal=_("Its title is shown already."), hidden_ground="")  # fmt: skip


def _step(
    asset: Asset, verb: str, *, states: Sequence[str], revision: int | None, refusal: Any = None, **changes: Any
) -> None:
    """Do it, or say why not: changed by somebody else, in the wrong state, or `refusal`."""
    if change(asset, verb, states=states, revision=revision, **changes):
        return
    asset.refresh_from_db()
    if asset.state not in states:
        raise NotPossible(TOO_FAR[State(asset.state)])
    if revision is not None and asset.revision != revision:
        raise Conflict
    raise NotPossible(refusal)
