from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutcomesConfig(AppConfig):
    name = "participation.outcomes"
    label = "outcomes"
    verbose_name = _("Outcomes")

    def ready(self) -> None:
        from participation.outcomes import desk  # noqa: F401 - registers the desk's panel
        from participation.outcomes.agenda import TOOL, outcomes_of
        from participation.outcomes.documents import SECTION, SOURCE
        from participation.outcomes.feeds import TOPIC
        from participation.outcomes.labels import VERBS
        from portal import agenda, site_map
        from portal.audit import labels
        from portal.feeds import registry
        from portal.search import registry as search

        agenda.register(TOOL)
        agenda.register_outcomes(outcomes_of)
        labels.register(VERBS)
        registry.register(TOPIC)
        search.register(SOURCE)
        site_map.register(SECTION)
