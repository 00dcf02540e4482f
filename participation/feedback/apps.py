from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    name = "participation.feedback"
    label = "feedback"
    verbose_name = _("Feedback")

    def ready(self) -> None:
        from participation.feedback import desk  # noqa: F401 - registers the desk's panels
        from participation.feedback.labels import VERBS
        from participation.feedback.models import CaseAttachment
        from participation.feedback.open_figures import tables
        from participation.feedback.promises import CasePromises
        from participation.feedback.tool import TOOL
        from portal import agenda
        from portal.attachments import claims
        from portal.audit import labels
        from portal.clocks import registry
        from portal.figures import registry as figures

        agenda.register(TOOL)
        claims.register(lambda: CaseAttachment.objects.values("attachment"))
        figures.register(tables)
        registry.register(CasePromises())
        labels.register(VERBS)
