from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "participation.surveys"
    label = "surveys"
    verbose_name = _("Polls and surveys")

    def ready(self) -> None:
        from participation.surveys import agenda, documents, labels, open_figures, retention
        from portal import cookies, site_map
        from portal.audit import labels as audit_labels
        from portal.figures import registry as figures
        from portal.search import registry as search

        audit_labels.register(labels.VERBS)
        figures.register(open_figures.tables)
        agenda.register()
        retention.register_all()
        cookies.register(
            cookies.Cookie(
                "voter",
                _("Lets each browser answer a poll or survey once, without asking who you are."),
                _("When you vote or send a survey, never before."),
                _("two years"),
            )
        )
        site_map.register(documents.SECTION)
        for source in documents.SOURCES:
            search.register(source)
