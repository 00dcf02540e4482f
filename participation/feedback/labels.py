"""Words for what is done to cases and for why one was held, for staff to read."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "case.submitted": _("Received"),
    "case.hold": _("No rule fits: to be routed by hand"),
    "case.release": _("Checked and released"),
    "case.route": _("Routed to a unit"),
    "case.claim": _("Claimed"),
    "case.assign": _("Assigned"),
    "case.note": _("Internal note"),
    "case.reply": _("News sent to the citizen"),
    "case.answer": _("Answered"),
    "case.ask": _("Question to the citizen"),
    "case.heard": _("The citizen wrote"),
    "case.hear": _("The citizen answered the question"),
    "case.refer": _("Referred to another authority"),
    "case.referral_accepted": _("The authority accepted the referral"),
    "case.take_back": _("Sent back by the authority"),
    "case.pass_on": _("The authority's answer passed on"),
    "case.close": _("Closed"),
    "case.rule_out": _("Out of scope"),
    "case.remove": _("Taken out of view"),
    "case.withdraw": _("Withdrawn by the citizen"),
    "case.reopen": _("Not solved: reopened"),
    "case.priority": _("Priority changed"),
    "case.safety_confirmed": _("Public safety confirmed"),
    "case.exported": _("Exported"),
    "case.contact_forgotten": _("Contact details removed"),
    "case.disposed": _("Text and files removed"),
}

SUSPICIONS = {
    "trap": _("A field hidden from people was filled in"),
    "speed": _("Sent within seconds of opening the page"),
    "many": _("Many messages from the same network"),
    "links": _("Contains many links"),
}
