from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentConfig(AppConfig):
    name = "policies.assessment"
    label = "assessment"
    verbose_name = _("E-transformation assessment")

    def ready(self) -> None:
        from policies.assessment import desk  # noqa: F401 - registers the desk's panel
        from policies.assessment.finding import FACTS, SECTION, SOURCE
        from policies.assessment.labels import VERBS
        from policies.assessment.open_figures import tables
        from portal import live_facts, site_map
        from portal.audit import labels
        from portal.figures import registry as figures
        from portal.search import registry as search

        labels.register(VERBS)
        search.register(SOURCE)
        site_map.register(SECTION)
        figures.register(tables)
        live_facts.register(*FACTS)
