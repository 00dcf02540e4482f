"""How long answers to polls and surveys are kept. actions.destruction and actions.drafts do it: what goes has to be
counted, or handed over, first."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from participation.surveys.actions.drafts import IDLE
from participation.surveys.models import Questionnaire
from portal.retention.registry import Rule, Subject, register, register_subjects
from portal.retention.subjects import by_column

RAW_DAYS: int = Questionnaire._meta.get_field("keep_raw_days").default
QUESTIONNAIRE = "surveys.questionnaire"
OWN: dict[str, tuple[str, ...]] = {
    "organisations.unit": ("unit",),
    "organisations.organisation": ("unit__organisation", "on_behalf_of"),
}
OF_QUESTIONNAIRE = {QUESTIONNAIRE: ("questionnaire",)} | {
    kind: tuple(f"questionnaire__{path}" for path in paths) for kind, paths in OWN.items()
}
OF_BALLOT = {kind: tuple(f"ballot__{path}" for path in paths) for kind, paths in OF_QUESTIONNAIRE.items()}
YOUR_WISH = _("Taking part is your own free choice and has no effect on any service.")
CLOSING = _("the closing of the survey, unless its page gives another period")

ANSWERS = Rule(
    "surveys.answers", "surveys.answer", ("text", "number", "date"),
    title=_("Your single answers in a poll or survey"),
    purpose=_("To count them, and to check the count. Afterwards only totals are kept."),
    basis=YOUR_WISH, days=RAW_DAYS, counted_from=CLOSING, within=OF_BALLOT,
)  # fmt: skip
BALLOT = Rule(
    "surveys.ballot", "surveys.ballot", ("voter_key", "gender", "age_group", "governorate", "language"),
    title=_("What you told about yourself in a survey, and a code that keeps one person from answering twice"),
    purpose=_("To show results by group, and to count everybody once. The code cannot be turned back into a person."),
    basis=YOUR_WISH, days=RAW_DAYS, counted_from=CLOSING, within=OF_QUESTIONNAIRE,
)  # fmt: skip
DRAFT = Rule(
    "surveys.draft", "surveys.draft", ("answers", "grant"),
    title=_("Answers you saved to go on with later"),
    purpose=_("So that you need not begin again."),
    basis=YOUR_WISH, days=IDLE.days, counted_from=_("the last time you went on with them, at most until closing"),
    within=OF_QUESTIONNAIRE,
)  # fmt: skip
INVITATION = Rule(
    "surveys.invitation", "surveys.invitation", ("email", "email_index"),
    title=_("Your e-mail address, where you were invited to a survey"),
    purpose=_("To send you the invitation, once. Which answers are yours is not kept."),
    basis=_("The organisation that asks has your address and named you."),
    days=RAW_DAYS, counted_from=CLOSING, within=OF_QUESTIONNAIRE,
)  # fmt: skip
RECEIPT = Rule(
    "surveys.receipt", "surveys.handover", ("received_by",),
    title=_("Who received the answers at the organisation they were collected for"),
    purpose=_("To prove that the answers were handed over, and to whom."),
    basis=_("The receipt is a record of the office."),
    days=None, counted_from="", within=OF_QUESTIONNAIRE,
)  # fmt: skip
QUOTE = Rule(
    "surveys.quote", "surveys.quote", ("text",),
    title=_("Words from free answers that were published with the results"),
    purpose=_("To show what people meant."),
    basis=_("They were read before publication, and nothing in them tells who wrote them."),
    days=None, counted_from="",
)  # fmt: skip
HELD = Rule(
    "surveys.hold", QUESTIONNAIRE, ("legal_hold",),
    title=_("Why the answers of a survey are kept longer than planned"),
    purpose=_("So that answers needed in a dispute are not destroyed."),
    basis=_("A file number or an order, without names."),
    days=None, counted_from="", within=OWN,
)  # fmt: skip


def register_all() -> None:
    """Tell the registry."""
    register(ANSWERS, BALLOT, DRAFT, INVITATION, RECEIPT, QUOTE, HELD)
    named = by_column(QUESTIONNAIRE, "slug")
    register_subjects(Subject(QUESTIONNAIRE, _("Poll or survey"), _("the last part of its address"), **named))
