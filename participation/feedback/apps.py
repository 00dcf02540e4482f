from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    name = "participation.feedback"
    label = "feedback"
    verbose_name = _("Feedback")

    def ready(self) -> None:
        from participation.feedback import desk, retention  # noqa: F401 - desk registers its panels
        from participation.feedback.from_elsewhere import receive
        from participation.feedback.labels import VERBS
        from participation.feedback.levels import BARRIER_LEVEL
        from participation.feedback.models import CaseAttachment
        from participation.feedback.open_figures import tables
        from participation.feedback.promises import CasePromises
        from participation.feedback.tool import TOOL
        from portal import agenda, intake, live_facts
        from portal.attachments import claims
        from portal.audit import labels
        from portal.clocks import registry
        from portal.figures import registry as figures

        agenda.register(TOOL)
        claims.register(lambda: CaseAttachment.objects.values("attachment"))
        figures.register(tables)
        intake.register(receive)
        live_facts.register(BARRIER_LEVEL)
        registry.register(CasePromises())
        labels.register(VERBS)
        retention.register_all()
