"""How long messages of citizens are kept, and what stays of them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from participation.feedback.actions.disposal import dispose_cases, forget_contact
from participation.feedback.emptied import NO_CONTACT
from participation.feedback.models import Case
from participation.feedback.states import State
from portal.references import read_reference
from portal.retention.registry import Rule, Subject, before, days, register, register_subjects
from portal.retention.subjects import by_column

CASE = "feedback.case"
CONTACT_DAYS = days("feedback.contact", 365)
TEXT_DAYS = days("feedback.text", 3 * 365)
REMOVED_DAYS = days("feedback.removed", 180)
OF_CASE = {CASE: "case", "organisations.unit": "case__unit", "organisations.organisation": "case__unit__organisation"}
TO_ANSWER = _("To understand and answer you, and to look again at what was answered.")
YOUR_WISH = _("You gave it of your own free will, so that you could be answered.")
FINISHED_DAY = _("the day your message was answered, closed or withdrawn")


def contacts_due(at: datetime) -> QuerySet[Case]:
    """Finished long enough ago, and still with a trace of the sender."""
    return Case.objects.disposable(before(at, CONTACT_DAYS)).exclude(**NO_CONTACT)


def texts_due(at: datetime) -> QuerySet[Case]:
    """Finished long enough ago to be disposed of whole."""
    return Case.objects.disposable(before(at, TEXT_DAYS))


def removed_due(at: datetime) -> QuerySet[Case]:
    """What was taken out of view is of use only while that may be questioned."""
    return Case.objects.disposable(before(at, REMOVED_DAYS)).filter(Q(state=State.REMOVED))


# A hold on an organisation keeps what was referred to it as well.
REFERRED = {"organisations.organisation": "referrals__authority"}
CONTACT = Rule(
    "feedback.contact", CASE, ("name", "email", "phone", "email_index", "phone_index", "fingerprint"),
    title=_("Your name, e-mail address and telephone number in a message to us"),
    purpose=_("To tell you what becomes of your message, and to find it when you ask."),
    basis=YOUR_WISH, days=CONTACT_DAYS, counted_from=FINISHED_DAY,
    within=REFERRED, due=contacts_due, dispose=forget_contact,
)  # fmt: skip
TEXT = Rule(
    "feedback.text", CASE, ("text", "secret_hash", "form_token", "safety_reason", "page", "search"),
    title=_("The text of your message and its tracking code"),
    purpose=TO_ANSWER, basis=YOUR_WISH, days=TEXT_DAYS, counted_from=FINISHED_DAY,
    within=REFERRED, due=texts_due, dispose=dispose_cases,
)  # fmt: skip
REMOVED = Rule(
    "feedback.removed", CASE, ("text",),
    title=_("Messages taken out of view for breaking the rules"),
    purpose=_("To be able to look again at the decision."),
    basis=_("Whoever is refused must be able to have it reviewed."),
    days=REMOVED_DAYS, counted_from=_("the day the message was taken out of view"),
    within=REFERRED, due=removed_due, dispose=dispose_cases,
)  # fmt: skip
THREAD = Rule(
    "feedback.thread", "feedback.message", ("text", "token"),
    title=_("What you and we wrote afterwards, and internal notes about it"),
    purpose=TO_ANSWER, basis=YOUR_WISH, days=TEXT_DAYS, counted_from=FINISHED_DAY, within=OF_CASE,
)  # fmt: skip
FILES = Rule(
    "feedback.files", "feedback.caseattachment", (),
    title=_("Files you sent with a message"),
    purpose=TO_ANSWER, basis=YOUR_WISH, days=TEXT_DAYS, counted_from=FINISHED_DAY, within=OF_CASE,
)  # fmt: skip
REFERRAL = Rule(
    "feedback.referral", "feedback.referral", ("text",),
    title=_("What we wrote to the authority that your message was referred to"),
    purpose=_("To follow up what the authority does with your message."),
    basis=YOUR_WISH, days=TEXT_DAYS, counted_from=FINISHED_DAY, within=OF_CASE,
)  # fmt: skip
RATING = Rule(
    "feedback.rating", "feedback.rating", ("comment",),
    title=_("What you wrote when you rated an answer"),
    purpose=_("To answer better. The number of stars stays in the statistics, without your words."),
    basis=YOUR_WISH, days=TEXT_DAYS, counted_from=FINISHED_DAY, within=OF_CASE,
)  # fmt: skip
COUNTED = Rule(
    "feedback.counted", CASE, ("reference",),
    title=_("That a message came: its number, kind, topic, governorate, unit and dates"),
    purpose=_("To publish how well promises are kept."),
    basis=_("Nothing in it tells who you are; public service statistics must stay comparable over the years."),
    days=None, counted_from="",
)  # fmt: skip


def find(text: str) -> int | None:
    """The key of the message with this reference, however it is typed."""
    reference = read_reference(text)
    return Case.objects.filter(reference=reference).values_list("pk", flat=True).first() if reference else None


def register_all() -> None:
    """Tell the registry."""
    register(CONTACT, TEXT, REMOVED, THREAD, FILES, REFERRAL, RATING, COUNTED)
    named = by_column(CASE, "reference") | {"find": find}
    register_subjects(
        Subject(CASE, pgettext_lazy("subject", "Message"), _("its reference"), may_go_early=True, **named)
    )
