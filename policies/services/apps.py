from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ServicesConfig(AppConfig):
    name = "policies.services"
    label = "services"
    verbose_name = _("Services")

    def ready(self) -> None:
        from policies.services import desk  # noqa: F401 - registers the desk's panel
        from policies.services.facts import FACTS
        from policies.services.finding import SECTION, SOURCE
        from policies.services.labels import VERBS
        from policies.services.open_figures import tables
        from portal import live_facts, site_map
        from portal.audit import labels
        from portal.figures import registry as figures
        from portal.search import registry as search

        labels.register(VERBS)
        search.register(SOURCE)
        site_map.register(SECTION)
        figures.register(tables)
        live_facts.register(*FACTS)
