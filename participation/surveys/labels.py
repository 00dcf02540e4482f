"""Words for what is done to questionnaires, for staff to read."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "questionnaire.created": _("Questionnaire made"),
    "questionnaire.edited": _("Questionnaire changed"),
    "questionnaire.copied": _("Questionnaire copied"),
    "questionnaire.scheduled": _("Questionnaire scheduled"),
    "questionnaire.withdrawn": _("Questionnaire withdrawn"),
    "questionnaire.counted": _("Answers counted"),
    "questionnaire.early_look": _("Results looked at before closing"),
    "questionnaire.findings": _("Findings published"),
    "questionnaire.handed_over": _("Single answers handed over"),
    "questionnaire.received": _("Receipt of the hand-over"),
    "questionnaire.destroyed": _("Single answers destroyed"),
    "questionnaire.invited": _("People invited"),
    "questionnaire.reminded": _("Reminder of a missing outcome"),
    "questionnaire.answers_read": _("Single answers read"),
    "questionnaire.exported": _("Single answers exported"),
    "questionnaire.quoted": _("Free words published"),
    "questionnaire.unquoted": _("Free words taken back"),
}
