from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "participation.surveys"
    label = "surveys"
    verbose_name = _("Polls and surveys")

    def ready(self) -> None:
        from participation.surveys import agenda, labels, open_figures
        from portal.audit import labels as audit_labels
        from portal.figures import registry as figures

        audit_labels.register(labels.VERBS)
        figures.register(open_figures.tables)
        agenda.register()
