"""What each figure is called and what it means, in the order in which tables show them."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Column(NamedTuple):
    """A figure: its name in `published`, its type as portal.figures.registry knows types, and its words."""

    name: str
    type: str
    title: Any
    description: Any = ""


_JUDGED = _("Per cent: on time or excused.")
_EXCUSED = _("After the first due time, but a closure announced since has moved it.")
_HOURS = _("Working hours by the unit's calendar, without pauses.")
_WITH_PAUSES = _("Working hours by the unit's calendar, from beginning to end.")
_APART = _("Counted in no other figure.")

COLUMNS = [
    Column("month", "month", _("Month"), _("Of Oman's calendar; every act counts in the month in which it happened.")),
    Column("unit", "text", _("Unit code")),
    Column("unit_name_ar", "text", _("Unit in Arabic")),
    Column("unit_name_en", "text", _("Unit in English")),
    Column("received", "integer", _("Messages received"),
           _("Without those withdrawn, out of scope or taken out of view.")),
    Column("acknowledged", "integer", _("Acknowledged"), _("Reached a unit, and their senders were told.")),
    Column("first_replies", "integer", _("First replies"), _("Also those after a message was reopened.")),
    Column("replies_within", "number", _("First replies within promise"), _JUDGED),
    Column("replies_on_time", "integer", _("First replies on time")),
    Column("replies_excused", "integer", _("First replies excused"), _EXCUSED),
    Column("replies_late", "integer", _("First replies late")),
    Column("reply_median", "number", _("Median hours to the first reply"), _HOURS),
    Column("reply_p90", "number", _("Hours to nine in ten first replies"), _HOURS),
    Column("reply_median_with_pauses", "number", _("Median hours to the first reply, with pauses"), _WITH_PAUSES),
    Column("reply_p90_with_pauses", "number", _("Hours to nine in ten first replies, with pauses"), _WITH_PAUSES),
    Column("resolutions", "integer", _("Settled"), _("Answered for good or closed; also after a reopening.")),
    Column("resolutions_within", "number", _("Settled within promise"), _JUDGED),
    Column("resolutions_on_time", "integer", _("Settled on time")),
    Column("resolutions_excused", "integer", _("Settled, excused"), _EXCUSED),
    Column("resolutions_late", "integer", _("Settled late")),
    Column("resolution_median", "number", _("Median hours to settlement"), _HOURS),
    Column("resolution_p90", "number", _("Hours to nine in ten settlements"), _HOURS),
    Column("resolution_median_with_pauses", "number", _("Median hours to settlement, with pauses"), _WITH_PAUSES),
    Column("resolution_p90_with_pauses", "number", _("Hours to nine in ten settlements, with pauses"), _WITH_PAUSES),
    Column("paused", "integer", _("Settled after a pause")),
    Column("paused_total", "number", _("Paused hours"), _("All pauses of the messages settled, in working hours.")),
    Column("paused_median", "number", _("Median paused hours"), _("Of those settled after a pause.")),
    Column("paused_citizen", "number", _("Paused hours: waiting for the sender")),
    Column("paused_referral", "number", _("Paused hours: with another authority")),
    Column("paused_incident", "number", _("Paused hours: problem with the portal")),
    Column("reopened", "integer", _("Reopened"), _("Their senders said they were not solved.")),
    Column("backlog", "integer", _("Open at the end of the month")),
    Column("backlog_late", "integer", _("Open and late"), _("A promise was missed and is still owed.")),
    Column("backlog_paused", "integer", _("Open and paused"), _("Stood still when the month ended.")),
    Column("ratings", "integer", _("Ratings")),
    Column("satisfaction", "number", _("Satisfaction, from 1 to 5"), _("Mean of the ratings people gave to answers.")),
    Column("jumps", "integer", _("Answered out of turn"), _("Corrections answered before older ones.")),
    Column("safety_first", "integer", _("First for public safety"),
           _("Corrections put first, as public safety was at stake.")),
    Column("withdrawn", "integer", _("Withdrawn"), _APART),
    Column("out_of_scope", "integer", _("Out of scope"), _APART),
    Column("removed", "integer", _("Taken out of view"), _APART),
    Column("withheld", "text", _("Withheld"), _("What is left empty because it rests on too few messages.")),
    Column("status", "text", _("Status"), _("Provisional figures are counted again; final ones never change.")),
]  # fmt: skip
TITLES = {column.name: column.title for column in COLUMNS}


class Group(NamedTuple):
    """Figures that stand under one heading, each with what it is called there; "" for figures that stand alone."""

    title: Any
    columns: tuple[tuple[str, Any], ...]


_ALL = pgettext_lazy("figures", "All")
_RECEIVED = pgettext_lazy("messages", "Received")
_KEPT = pgettext_lazy("promise", "Kept")
_MEDIAN = _("Median")
_NINE_IN_TEN = _("Nine in ten")
_LATE = pgettext_lazy("open messages", "Late")


def _promise(title: Any, count: str, judged: str) -> Group:
    return Group(
        title,
        (
            (count, _ALL),
            (f"{judged}_within", _KEPT),
            (f"{judged}_on_time", pgettext_lazy("promise", "On time")),
            (f"{judged}_excused", pgettext_lazy("promise", "Excused")),
            (f"{judged}_late", pgettext_lazy("promise", "Late")),
        ),
    )


def _hours(title: Any, name: str, ending: str = "") -> Group:
    return Group(title, ((f"{name}_median{ending}", _MEDIAN), (f"{name}_p90{ending}", _NINE_IN_TEN)))


def _alone(*names: str) -> Group:
    return Group("", tuple((name, TITLES[name]) for name in names))


PROMISES = (
    _promise(_("First replies"), "first_replies", "replies"),
    _promise(_("Settled"), "resolutions", "resolutions"),
)
HOURS = (
    _hours(_("Hours to the first reply"), "reply"),
    _hours(_("Hours to the first reply, with pauses"), "reply", "_with_pauses"),
    _hours(_("Hours to settlement"), "resolution"),
    _hours(_("Hours to settlement, with pauses"), "resolution", "_with_pauses"),
)
PAUSES = (
    _alone("paused"),
    Group(_("Paused hours"), (("paused_total", _ALL), ("paused_median", _MEDIAN))),
    Group(
        _("Paused hours, by reason"),
        (
            ("paused_citizen", _("Waiting for sender")),
            ("paused_referral", _("Other authority")),
            ("paused_incident", _("Portal problem")),
        ),
    ),
)
MESSAGES = (
    Group("", (("received", _RECEIVED), *_alone("acknowledged", "reopened").columns)),
    Group(
        _("Open at the end of the month"),
        (("backlog", _ALL), ("backlog_late", _LATE), ("backlog_paused", pgettext_lazy("open messages", "Paused"))),
    ),
    _alone("withdrawn", "out_of_scope", "removed"),
)
TURN = (_alone("satisfaction", "ratings", "jumps", "safety_first"),)
UNITS_PROMISES = (
    Group(_("First replies"), (("first_replies", _ALL), ("replies_within", _KEPT))),
    _hours(_("Hours to the first reply"), "reply"),
    Group(_("Settled"), (("resolutions", _ALL), ("resolutions_within", _KEPT))),
    _hours(_("Hours to settlement"), "resolution"),
    Group("", (("resolution_median_with_pauses", _("Median with pauses")),)),
)
UNITS_MESSAGES = (
    Group("", (("received", _RECEIVED), *_alone("reopened").columns)),
    MESSAGES[1],
    Group("", (("satisfaction", pgettext_lazy("figures", "Satisfaction")), *_alone("ratings", "jumps").columns)),
)
