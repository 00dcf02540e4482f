"""The buttons of an asset: for each step its words, its form, and the action behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from opendata.inventory.actions import steps
from opendata.inventory.staffside import verb_forms as forms


@dataclass(frozen=True)
class Verb:
    """`hint` is said before, `done` after."""

    key: str
    label: Any
    hint: Any
    done: Any
    perform: Callable[..., None]
    form: type[forms.VerbForm] = forms.VerbForm
    is_grave: bool = False


ORDER = [
    Verb(
        "assess",
        _("Assess"),
        _("Decide who may have the data. From then on the public reads of this data asset, open or not."),
        _("It is assessed. The public inventory lists it."),
        steps.assess,
        forms.AssessForm,
    ),
    Verb(
        "schedule",
        _("Set the day of release"),
        _("The public reads the day in the schedule; once it is over, it is marked late until the data is published."),
        _("The day is in the public schedule."),
        steps.schedule,
        forms.ScheduleForm,
    ),
    Verb(
        "withhold",
        _("Withhold"),
        _("The data is kept back. The public reads the reason, the legal basis and who decided, and may ask for it."),
        _("It is withheld. The reasons are public."),
        steps.withhold,
        forms.WithholdForm,
        is_grave=True,
    ),
    Verb(
        "confirm",
        _("Confirm or change the decision"),
        _("The decision was looked at again: give the day of the next review. What you change, the public reads."),
        _("The decision stands; the day of its next review is public."),
        steps.withhold,
        forms.WithholdForm,
    ),
    Verb(
        "reopen",
        _("Reopen"),
        _("It can be assessed anew. What was decided stays public until then; a planned day is given up."),
        _("It can be assessed anew."),
        steps.reopen,
    ),
    Verb(
        "redact_title",
        _("Hide the title"),
        _("The public reads neither title nor description, only the ground. Everything else stays public."),
        _("Its title is no longer public."),
        steps.redact_title,
        forms.RedactForm,
        is_grave=True,
    ),
    Verb(
        "show_title",
        _("Show the title"),
        _("The public reads its title and description again."),
        _("Its title is public."),
        steps.show_title,
    ),
]
VERBS = {verb.key: verb for verb in ORDER}
